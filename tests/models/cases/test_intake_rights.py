"""Who may speak of what: a system of its own region and all below, never of the neighbours'."""

from __future__ import annotations

import pytest

from models.cases.reports import Report
from models.refusals import Forbidden
from tests.models.contents import everything
from tests.models.town import (
    VISITED,
    Town,
    call,
    case,
    done,
    take,
    visit,
)

FOREIGN: list[tuple[Report, str]] = [
    (case("C2"), "agency"),
    (visit(), "case"),
    (done(), "case"),
    (case(), "number"),
    (call("T2"), "platform"),
    (call(), "number"),
    (visit("C9"), "staff"),
]


@pytest.mark.parametrize(("report", "field"), FOREIGN)
async def test_a_strangers_report_is_forbidden_and_stores_nothing(
    town: Town, report: Report, field: str
) -> None:
    await town.report(case(), visit(), done(), call())
    before = await everything()
    with pytest.raises(Forbidden) as refused:
        await take(town.office, town.stranger, report)
    assert refused.value.field == field
    assert await everything() == before


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (case("C2", agency="agency-x"), "agency"),
        (case("C2", item="item-x"), "item"),
        (visit(number=2, staff="staff-x"), "staff"),
        (visit(number=2, window="window-x"), "window"),
        (call("T2", staff="staff-x"), "staff"),
    ],
)
async def test_nobody_speaks_of_the_neighbours(town: Town, report: Report, field: str) -> None:
    await town.report(case())
    with pytest.raises(Forbidden) as refused:
        await town.report(report)
    assert refused.value.field == field


async def test_a_town_speaks_for_its_district_and_not_the_other_way_round(town: Town) -> None:
    below = case("C2", agency="agency-d", item="item-3")
    assert (await town.report(below)).fresh
    assert not (await take(town.office, town.district, below)).fresh
    with pytest.raises(Forbidden):
        await take(town.office, town.district, case("C3"))
    assert (await take(town.office, town.admin, case("C3"))).fresh


@pytest.mark.parametrize("event", [visit("C1", 1, staff="staff-x", window=None), done()])
async def test_what_a_stranger_put_under_a_number_of_ours_does_not_reach_our_case(
    town: Town, event: Report
) -> None:
    """While the case is unknown nobody can tell whose it is; once it is known, everybody can."""
    assert (await take(town.office, town.stranger, event)).held
    taken = await town.report(case())
    assert taken.invitations == ()
    ours = visit() if event == visit("C1", 1, staff="staff-x", window=None) else done(at=VISITED)
    (opened,) = (await town.report(ours)).invitations
    assert opened.opened_at == VISITED


async def test_held_events_of_another_system_are_not_shown_or_changed(town: Town) -> None:
    await town.report(done())
    for report in (done(), done(at=VISITED)):
        with pytest.raises(Forbidden, match="其他系统"):
            await take(town.office, town.stranger, report)
    # The administrator may look.
    assert not (await take(town.office, town.admin, done())).fresh
