"""The beat: whatever is due by now, each thing once, in order, as of the moment it fell due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from models.calendar.beijing import BEIJING
from models.cases.reports import Report
from models.notices import after_quiet_hours
from models.ratings.follow_up import follow_up
from models.ratings.submit import submit
from models.tables import Agency, Evaluation, Invitation, Notice
from models.tick import next_due, tick
from models.words import Closing, Silence
from tests.models.contents import everything
from tests.models.ratings.said import rating
from tests.models.town import Town, call, case, done, under, visit
from tests.standing import MONDAY, StandingClock

CASES: list[Report] = [
    case("C1"),
    visit("C1"),
    done("C1"),
    case("C2"),
    done("C2", at=datetime(2026, 3, 1, 22, tzinfo=BEIJING)),
    case("C3"),
    visit("C3"),
    call(),
]
Event = tuple[datetime, str, str]


def foreseen(row: Invitation) -> list[Event]:
    """What time will do with an invitation that nobody uses, and as of when."""
    said = {"chaoan": "default", "tianjin": "unrated"}.get(row.rulebook)
    events = [
        (row.remind_at, "reminded", row.key),
        (row.timely_until, f"silent: {said}", row.key),
        (row.until, "closed", row.key),
    ]
    if said == "default":
        events.append((row.timely_until, "evaluated", f"default:{row.id}"))
    return [(at, what, which) for at, what, which in events if at is not None]


async def happened() -> list[Event]:
    events: list[tuple[datetime | None, str, str]] = []
    for row in await Invitation.all():
        events.append((row.reminded_at, "reminded", row.key))
        if row.silence is not None:
            events.append((row.timely_until, f"silent: {row.silence}", row.key))
        if row.closed_why == Closing.EXPIRED:
            events.append((row.closed_at, "closed", row.key))
    events += [(row.at, "evaluated", row.submission) for row in await Evaluation.all()]
    return sorted((at, what, which) for at, what, which in events if at is not None)


@pytest.mark.parametrize(
    ("town", "pause"),
    [
        *[(where, pause) for where in ("chaoan", "tianjin") for pause in (7, 70, 200)],
        *[(silent, 70) for silent in ("lingang", "qijiang", "sanming")],
    ],
    indirect=["town"],
)
async def test_whatever_the_pauses_each_thing_happens_once_and_as_of_its_moment(
    town: Town, clock: StandingClock, pause: int
) -> None:
    await town.report(*CASES)
    opened = await Invitation.all()
    coming = sorted(event for row in opened for event in foreseen(row))
    reminders = {f"reminder:{row.key}": row for row in opened if row.remind_at is not None}
    while clock.at < MONDAY + timedelta(days=200):
        clock.advance(days=pause)
        await tick(town.office)
        assert await happened() == [event for event in coming if event[0] <= clock.at]
    notices = await Notice.filter(kind="reminder").order_by("id")
    told = {each.once: each.due_at for each in notices}
    assert list(told.values()) == sorted(told.values())
    # A reminder of a link that has ended is none.
    assert set(told) == (set(reminders) if pause < 180 else set())
    for once, at in told.items():
        quiet = town.office.shelf.book(reminders[once].rulebook).versions[0].quiet_hours
        assert at == after_quiet_hours(reminders[once].remind_at or at, quiet)


@under("chaoan", "tianjin")
async def test_a_second_beat_changes_nothing(town: Town, clock: StandingClock) -> None:
    await town.report(*CASES)
    for days in (0, 2, 8, 70, 120):
        clock.advance(days=days)
        await tick(town.office)
        before = await everything()
        assert await tick(town.office) == 0
        assert await everything() == before


@under("chaoan", "tianjin")
async def test_a_clock_that_goes_back_does_nothing_twice_and_undoes_nothing(
    town: Town, clock: StandingClock
) -> None:
    await town.report(*CASES)
    for days in (2, 8, 200):
        clock.at = MONDAY + timedelta(days=days)
        await tick(town.office)
        before = await everything()
        for back in (1, days):
            clock.at = MONDAY + timedelta(days=days - back)
            assert await tick(town.office) == 0
            assert await everything() == before
        clock.at = MONDAY + timedelta(days=days)
        assert await tick(town.office) == 0
        assert await everything() == before


async def test_the_life_of_a_case_in_chaoan(town: Town, clock: StandingClock) -> None:
    """Reminded, silent, rated late after all, added to no more: over 200 days."""
    invitation = await town.invitation(case(), done())
    lived: list[tuple[datetime, int]] = []
    for days in range(200):
        clock.at = MONDAY + timedelta(days=days)
        if days == 20:
            await submit(town.office, await Invitation.get(), rating())
        if number := await tick(town.office):
            lived.append((clock.at, number))
        await Notice.all().update(state="sent")
    days_of = [(at - MONDAY).days for at, _ in lived]
    assert days_of == [1, 8, 81]
    await invitation.refresh_from_db()
    assert (invitation.silence, invitation.closed_why) == (Silence.DEFAULT, Closing.RATED)
    assert await Evaluation.all().count() == 2


async def test_the_life_of_a_case_that_is_rated_at_once(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    receipt = await submit(town.office, invitation, rating())
    clock.advance(days=5)
    await follow_up(town.office, await Evaluation.get(id=receipt.evaluation), rating())
    clock.advance(days=400)
    assert await tick(town.office) == 0


async def test_a_reminder_comes_before_the_silence_it_is_about(
    town: Town, clock: StandingClock
) -> None:
    """Nobody has looked for ten days: the duty is done late, and the default is of its day."""
    await town.report(case(), done())
    clock.advance(days=10)
    assert await tick(town.office) == 2
    told, said = await Notice.get(), await Evaluation.get()
    assert (told.due_at, told.created_at) == (MONDAY - timedelta(hours=-23), clock.now())
    assert told.give_up_at > clock.now()
    assert said.at == datetime(2026, 3, 10, tzinfo=BEIJING)


async def next_on(town: Town, clock: StandingClock) -> datetime | None:
    found = await next_due(town.office)
    if found is not None:
        clock.at = found
        await tick(town.office)
        await Notice.all().update(state="sent")
    return found


async def test_the_next_moment_is_always_named(town: Town, clock: StandingClock) -> None:
    assert await next_due(town.office) is None
    invitation = await town.invitation(case(), done())
    assert await next_on(town, clock) == invitation.remind_at
    assert await next_on(town, clock) == invitation.timely_until
    assert await next_on(town, clock) == invitation.until
    assert await next_on(town, clock) is None


async def test_a_follow_up_and_a_waiting_message_are_named_too(
    town: Town, clock: StandingClock
) -> None:
    invitation = await town.invitation(case(), done(at=datetime(2026, 3, 1, 22, tzinfo=BEIJING)))
    clock.at = datetime(2026, 3, 2, 22, tzinfo=BEIJING)
    await tick(town.office)
    assert await next_due(town.office) == datetime(2026, 3, 3, 8, tzinfo=BEIJING)
    receipt = await submit(town.office, invitation, rating())
    await Notice.all().update(state="withdrawn")
    assert await next_due(town.office) == receipt.follow_up_until


async def test_so_is_the_next_bulletin(town: Town) -> None:
    await Agency.filter(code="agency").update(email="a@example.cn")
    await tick(town.office)
    await Notice.all().update(state="sent")
    assert await next_due(town.office) == datetime(2026, 4, 1, 9, tzinfo=BEIJING)
