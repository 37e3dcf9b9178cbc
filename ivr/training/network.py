"""The acoustic model: which part of which unit a hundredth of a second belongs to.

Its features are libvosk's own: the logarithms of 40 bands of the spectrum. A neural network with
two hidden layers sees some before and after as well. At first nobody knows where in a recording a
unit lies; the network and the alignments make each other better, round after round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final, TypeAlias

import kaldi_native_fbank
import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier

from ivr.training.speaking import RATE, Sound
from ivr.training.units import SILENCE, UNITS, states, syllables, units

BANDS: Final = 40
LOWEST, HIGHEST = 60, 3900
"""Hertz."""
AROUND: Final = (-12, -9, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 9, 12)
"""The frames that are seen with one, ten milliseconds each."""
HIDDEN: Final = (256, 256)
EVERY: Final = 3
"""One frame in so many is learnt from in each pass: neighbours tell nearly the same."""

FIRST: Final = dict(
    zip(UNITS, accumulate((states(unit) for unit in UNITS), initial=0), strict=False)
)
"""The number of a unit's first part."""
PARTS: Final = sum(states(unit) for unit in UNITS)

Features: TypeAlias = NDArray[np.floating[Any]]
"""Frames × BANDS."""
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
    """`mean`, `deviation`: of the features; `common`: the logarithm of how often a part occurs."""

    classifier: MLPClassifier
    mean: Features
    deviation: Features
    common: NDArray[np.float64]

    def likelihoods(self, heard: Features) -> NDArray[np.float64]:
        """Frames × PARTS, logarithms, up to a constant."""
        seen = _with_surroundings((heard - self.mean) / self.deviation)
        found = np.log(self.classifier.predict_proba(seen) + 1e-10) - self.common
        return np.asarray(found, np.float64)


def trained(
    heard: Sequence[Features],
    aligned: Sequence[Alignment],
    batches: Sequence[int],
    hidden: Sequence[int],
    seed: int,
) -> Network:
    """`batches`: for each pass how many frames are learnt from at once. Larger ones towards the end
    take smaller steps."""
    random = np.random.default_rng(seed)
    every = np.concatenate(heard)
    mean, deviation = every.mean(0), every.std(0)
    counted = np.bincount(np.concatenate(aligned), minlength=PARTS)
    common = np.log(np.maximum(counted / counted.sum(), 1e-5))
    classifier = MLPClassifier(tuple(hidden), alpha=1e-6, random_state=seed)
    for number, batch in enumerate(batches):
        classifier.set_params(batch_size=batch)
        some = slice(number % EVERY, None, EVERY)
        for group in np.array_split(random.permutation(len(heard)), max(1, len(heard) // 800)):
            seen = [_with_surroundings((heard[n] - mean) / deviation)[some] for n in group]
            told = [aligned[n][some] for n in group]
            classifier.partial_fit(np.concatenate(seen), np.concatenate(told), classes=range(PARTS))
    return Network(classifier, mean, deviation, common)


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


def _with_surroundings(normal: Features) -> Features:
    """At the ends the first and the last frame stand for what is missing."""
    frames = np.arange(len(normal))[:, None] + np.asarray(AROUND)
    seen = normal[np.clip(frames, 0, len(normal) - 1)]
    return np.asarray(seen.reshape(len(normal), -1))
