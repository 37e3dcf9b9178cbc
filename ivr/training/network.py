"""The acoustic model: which part of which unit a hundredth of a second belongs to.

Its features are libvosk's own: the logarithms of 40 bands of the spectrum. A neural network with
two hidden layers sees some before and after as well. At first nobody knows where in a recording a
unit lies; the network and the alignments make each other better, round after round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Final, TypeAlias

import kaldi_native_fbank
import numpy as np
from numpy.typing import NDArray

from ivr.training.speaking import RATE, Sound
from ivr.training.units import SILENCE, UNITS, states, syllables, units

BANDS: Final = 40
LOWEST, HIGHEST = 60, 3900
"""Hertz."""
AROUND: Final = (-12, -9, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 9, 12)
"""The frames that are seen with one, ten milliseconds each."""
HIDDEN: Final = (384, 384)
EVERY: Final = 3
"""One frame in so many is learnt from in each pass: neighbours tell nearly the same."""
AT_ONCE: Final = 512
"""Frames for each step of learning."""
FASTEST: Final = 1e-3
"""How long the first steps are; the last ones are next to nothing."""

FIRST: Final = dict(
    zip(UNITS, accumulate((states(unit) for unit in UNITS), initial=0), strict=False)
)
"""The number of a unit's first part."""
PARTS: Final = sum(states(unit) for unit in UNITS)

Features: TypeAlias = NDArray[np.floating[Any]]
"""Frames × BANDS."""
Floats: TypeAlias = NDArray[np.floating[Any]]
Alignment: TypeAlias = NDArray[np.int32]
"""The part that each frame belongs to."""


def features(sound: Sound) -> Features:
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = BANDS
    options.mel_opts.low_freq = LOWEST
    options.mel_opts.high_freq = HIGHEST
    options.use_energy = False
    bands = kaldi_native_fbank.OnlineFbank(options)
    bands.accept_waveform(RATE, sound.tolist())
    bands.input_finished()
    return np.stack([bands.get_frame(n) for n in range(bands.num_frames_ready)]).astype(np.float32)


def parts(words: Sequence[str]) -> list[int]:
    """Of words one after the other, with a silence (part 0) around each."""
    found = [FIRST[SILENCE]]
    for word in words:
        for syllable in syllables(word):
            for unit in units(syllable):
                found += range(FIRST[unit], FIRST[unit] + states(unit))
        found.append(FIRST[SILENCE])
    return found


@dataclass(frozen=True, slots=True)
class Network:
    """`layers`: weights and biases; `mean`, `deviation`: of the features; `common`: the logarithm
    of how often a part occurs."""

    layers: Sequence[tuple[Floats, Floats]]
    mean: Features
    deviation: Features
    common: NDArray[np.float64]

    def likelihoods(self, heard: Features) -> NDArray[np.float64]:
        """Frames × PARTS, logarithms, up to a constant."""
        seen = _with_surroundings((heard - self.mean) / self.deviation)
        found = np.log(_passed(self.layers, seen)[-1] + 1e-10) - self.common
        return np.asarray(found, np.float64)


def trained(
    heard: Sequence[Features],
    aligned: Sequence[Alignment],
    passes: int,
    hidden: Sequence[int],
    seed: int,
) -> Network:
    """By gradient descent (Adam), with ever shorter steps."""
    random = np.random.default_rng(seed)
    some = np.concatenate(heard[:: max(1, len(heard) // 2000)])
    mean, deviation = some.mean(0), some.std(0)
    counted = np.bincount(np.concatenate(aligned), minlength=PARTS)
    common = np.log(np.maximum(counted / counted.sum(), 1e-5))
    descent = _Descent(_begun((len(AROUND) * BANDS, *hidden, PARTS), random))
    groups = [
        (number, group)
        for number in range(passes)
        for group in np.array_split(random.permutation(len(heard)), max(1, len(heard) // 800))
    ]
    for turn, (number, group) in enumerate(groups):
        every = slice(number % EVERY, None, EVERY)
        seen = np.concatenate(
            [_with_surroundings((heard[n] - mean) / deviation, every) for n in group]
        )
        told = np.concatenate([aligned[n][every] for n in group])
        step = FASTEST * (1 + np.cos(np.pi * turn / len(groups))) / 2
        for batch in np.array_split(random.permutation(len(told)), max(1, len(told) // AT_ONCE)):
            descent.step(seen[batch], told[batch], step)
    return Network(descent.layers, mean, deviation, common)


def _begun(widths: Sequence[int], random: np.random.Generator) -> list[tuple[Floats, Floats]]:
    return [
        (
            random.normal(0, np.sqrt(2 / narrow), (narrow, wide)).astype(np.float32),
            np.zeros(wide, np.float32),
        )
        for narrow, wide in pairwise(widths)
    ]


def _passed(layers: Sequence[tuple[Floats, Floats]], seen: Floats) -> list[Floats]:
    """What each layer makes of what the one before has: rectified, at the end probabilities."""
    made = [seen]
    for weights, biases in layers:
        made.append(made[-1] @ weights + biases)
        if len(made) <= len(layers):
            np.maximum(made[-1], 0, out=made[-1])
    likely = np.exp(made[-1] - made[-1].max(1, keepdims=True))
    made[-1] = likely / likely.sum(1, keepdims=True)
    return made


class _Descent:
    """Adam: each weight's step is as long as its slopes have been steady."""

    _STEADY: Final = (0.9, 0.999)

    def __init__(self, layers: list[tuple[Floats, Floats]]) -> None:
        self.layers = layers
        self._moments = [
            (each, np.zeros_like(each), np.zeros_like(each)) for layer in layers for each in layer
        ]
        self._steps = 0

    def step(self, seen: Floats, told: Alignment, length: float) -> None:
        self._steps += 1
        first, second = self._STEADY
        scale = np.float32(length * np.sqrt(1 - second**self._steps) / (1 - first**self._steps))
        slopes = self._slopes(seen, told)
        for (weights, mean, square), slope in zip(self._moments, slopes, strict=True):
            mean[...] += (1 - first) * (slope - mean)
            square[...] += (1 - second) * (slope * slope - square)
            weights[...] -= scale * mean / (np.sqrt(square) + 1e-8)

    def _slopes(self, seen: Floats, told: Alignment) -> list[Floats]:
        """Of the layers' weights and biases in turn."""
        made = _passed(self.layers, seen)
        slope = made[-1]
        slope[np.arange(len(told)), told] -= 1
        slope /= len(told)
        slopes: list[Floats] = []
        for place in range(len(self.layers) - 1, -1, -1):
            before = made[place]
            slopes = [before.T @ slope, slope.sum(0), *slopes]
            if place:
                slope = (slope @ self.layers[place][0].T) * (before > 0)
        return slopes


def evenly(heard: Features, said: Sequence[int]) -> Alignment:
    """Where nothing is known yet: each part as long as the others, where there is sound."""
    loudness = heard.mean(1)
    loud = np.flatnonzero(loudness > loudness.min() + 0.4 * np.ptp(loudness))
    aligned = np.full(len(heard), FIRST[SILENCE], np.int32)
    sounding = [part for part in said if part != FIRST[SILENCE]]
    frames = np.arange(loud[0], loud[-1] + 1)
    for part, where in zip(sounding, np.array_split(frames, len(sounding)), strict=True):
        aligned[where] = part
    return aligned


def best(likelihoods: NDArray[np.float64], said: Sequence[int]) -> Alignment:
    """The likeliest way through `said`, each part at least once, but silences where they are."""
    steps = np.asarray(said)
    skips = np.concatenate([[False, False], steps[1:-1] == FIRST[SILENCE]])
    emitted = likelihoods[:, steps]
    never = -1e30
    score = np.full(len(steps), never)
    score[:2] = emitted[0, :2]
    came = np.zeros(emitted.shape, np.int8)
    for frame in range(1, len(emitted)):
        ways = np.full((3, len(steps)), never)
        ways[0] = score
        ways[1, 1:] = score[:-1]
        ways[2, 2:] = np.where(skips[2:], score[:-2], never)
        came[frame] = ways.argmax(0)
        score = ways.max(0) + emitted[frame]
    at = len(steps) - 1 if score[-1] > score[-2] else len(steps) - 2
    path = np.zeros(len(emitted), np.int32)
    for frame in range(len(emitted) - 1, -1, -1):
        path[frame] = steps[at]
        at -= came[frame, at]
    return path


def _with_surroundings(normal: Features, some: slice = slice(None)) -> Features:
    """At the ends the first and the last frame stand for what is missing."""
    frames = np.arange(len(normal))[some, None] + np.asarray(AROUND)
    seen = normal[np.clip(frames, 0, len(normal) - 1)]
    return np.asarray(seen.reshape(len(seen), -1))
