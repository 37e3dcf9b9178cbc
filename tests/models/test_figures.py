"""A person's rating, however late, stands in place of the default and leaves it in the record."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.calendar.beijing import BEIJING
from models.cases.facts import GroupKind
from models.figures import Count, Unrated, counts, unrated
from models.ratings.follow_up import follow_up
from models.ratings.submit import submit
from models.sweeps.silence import record_silence
from models.tables import Agency, Evaluation, Invitation, LedgerLeaf, WorkOrder
from models.words import Level, Ordinal
from tests.models.contents import contents
from tests.models.ratings.said import rating, reasons
from tests.models.town import Town, case, done, member, under, visit
from tests.standing import MONDAY, StandingClock

BEGIN = datetime(2026, 1, 1, tzinfo=BEIJING)
END = datetime(2027, 1, 1, tzinfo=BEIJING)
SEVEN_DAYS = datetime(2026, 3, 10, tzinfo=BEIJING)
SIXTY_DAYS_LATER = datetime(2026, 6, 9, tzinfo=BEIJING)
"""Of a rating on 9 April."""


async def figures(town: Town, begin: datetime = BEGIN, end: datetime = END) -> list[Count]:
    agency = await Agency.get(code="agency")
    return await counts(town.office, [agency.id], begin, end)


async def test_a_default_counts_while_nobody_has_rated(town: Town, clock: StandingClock) -> None:
    await town.report(case(), done())
    clock.at = SEVEN_DAYS
    await record_silence(town.office)
    (one,) = await figures(town)
    assert (one.level, one.provenance, one.ordinal, one.number) == (5, "default", 0, 1)


async def test_a_late_rating_takes_its_place_and_leaves_it_in_the_record(
    town: Town, clock: StandingClock
) -> None:
    """Reading 18, and 19: the 60 days run from the person's, not from the default."""
    invitation = await town.invitation(case(), done())
    clock.at = SEVEN_DAYS
    await record_silence(town.office)
    before = await contents(Evaluation)
    clock.advance(days=30)
    await invitation.refresh_from_db()
    assert invitation.follow_up_until is None
    receipt = await submit(town.office, invitation, rating(Level.SATISFIED))
    assert receipt.late
    (one,) = await figures(town)
    assert (one.level, one.provenance, one.ordinal, one.number) == (4, "person", 1, 1)
    assert (await contents(Evaluation))[:1] == before
    assert await LedgerLeaf.all().count() == 2
    await invitation.refresh_from_db()
    assert receipt.follow_up_until == invitation.follow_up_until == SIXTY_DAYS_LATER
    first = await Evaluation.get(id=receipt.evaluation)
    assert (await follow_up(town.office, first, rating())).follow_up_until is None


async def test_of_a_batch_each_case_counts(town: Town, clock: StandingClock) -> None:
    """Reading 20, of what silence says as of what a person says."""
    for number in ("C1", "C2", "C3"):
        await town.report(member(number, GroupKind.BATCH, size=3), done(number))
    clock.at = SEVEN_DAYS
    await record_silence(town.office)
    (one,) = await figures(town)
    assert (one.provenance, one.number) == ("default", 3)
    await submit(town.office, await Invitation.get(), rating(Level.SATISFIED))
    (one,) = await figures(town)
    assert (one.provenance, one.level, one.number) == ("person", 4, 3)


async def test_a_whole_rated_late_replaces_what_silence_said_of_its_parts(
    town: Town, clock: StandingClock
) -> None:
    for place, number in enumerate(("C1", "C2"), start=1):
        await town.report(member(number, GroupKind.THEME, place, lead="agency"), done(number))
    clock.at = SEVEN_DAYS
    await record_silence(town.office)
    overall = await Invitation.get(key="group:1/completion")
    assert (await submit(town.office, overall, rating())).late
    told = [agency.id for agency in await Agency.all()]
    found = await counts(town.office, told, BEGIN, END)
    assert {each.provenance for each in found} == {"person"}
    assert sum(each.number for each in found) == 2


@under("tianjin")
async def test_the_two_are_never_added_up(town: Town, clock: StandingClock) -> None:
    """天津 marks 未评: there is no default to count."""
    await town.report(case(), done(), case("C2"), done("C2"))
    await submit(town.office, await Invitation.get(key="case:1/completion"), rating())
    clock.at = SEVEN_DAYS
    await record_silence(town.office)
    (one,) = await figures(town)
    assert (one.provenance, one.number) == ("person", 1)


async def test_a_month_begins_and_ends_at_midnight_in_beijing(
    town: Town, clock: StandingClock
) -> None:
    invitation = await town.invitation(case(), done())
    await submit(town.office, invitation, rating())
    instant = timedelta(microseconds=1)
    assert len(await figures(town, MONDAY, MONDAY + instant)) == 1
    assert await figures(town, MONDAY + instant, END) == []
    assert await figures(town, BEGIN, MONDAY) == []
    assert clock.now() == MONDAY


async def test_what_is_said_again_is_counted_apart(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    receipt = await submit(town.office, invitation, rating(Level.SATISFIED))
    clock.advance(days=1)
    first = await Evaluation.get(id=receipt.evaluation)
    await follow_up(town.office, first, rating(Level.VERY_SATISFIED))
    found = {(each.ordinal, each.level): each.number for each in await figures(town)}
    assert found == {(Ordinal.FIRST, 4): 1, (Ordinal.FOLLOW_UP, 5): 1}


async def test_of_no_agency_nothing(town: Town) -> None:
    assert await counts(town.office, [], BEGIN, END) == []


BAD = Level.DISSATISFIED


async def set_aside(invitation: Invitation, state: str = "excluded") -> None:
    order = await WorkOrder.get(evaluation__invitation_id=invitation.id)
    await WorkOrder.filter(id=order.id).update(state=state, counted=False)


async def stayed_unrated(
    town: Town, begin: datetime = BEGIN, end: datetime = END
) -> dict[str, Unrated]:
    codes = {each.id: each.code for each in await Agency.all()}
    found = await unrated(town.office, list(codes), begin, end)
    return {codes[agency]: each for agency, each in found.items()}


async def bad(town: Town, number: str) -> Invitation:
    invitation = await town.invitation(case(number), done(number))
    await submit(town.office, invitation, rating(BAD, **reasons(item="慢")))
    return invitation


@under("chaoan", "sanming", "qijiang", "lingang")
async def test_what_is_not_adopted_is_counted_nowhere(town: Town) -> None:
    """不予采纳, and in 三明 what need not be counted. It stays in the record."""
    excluded, left_out = await bad(town, "C1"), await bad(town, "C2")
    await bad(town, "C3")
    good = await town.invitation(case("C4"), done("C4"))
    await submit(town.office, good, rating(Level.SATISFIED))
    assert {each.level: each.number for each in await figures(town)} == {2: 3, 4: 1}
    await set_aside(excluded)
    await set_aside(left_out, "closed")
    assert {each.level: each.number for each in await figures(town)} == {2: 1, 4: 1}
    assert await stayed_unrated(town) == {}
    assert await Evaluation.all().count() == 4


async def test_a_late_rating_that_is_not_adopted_brings_no_default_back(
    town: Town, clock: StandingClock
) -> None:
    """Or 潮安 would turn a bad rating into 非常满意."""
    invitation = await town.invitation(case(), done())
    clock.at = SEVEN_DAYS
    await record_silence(town.office)
    await submit(town.office, invitation, rating(BAD, **reasons(item="慢")))
    await set_aside(invitation)
    assert await figures(town) == []


@under("tianjin")
async def test_in_tianjin_it_counts_as_unrated(town: Town, clock: StandingClock) -> None:
    """第十九条, reading 13: three that nobody rated, one of them since; of five rated badly two are
    set aside, one of which was given in the month before."""
    early = await bad(town, "C0")
    clock.at = datetime(2026, 4, 1, 10, tzinfo=BEIJING)
    for number in ("C1", "C2", "C3"):
        await town.report(case(number), done(number, clock.at))
    excluded = await bad(town, "C4")
    for number in ("C5", "C6", "C7"):
        await bad(town, number)
    clock.advance(days=20)
    await record_silence(town.office)
    late = await Invitation.get(case__number="C1")
    await submit(town.office, late, rating(Level.SATISFIED))
    assert await stayed_unrated(town) == {"agency": Unrated(silent=2)}
    await set_aside(excluded)
    await set_aside(early)
    april = datetime(2026, 4, 1, tzinfo=BEIJING)
    assert await stayed_unrated(town, april) == {"agency": Unrated(2, 1)}
    assert await stayed_unrated(town, BEGIN, april) == {"agency": Unrated(0, 1)}
    assert {each.level: each.number for each in await figures(town)} == {2: 3, 4: 1}


@under("tianjin")
async def test_a_batch_that_was_set_aside_is_as_many_unrated_as_it_has_cases(town: Town) -> None:
    """Reading 20, of the item; nobody is 未评 for a member of staff."""
    numbers = ("C1", "C2", "C3")
    await town.report(*(member(number, GroupKind.BATCH, size=3) for number in numbers))
    await town.report(*(visit(number) for number in numbers), *(done(each) for each in numbers))
    whole = await Invitation.get(node="completion")
    said = reasons(**dict.fromkeys(whole.targets, "慢"))
    await submit(town.office, whole, rating(BAD, **said))
    assert sum(each.number for each in await figures(town)) == 3 * len(whole.targets)
    await set_aside(whole)
    assert await figures(town) == []
    assert await stayed_unrated(town) == {"agency": Unrated(invalidated=3)}
