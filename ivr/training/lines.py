"""What a room, a telephone line or WeChat makes of a voice before it is heard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

from ivr.training.programs import FFMPEG, piped
from ivr.training.speaking import RATE, Sound

CODINGS: Final = {
    "plain": (),
    "alaw": ("-c:a", "pcm_alaw", "-f", "alaw"),
    "mulaw": ("-c:a", "pcm_mulaw", "-f", "mulaw"),
    **{
        f"amr {rate}": ("-c:a", "libopencore_amrnb", "-b:a", rate, "-f", "amr")
        for rate in ("4.75k", "5.9k", "7.95k", "12.2k")
    },
}
"""Names, and how ffmpeg is told to."""

_PACKET: Final = RATE // 50


def padded(sound: Sound, random: np.random.Generator) -> Sound:
    """With silence before and after it."""
    before, after = random.integers(RATE // 10, RATE // 2, 2)
    return np.concatenate([np.zeros(before, np.float32), sound, np.zeros(after, np.float32)])


def heard_over(
    sounds: Sequence[Sound], random: np.random.Generator, noise: tuple[float, float] = (5, 40)
) -> list[Sound]:
    """Each over a line of its own kind, as long as it was. `noise`: between how many decibels below
    the voice it lies."""
    spoilt = [_spoilt(sound, sounds, random, noise) for sound in sounds]
    chosen = random.choice(list(CODINGS), len(sounds), p=_HOW_OFTEN)
    for coding in CODINGS:
        places = np.flatnonzero(chosen == coding)
        back = coded([spoilt[place] for place in places], coding)
        for place, sound in zip(places, back, strict=True):
            spoilt[place] = sound if coding.startswith("amr") else _lossy(sound, random)
    return spoilt


_HOW_OFTEN: Final = [0.2, 0.25, 0.15, 0.1, 0.1, 0.1, 0.1]


def coded(sounds: Sequence[Sound], coding: str) -> list[Sound]:
    """There and back. All at once: starting ffmpeg takes longer than its work."""
    if not sounds or not CODINGS[coding]:
        return list(sounds)
    joined = np.concatenate(sounds).astype("<i2")
    container = CODINGS[coding][-1]
    raw = ("-f", "s16le", "-ar", str(RATE), "-ac", "1")
    sent = piped(joined.tobytes(), *FFMPEG, *raw, "-i", "pipe:0", *CODINGS[coding], "pipe:1")
    shape = () if container == "amr" else ("-ar", str(RATE), "-ac", "1")
    back = piped(sent, *FFMPEG, "-f", container, *shape, "-i", "pipe:0", *raw, "pipe:1")
    samples = np.frombuffer(back, "<i2").astype(np.float32)
    samples = np.pad(samples, (0, max(0, len(joined) - len(samples))))
    ends = np.cumsum([len(sound) for sound in sounds])
    return list(np.split(samples[: ends[-1]], ends[:-1]))


def _spoilt(
    sound: Sound,
    others: Sequence[Sound],
    random: np.random.Generator,
    noise: tuple[float, float],
) -> Sound:
    if random.random() < 0.3:
        sound = _in_a_room(sound, random)
    if random.random() < 0.5:
        sound = _coloured(sound, random)
    if random.random() < 0.5:
        sound = np.asarray(sosfilt(_TELEPHONE, sound), np.float32)
    loud = float(np.sqrt(np.mean(np.square(sound[np.abs(sound) > 50]))))
    around = _noise(len(sound), others, random)
    sound = sound + around * loud * 10 ** (-random.uniform(*noise) / 20)
    sound = sound * 10 ** random.uniform(-1.3, 0.1)
    return np.clip(sound + random.normal(0, 2, len(sound)), -32768, 32767).astype(np.float32)


_TELEPHONE: Final = butter(4, (300, 3400), "bandpass", fs=RATE, output="sos")


def _coloured(sound: Sound, random: np.random.Generator) -> Sound:
    """As by a microphone that makes some pitches louder than others, by up to 8 decibels."""
    spectrum = np.fft.rfft(sound)
    decibels = np.interp(
        np.linspace(0, 1, len(spectrum)), np.linspace(0, 1, 6), random.uniform(-8, 8, 6)
    )
    return np.asarray(np.fft.irfft(spectrum * 10 ** (decibels / 20), len(sound)), np.float32)


def _in_a_room(sound: Sound, random: np.random.Generator) -> Sound:
    """Fainter and fainter echoes."""
    length = int(RATE * random.uniform(0.05, 0.3))
    echoes = random.normal(0, 1, length) * np.exp(-6 * np.arange(length) / length)
    echoes *= random.uniform(0.1, 0.5) / np.sqrt(np.sum(np.square(echoes)))
    echoes[0] += 1
    return np.asarray(fftconvolve(sound, echoes)[: len(sound)], np.float32)


def _noise(length: int, others: Sequence[Sound], random: np.random.Generator) -> Sound:
    """Hiss or rumble, a mains hum, or other people talking; as loud as 1."""
    kind = random.random()
    if kind < 0.6:
        spectrum = np.fft.rfft(random.normal(0, 1, length))
        spectrum /= np.maximum(np.arange(len(spectrum)), 20) ** random.uniform(0, 1.2)
        made = np.fft.irfft(spectrum, length)
    elif kind < 0.7:
        turns = 2 * np.pi * 50 * np.arange(length) / RATE
        overtones = np.arange(1, 12)[:, None]
        made = (np.sin(turns * overtones + random.uniform(0, 6, (11, 1))) / overtones).sum(0)
    else:
        made = np.zeros(length)
        for talker in random.integers(0, len(others), random.integers(2, 6)):
            made += np.roll(np.resize(others[talker], length), random.integers(length))
    return np.asarray(made / np.sqrt(np.mean(np.square(made)) + 1e-9), np.float32)


def _lossy(sound: Sound, random: np.random.Generator) -> Sound:
    """Packets lost on the way are silence, or the last one again."""
    lost = random.random(len(sound) // _PACKET) < random.choice([0, 0, 0.01, 0.03])
    sound = sound.copy()
    for packet in np.flatnonzero(lost[1:]) + 1:
        here = slice(packet * _PACKET, (packet + 1) * _PACKET)
        before = slice((packet - 1) * _PACKET, packet * _PACKET)
        sound[here] = sound[before] if random.random() < 0.5 else 0
    return sound
