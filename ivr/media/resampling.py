"""Sound with more than 8,000 samples a second brought down to that.

A low-pass by audioop's whole-fragment operations, which run in C: 60 dB down where it would fold
back into the band of a telephone. The weights of `ratecv` alone give no more than 15.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

from ivr.line import RATE
from ivr.pcm import audioop

BAND: Final = 3400
"""Hertz: what a telephone carries, and is left as it is."""


class Downsampling:
    """Of one stream. What comes out does not depend on how it is cut."""

    def __init__(self, rate: int) -> None:
        """`rate`: 8,000 or more."""
        self._odd = b""
        # Two short filters cost less than one that is steep beside a high rate.
        rates = [rate, *([2 * RATE] if rate > 3 * RATE else []), *([RATE] if rate > RATE else [])]
        self._steps = [_Step(*each) for each in pairwise(rates)]

    def feed(self, pcm: bytes) -> bytes:
        """`pcm`: 16-bit samples, of which the last may be half."""
        if self._odd:
            pcm = self._odd + pcm
        whole = len(pcm) & ~1
        self._odd = pcm[whole:]
        if not self._steps:
            return pcm[:whole]
        wide = audioop.mul(audioop.lin2lin(pcm[:whole], 2, _WIDTH), _WIDTH, 1 / _ROOM)
        for step in self._steps:
            wide = step.feed(wide)
        return audioop.lin2lin(audioop.mul(wide, _WIDTH, _ROOM), _WIDTH, 2)


_WIDTH: Final = 4
_ROOM: Final = 4
"""Times what the loudest sample is: two are added before they are weighed."""


class _Step:
    def __init__(self, rate: int, out: int) -> None:
        self._rate, self._out = rate, out
        self._weights = _low_pass(out / 2 / rate, (out - 2 * BAND) / rate)
        self._tail = bytes(_WIDTH * 2 * (len(self._weights) - 1))
        self._state: tuple[int, tuple[tuple[int, int], ...]] | None = None

    def feed(self, wide: bytes) -> bytes:
        heard = memoryview(self._tail + wide)
        self._tail = bytes(heard[len(wide) :])
        last = len(self._weights) - 1

        def later(by: int) -> memoryview:
            return heard[_WIDTH * by : _WIDTH * by + len(wide)]

        filtered = audioop.mul(later(last), _WIDTH, self._weights[last])
        for n, weight in enumerate(self._weights[:last]):
            both = audioop.add(later(n), later(2 * last - n), _WIDTH)
            filtered = audioop.add(filtered, audioop.mul(both, _WIDTH, weight), _WIDTH)
        slower, self._state = audioop.ratecv(
            filtered, _WIDTH, 1, self._rate, self._out, self._state
        )
        return slower


def _low_pass(cutoff: float, width: float) -> list[float]:
    """A windowed sinc's weights up to the middle one, of sum 1 with the others, which mirror them.
    Both in parts of the rate."""
    half = math.ceil(3.3 / width / 2)
    weights = [
        math.sin(2 * math.pi * cutoff * n)
        / (math.pi * n)
        * (0.54 + 0.46 * math.cos(math.pi * n / half))
        for n in range(half, 0, -1)
    ]
    total = 2 * cutoff + 2 * sum(weights)
    return [weight / total for weight in (*weights, 2 * cutoff)]
