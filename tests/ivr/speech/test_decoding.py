"""A recording as sound: every format, and what is none (ivr/speech/decoding.py)."""

from __future__ import annotations

import asyncio
import struct
from array import array
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.speech.decoding import LARGEST, LONGEST, NotAudio, TooLong, decoded

RECORDINGS = Path(__file__).parent.parent / "recordings"
PCM, ALAW, ADPCM = 1, 6, 2


def recording(name: str) -> bytes:
    return (RECORDINGS / name).read_bytes()


def wav(data: bytes, *, coding: int = ALAW, rate: int = 8000, channels: int = 1) -> bytes:
    bits = 16 if coding == PCM else 8
    width = channels * bits // 8
    form = struct.pack("<HHIIHH", coding, channels, rate, rate * width, width, bits)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def seconds(pcm: bytes, rate: int = 8000) -> float:
    return len(pcm) / 2 / rate


def loudest(pcm: bytes) -> int:
    return max(map(abs, array("h", pcm)))


@pytest.mark.parametrize("name", sorted(file.name for file in RECORDINGS.iterdir()))
async def test_every_format_is_sound(name: str) -> None:
    pcm = await decoded(recording(name))

    assert 1 < seconds(pcm) < 4
    assert loudest(pcm) > 500


async def test_the_rate_is_the_callers() -> None:
    recorded = recording("very-satisfied.amr")

    at_8000, at_16000 = await decoded(recorded), await decoded(recorded, 16000)

    assert seconds(at_16000, 16000) == pytest.approx(seconds(at_8000), abs=0.01)


async def test_stereo_is_made_one() -> None:
    left_and_right = struct.pack("<hh", 8000, 4000) * 8000

    pcm = await decoded(wav(left_and_right, coding=PCM, channels=2))

    assert seconds(pcm) == 1
    assert loudest(pcm) == pytest.approx(6000, abs=10)


async def test_what_is_cut_off_is_heard_as_far_as_it_goes() -> None:
    whole = recording("dissatisfied-waited.amr")

    pcm = await decoded(whole[: len(whole) // 2])

    assert seconds(pcm) == pytest.approx(seconds(await decoded(whole)) / 2, abs=0.1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"\xff",
        "满意".encode(),
        b"\x02#!SILK_V3" + bytes(400),
        recording("satisfied.speex")[200:],
        b"#!AMR\n",
        b"#!AMR\n" + b"\xff" * 100,
        b"OggS" + bytes(400),
        b"ID3" + bytes(400),
        b"\xff\xfb" + bytes(400),
        wav(b""),
        wav(bytes(8000), coding=ADPCM),
        wav(bytes(8000), coding=0x1234),
        wav(bytes(8000), rate=0),
        wav(bytes(8000), channels=0),
        wav(bytes(8000))[:30],
    ],
)
async def test_what_is_no_audio_is_refused(content: bytes) -> None:
    with pytest.raises(NotAudio, match="录音"):
        await decoded(content)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([b"", b"#!AMR\n", b"#!AMR-WB\n", b"OggS", b"ID3", b"\xff\xfb", wav(b"")]),
    st.binary(max_size=2000),
)
def test_any_bytes_are_sound_or_refused(beginning: bytes, rest: bytes) -> None:
    with suppress(NotAudio, TooLong), asyncio.Runner() as runner:
        assert seconds(runner.run(decoded(beginning + rest))) <= LONGEST


async def test_a_recording_has_two_minutes() -> None:
    assert seconds(await decoded(wav(bytes(120 * 8000)))) == 120
    with pytest.raises(TooLong, match="两分钟"):
        await decoded(wav(bytes(121 * 8000)))


async def test_little_that_unpacks_to_much_is_stopped_early() -> None:
    # AMR takes 13 bytes for 20 ms: three hours and a half.
    with pytest.raises(TooLong):
        await decoded(b"#!AMR\n" + (b"\x04" + bytes(12)) * 640_000)


async def test_amr_with_comfort_noise_is_heard_without_it() -> None:
    speech, silence = recording("very-satisfied.amr"), b"\x44" + bytes(5)

    pcm = await decoded(speech + silence * 1000)

    assert seconds(pcm) == pytest.approx(seconds(await decoded(speech)), abs=0.1)


async def test_a_large_file_is_not_even_looked_at() -> None:
    with pytest.raises(TooLong, match="8MB"):
        await decoded(bytes(LARGEST + 1))


@pytest.mark.parametrize(
    "pointing",
    [
        "#EXTM3U\n#EXTINF:1,\n{url}\n",
        "ffconcat version 1.0\nfile '{url}'\n",
        "ID3#EXTM3U\n#EXTINF:1,\n{url}\n",
        "OggS#EXTM3U\n#EXTINF:1,\n{url}\n",
        "#!AMR\n#EXTM3U\n#EXTINF:1,\n{url}\n",
        "v=0\nm=audio 5004 RTP/AVP 0\nc=IN IP4 127.0.0.1\na=control:{url}\n",
    ],
)
async def test_a_list_of_addresses_opens_none(pointing: str) -> None:
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=recording("one-star.mp3"))

    inside = web.Application()
    inside.router.add_get("/{tail:.*}", answer)
    async with TestServer(inside) as server:
        # Some of the bytes pass for sound, in a format so plain.
        with suppress(NotAudio):
            await decoded(pointing.format(url=server.make_url("/secret.mp3")).encode())

    assert asked == []


async def test_patience_ends() -> None:
    with pytest.raises(NotAudio):
        await decoded(recording("one-star.mp3"), patience=0)
    assert not ffmpegs()


async def test_nothing_goes_on_for_one_who_has_left() -> None:
    task = asyncio.create_task(decoded(wav(bytes(100 * 48000), rate=48000)))
    await until(ffmpegs)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not ffmpegs()


async def until(so: Callable[[], object]) -> None:
    while not so():  # noqa: ASYNC110 - nobody tells when a process is there.
        await asyncio.sleep(0)


def ffmpegs() -> list[str]:
    """Of this process, as they run."""
    found = []
    for children in Path("/proc/self/task").glob("*/children"):
        for process in children.read_text().split():
            with suppress(OSError):
                name = Path(f"/proc/{process}/comm").read_text()
                if name.startswith("ffmpeg"):
                    found.append(process)
    return found
