"""When the next 20 ms are to be sent, by a clock that only goes forwards."""

from __future__ import annotations

from typing import Final

STEP: Final = 0.02
"""Seconds in a frame."""
AT_ONCE: Final = 3
"""Frames that make good for a stall. What is overdue beyond them is left out: a switch that gets
more would fall behind by it for the rest of the call."""


class Pace:
    """`due`: when the next frame is. Steps are counted from the first, so that nothing drifts."""

    def __init__(self, begin: float) -> None:
        self._begin = begin
        self._steps = 0

    @property
    def due(self) -> float:
        return self._begin + self._steps * STEP

    def frames(self, now: float) -> int:
        """To be sent now, one at least: a timer may go off a little early."""
        overdue = max(1, int((now - self.due) / STEP) + 1)
        self._steps += overdue
        return min(overdue, AT_ONCE)
