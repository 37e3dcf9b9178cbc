"""A switch calls by AudioSocket (ivr/media/audiosocket.py)."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Awaitable, Callable
from random import Random
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from ivr.line import Heard, Key, Line, Sound
from tests.ivr.media.audiosocket_switch import PATIENCE, SILENT, Switch, answering, deaf, frame

SPEECH = array("h", (1000 + n for n in range(160 * 10))).tobytes()
"""Ten frames, no two of them alike."""


async def all_of(line: Line) -> list[Heard]:
    return [heard async for heard in line.heard()]


def pcm(heard: list[Heard]) -> bytes:
    return b"".join(each.pcm for each in heard if isinstance(each, Sound))


def keys(heard: list[Heard]) -> str:
    return "".join(each.name for each in heard if isinstance(each, Key))


class Listening:
    """Hears until the caller hangs up, and says `speech` meanwhile."""

    def __init__(self, speech: bytes = b"") -> None:
        self.speech = speech
        self.calls: list[UUID] = []
        self.heard: list[Heard] = []

    async def __call__(self, call: UUID, line: Line) -> None:
        self.calls.append(call)
        line.say(self.speech)
        self.heard += await all_of(line)


async def test_whose_call_it_is_comes_a_byte_at_a_time() -> None:
    listening = Listening()
    async with answering(listening) as server:
        async with Switch(server) as switch:
            for byte in frame(0x01, switch.call.bytes) + frame(0x03, b"4"):
                await switch.send(bytes((byte,)))
            await switch.frames(2)

        assert listening.calls == [switch.call]

    assert listening.heard == [Key("4")]


@pytest.mark.parametrize("size", [1, 2, 160, 314, 320, 321, 480, 640, 4001])
async def test_payloads_of_any_size_are_heard_whole(size: int) -> None:
    listening = Listening()
    async with answering(listening) as server, Switch(server) as switch:
        await switch.identify()
        await switch.send(
            *(frame(0x10, SPEECH[n : n + size]) for n in range(0, len(SPEECH), size)),
        )
        await switch.frames(1)

    assert pcm(listening.heard) == SPEECH


@pytest.mark.parametrize("kind", range(0x10, 0x19))
async def test_every_rate_becomes_8000(kind: int) -> None:
    rate = (8000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000)[kind - 0x10]
    listening = Listening()
    async with answering(listening) as server, Switch(server) as switch:
        await switch.identify()
        await switch.send(*(frame(kind, bytes(rate // 50 * 2)) for _ in range(50)))
        await switch.frames(1)

    assert abs(len(pcm(listening.heard)) - 16_000) <= 2


async def test_keys_stand_between_the_sounds_and_unknown_kinds_do_no_harm() -> None:
    listening = Listening()
    async with answering(listening) as server, Switch(server) as switch:
        await switch.identify()
        await switch.send(
            *(frame(0x10, b"\1\1"), frame(0x03, b"*"), frame(0x42, b"later"), frame(0x10)),
            *(frame(0x10, b"\2\2"), frame(0x03, b"!"), frame(0x03, b"#")),
        )
        await switch.frames(1)

    assert listening.heard == [Sound(b"\1\1"), Key("*"), Sound(b"\2\2"), Key("#")]


async def test_what_is_said_is_heard_then_silence_though_the_caller_sends_nothing() -> None:
    async with answering(Listening(SPEECH + b"\1\2")) as server, Switch(server) as switch:
        await switch.identify()
        heard = await switch.speech(14)

    assert b"".join(heard[:10]) == SPEECH
    assert heard[10] == b"\1\2" + bytes(318)
    assert heard[11:] == [SILENT] * 3


async def test_no_frame_comes_early() -> None:
    async with answering(Listening(SPEECH)) as server, Switch(server) as switch:
        await switch.identify()
        await switch.frames(40)

        # After a stall of this test, up to three come together.
        assert switch.at[39] - switch.at[0] > (40 - 3) * 0.02


async def test_said_when_the_last_frame_has_gone() -> None:
    said = asyncio.Event()

    async def answer(_: UUID, line: Line) -> None:
        await line.said()
        line.say(SPEECH)
        line.say(SPEECH)
        await line.said()
        said.set()
        await all_of(line)

    async with answering(answer) as server, Switch(server) as switch:
        await switch.identify()
        await asyncio.wait_for(said.wait(), PATIENCE)
        assert len(switch.heard) < 30
        before = switch.said
        heard = await switch.speech(21)

    # Of what was sent, the last may still be on its way.
    assert len(before) >= len(SPEECH) * 2 - 3 * len(SILENT)
    assert heard == [SPEECH[n : n + 320] for n in range(0, 3200, 320)] * 2 + [SILENT]


async def test_hushed_at_once() -> None:
    async def answer(_: UUID, line: Line) -> None:
        line.say(SPEECH * 100)
        heard = line.heard()
        assert await anext(heard) == Key("1")
        line.hush()
        await line.said()
        line.say(b"\7\7" * 160)
        async for _each in heard:
            pass

    async with answering(answer) as server, Switch(server) as switch:
        await switch.identify()
        await switch.frames(3)
        await switch.send(frame(0x03, b"1"))
        pressed = len(switch.heard)
        async with asyncio.timeout(PATIENCE):
            while b"\7\7" not in switch.heard[-1]:
                await switch.frames(len(switch.heard) + 1)

        # Those that were on their way.
        assert len(switch.heard) - pressed < 10


async def test_we_hang_up_after_the_last_word() -> None:
    async def answer(_: UUID, line: Line) -> None:
        line.say(SPEECH)
        await line.hang_up()
        await line.hang_up()
        line.say(SPEECH)
        await line.said()
        assert await all_of(line) == []

    async with answering(answer) as server, Switch(server) as switch:
        await switch.identify()
        await switch.gone()

    assert switch.hung_up
    assert switch.said == SPEECH


async def test_a_switch_that_does_not_close_is_left() -> None:
    async with answering(_silent) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(frame(0x01, uuid4().bytes) + frame(0x10, bytes(320)))
        assert (await asyncio.wait_for(reader.read(), PATIENCE)).endswith(frame(0x00))
        await asyncio.wait_for(server.close(), PATIENCE)
        writer.close()


async def _silent(_: UUID, line: Line) -> None:
    """Returns at once, which hangs up."""


@pytest.mark.parametrize("sent", [frame(0x00), frame(0xFF), frame(0xFF, b"\x01"), b""])
async def test_the_caller_hangs_up(sent: bytes) -> None:
    """Asterisk closes; the frames are in its protocol all the same."""
    listening, ended = Listening(SPEECH * 100), asyncio.Event()

    async def answer(call: UUID, line: Line) -> None:
        await listening(call, line)
        await line.said()
        await line.hang_up()
        line.say(SPEECH)
        line.hush()
        ended.set()

    async with answering(answer) as server, Switch(server) as switch:
        await switch.identify()
        await switch.send(frame(0x03, b"5"))
        await switch.frames(2)
        if sent:
            await switch.send(sent, frame(0x03, b"1"))
            await switch.gone()
        else:
            await switch.end()
        await asyncio.wait_for(ended.wait(), PATIENCE)

    assert listening.heard == [Key("5")]
    assert not switch.hung_up


async def test_what_was_heard_before_the_hang_up_is_still_heard() -> None:
    """The dialogue may be storing something when it comes."""
    listening, ended = Listening(), asyncio.Event()
    go_on = asyncio.Event()

    async def answer(call: UUID, line: Line) -> None:
        await go_on.wait()
        await listening(call, line)
        ended.set()

    async with answering(answer) as server, Switch(server) as switch:
        await switch.identify()
        await switch.send(frame(0x10, SPEECH), frame(0x03, b"2"))
        await switch.frames(1)
        await switch.end()
        go_on.set()
        await asyncio.wait_for(ended.wait(), PATIENCE)

    assert listening.heard == [Sound(SPEECH), Key("2")]


@pytest.mark.parametrize(
    "begin", [b"", frame(0x01, bytes(range(16)))[:7], frame(0x01, bytes(range(16)))[:2]]
)
async def test_an_end_before_it_begins(begin: bytes) -> None:
    listening = Listening()
    async with answering(listening) as server, Switch(server) as switch:
        await switch.send(begin)
        await switch.end()

    assert listening.calls == []


@pytest.mark.parametrize(
    "begin",
    [
        *(frame(0x10, bytes(320)), frame(0x03, b"5"), frame(0x00), frame(0xFF)),
        *(frame(0x01, b"short"), frame(0x01, bytes(16)) * 2, b"\x03\x00\x02"),
    ],
)
async def test_what_is_no_call_is_closed(begin: bytes) -> None:
    async with answering(Listening()) as server, Switch(server) as switch:
        await switch.send(begin, frame(0x03, b"12"))
        await switch.gone()

    assert not switch.hung_up


async def test_who_does_not_say_whose_call_it_is_has_little_time() -> None:
    with capture_logs() as lines:
        async with answering(Listening(), patience=0.05) as server, Switch(server) as switch:
            await switch.send(b"GET / HTTP/1.1\r\n\r\n")
            await switch.gone()

    assert lines == [{"event": "audiosocket_refused", "why": "no_id", "log_level": "warning"}]


async def test_once_it_has_said_it_the_time_does_not_run() -> None:
    async with answering(Listening(), patience=0.05) as server, Switch(server) as switch:
        await switch.identify()
        await switch.frames(10)


async def test_there_may_be_so_many_and_no_more() -> None:
    async with answering(Listening(), most=2) as server:
        async with Switch(server) as first, Switch(server) as second:
            await first.identify()
            await first.frames(1)
            async with Switch(server) as third:
                await third.gone()
            await second.identify()
            await second.frames(1)
        async with Switch(server) as fourth:
            await fourth.identify()
            await fourth.frames(1)


async def test_a_fault_ends_its_own_call_only() -> None:
    listening = Listening(SPEECH)

    async def answer(call: UUID, line: Line) -> None:
        line.say(SPEECH * 1000)
        if not call.int:
            raise ZeroDivisionError
        line.hush()
        await listening(call, line)

    with capture_logs() as lines:
        async with answering(answer) as server, Switch(server) as good:
            await good.identify()
            await good.frames(1)
            async with Switch(server, UUID(int=0)) as bad:
                await bad.identify()
                await bad.gone()
            await good.frames(len(good.heard) + 12)

    assert bad.hung_up
    assert good.said == SPEECH
    assert [(line["event"], line.get("handover")) for line in lines] == [
        ("call_failed", str(UUID(int=0)))
    ]


async def test_a_peer_that_does_not_read_is_left() -> None:
    listening, ended = Listening(), asyncio.Event()

    async def answer(call: UUID, line: Line) -> None:
        await listening(call, line)
        ended.set()

    async with answering(answer) as server:
        call = uuid4()
        with capture_logs() as lines, deaf(server, call):
            await asyncio.wait_for(ended.wait(), PATIENCE)

    assert [line["event"] for line in lines] == ["audiosocket_not_read"]


async def _waits_for_said(line: Line) -> None:
    await line.said()


async def _hangs_up(line: Line) -> None:
    await line.hang_up()


async def _hears(line: Line) -> None:
    await all_of(line)


async def _is_deep_in_thought(_: Line) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("doing", [_waits_for_said, _hangs_up, _hears])
async def test_closing_hangs_up(doing: Callable[[Line], Awaitable[None]]) -> None:
    went_on = asyncio.Event()

    async def answer(_: UUID, line: Line) -> None:
        line.say(SPEECH * 1000)
        await doing(line)
        went_on.set()

    async with answering(answer) as server, Switch(server) as switch, Switch(server) as early:
        await switch.identify()
        await switch.frames(2)
        await server.close()
        await switch.gone()
        await early.gone()

    assert switch.hung_up
    assert went_on.is_set()


async def test_closing_does_not_wait_for_ever() -> None:
    async def answer(_: UUID, line: Line) -> None:
        await _is_deep_in_thought(line)

    async with answering(answer, last_words=0.05) as server, Switch(server) as switch:
        await switch.identify()
        await switch.frames(2)
        await server.close()
        await switch.gone()


async def test_closing_does_not_wait_for_a_switch_that_does_not_close() -> None:
    async with answering(Listening(), last_words=0.05) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(frame(0x01, uuid4().bytes))
        assert await reader.readexactly(323) == frame(0x10, SILENT)
        await asyncio.wait_for(server.close(), PATIENCE)
        writer.close()


async def test_random_bytes_do_no_harm() -> None:
    random, listening = Random(5), Listening(SPEECH)  # noqa: S311 - the same each time
    async with answering(listening) as server:
        for n in range(100):
            async with Switch(server) as switch:
                try:
                    if n % 2:
                        await switch.identify()
                    await switch.send(random.randbytes(random.randrange(1, 5000)))
                except ConnectionError:
                    continue
        async with Switch(server) as switch:
            await switch.identify()
            await switch.frames(11)

    assert switch.said == SPEECH
    assert len(listening.calls) >= 50
