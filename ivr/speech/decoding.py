"""A recording as sound that a recogniser takes: 16-bit mono PCM.

ffmpeg (from a wheel) reads the recording from a pipe and writes a WAV file into another one, pydub
takes it from there. What a recording is, its first bytes say; ffmpeg is told so and may not look
for itself, nor open anything but its pipes: some formats are lists of further addresses to open.
"""

from __future__ import annotations

import asyncio
import warnings
from asyncio.subprocess import PIPE
from io import BytesIO
from typing import Final

from imageio_ffmpeg import get_ffmpeg_exe

from models.refusals import Invalid

with warnings.catch_warnings():
    # It warns that it finds no ffmpeg, which it does not need here, and of its use of audioop.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

LARGEST: Final = 8 * 1024 * 1024
"""Bytes, as for any attachment."""
LONGEST: Final = 120.0
"""Seconds of sound."""
PATIENCE: Final = 15.0
"""Seconds ffmpeg is given. Two minutes of any of these formats take it less than one."""


class NotAudio(Invalid):
    """Nothing that can be listened to."""

    code = "not_audio"


class TooLong(Invalid):
    """More than LONGEST seconds or LARGEST bytes."""

    code = "recording_too_long"


async def decoded(recording: bytes, rate: int = 8000, *, patience: float = PATIENCE) -> bytes:
    """`recording`: AMR-NB, AMR-WB, Ogg with Speex, Opus or Vorbis, MP3, WAV with PCM or G.711;
    `rate`: samples a second of the PCM that comes back. Raises NotAudio, for SILK and for Speex
    without Ogg around it too, and TooLong."""
    if len(recording) > LARGEST:
        raise TooLong("录音文件太大了，请不要超过8MB")
    container = _container(recording)
    try:
        async with asyncio.timeout(patience):
            wav = await _wav(recording, rate, container)
    except TimeoutError:
        raise NotAudio(_UNREADABLE) from None
    sound = AudioSegment.from_file(BytesIO(wav), format="wav")
    if sound.duration_seconds > LONGEST:
        raise TooLong("录音太长了，请控制在两分钟以内")
    if not sound.raw_data:
        raise NotAudio("录音里没有声音，请重新录一段")
    return bytes(sound.raw_data)


def _container(recording: bytes) -> str:
    """What ffmpeg calls it."""
    if recording.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "amr"
    if recording.startswith(b"OggS"):
        return "ogg"
    if recording.startswith(b"RIFF") and recording[8:12] == b"WAVE":
        return "wav"
    # MP3 with or without a tag: eleven bits set, then a version and layer III.
    if recording.startswith(b"ID3") or (
        recording[:1] == b"\xff" and recording[1:2] and recording[1] & 0xE6 == 0xE2
    ):
        return "mp3"
    raise NotAudio("这段录音的格式无法识别，请发AMR、MP3、OGG或WAV格式的录音")


async def _wav(recording: bytes, rate: int, container: str) -> bytes:
    ffmpeg = await asyncio.create_subprocess_exec(
        get_ffmpeg_exe(),
        *("-hide_banner", "-nostdin", "-loglevel", "quiet", "-threads", "1"),
        *("-protocol_whitelist", "pipe", "-codec_whitelist", _CODECS),
        # Comfort noise in AMR is an error to its decoder, and a quiet recording has little else.
        *("-max_error_rate", "1", "-f", container, "-i", "pipe:0", "-map", "0:a:0"),
        # A little more than is allowed, so that what is longer shows.
        *("-t", str(LONGEST + 1), "-ac", "1", "-ar", str(rate), "-c:a", "pcm_s16le"),
        *("-f", "wav", "pipe:1"),
        stdin=PIPE,
        stdout=PIPE,
    )
    try:
        wav, _ = await ffmpeg.communicate(recording)
    finally:
        if ffmpeg.returncode is None:
            ffmpeg.kill()
            await ffmpeg.wait()
    if ffmpeg.returncode:
        raise NotAudio(_UNREADABLE)
    return wav


_UNREADABLE: Final = "这段录音无法播放，可能已损坏，请重新录一段"
_CODECS: Final = "amrnb,amrwb,speex,opus,vorbis,mp3float,pcm_u8,pcm_s16le,pcm_alaw,pcm_mulaw"
