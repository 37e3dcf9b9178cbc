"""20 ms at a time (ivr/media/pacing.py)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.media.pacing import AT_ONCE, STEP, Pace

BEGIN = 4711.25


def test_a_frame_a_step_for_an_hour() -> None:
    pace = Pace(BEGIN)

    for step in range(0, 3600 * 50, 997):
        while pace.due < BEGIN + step * STEP:
            assert pace.frames(pace.due) == 1
        assert pace.due == pytest.approx(BEGIN + step * STEP, abs=1e-6)


@given(st.lists(st.floats(-0.0009, 0.019), max_size=200))
def test_wakes_a_little_early_or_late_do_not_add_up(late: list[float]) -> None:
    pace = Pace(BEGIN)

    sent = sum(pace.frames(pace.due + by) for by in late)

    assert sent == len(late)
    assert pace.due == pytest.approx(BEGIN + sent * STEP, abs=1e-6)


@given(st.lists(st.floats(0, 0.059), max_size=100))
def test_a_short_stall_is_made_good(late: list[float]) -> None:
    pace = Pace(BEGIN)

    for by in late:
        now = pace.due + by
        sent = round((pace.due - BEGIN) / STEP)
        assert sent + pace.frames(now) == int((now - BEGIN) / STEP + 1e-6) + 1


@pytest.mark.parametrize("stall", [0.08, 0.5, 30.0])
def test_of_a_long_one_no_more_than_three_frames(stall: float) -> None:
    pace = Pace(BEGIN)
    now = pace.due + stall

    assert pace.frames(now) == AT_ONCE
    assert now - 1e-6 < pace.due < now + STEP + 1e-6
    assert pace.frames(pace.due) == 1
