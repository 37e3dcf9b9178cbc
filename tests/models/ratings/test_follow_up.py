"""追加评价: once, within 60 natural days, beside the first and never over it (潮安第十九条)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from models.calendar.beijing import BEIJING
from models.ratings.follow_up import follow_up
from models.ratings.given import Rating
from models.ratings.refusals import AlreadyRated, FollowUpClosed, ReasonMissing
from models.ratings.submit import Receipt, submit
from models.refusals import Conflict
from models.tables import Coverage, Evaluation, LedgerLeaf, WorkOrder
from models.words import Level, Ordinal
from tests.models.contents import contents, everything
from tests.models.ratings.said import rating, reasons
from tests.models.town import Town, case, done, under
from tests.standing import StandingClock

LAST_INSTANT = datetime(2026, 5, 2, tzinfo=BEIJING)
"""Rated on 2 March: the sixtieth day after it is 1 May, until 24:00."""


async def rated(town: Town, first: Rating | None = None) -> Evaluation:
    invitation = await town.invitation(case(), done())
    receipt = await submit(town.office, invitation, first or rating())
    return await Evaluation.get(id=receipt.evaluation)


async def again(town: Town, first: Evaluation, level: Level = Level.SATISFIED) -> Receipt:
    said = reasons(item="还是没办好") if level < Level.BASICALLY_SATISFIED else {}
    return await follow_up(town.office, first, rating(level, **said))


async def test_both_stand_side_by_side(town: Town, clock: StandingClock) -> None:
    first = await rated(town, rating(Level.VERY_SATISFIED))
    before = (await contents(Evaluation))[0]
    clock.advance(days=3)
    receipt = await again(town, first, Level.DISSATISFIED)
    rows = await contents(Evaluation)
    assert rows[0] == before
    assert (rows[1]["ordinal"], rows[1]["level"], rows[1]["late"]) == (2, 2, False)
    assert rows[1]["invitation_id"] == first.invitation_id
    slots = [each.slot for each in await Coverage.all().order_by("id")]
    assert slots == ["case-1/completion/item/1", "case-1/completion/item/2"]
    assert await LedgerLeaf.all().count() == 2
    assert receipt.order is not None
    assert receipt.follow_up_until is None


async def test_a_negative_one_opens_an_order_of_its_own(town: Town) -> None:
    """Reading 19: a good one afterwards does not take the order of the first away."""
    first = await rated(town, rating(Level.DISSATISFIED, **reasons(item="慢")))
    await again(town, first, Level.VERY_SATISFIED)
    assert await WorkOrder.all().count() == 1


async def test_a_negative_one_needs_its_reason(town: Town) -> None:
    first = await rated(town)
    with pytest.raises(ReasonMissing):
        await follow_up(town.office, first, rating(Level.DISSATISFIED))


@pytest.mark.parametrize(
    ("now", "taken"), [(LAST_INSTANT - timedelta(microseconds=1), True), (LAST_INSTANT, False)]
)
async def test_within_sixty_days(
    town: Town, clock: StandingClock, now: datetime, taken: bool
) -> None:
    first = await rated(town)
    clock.at = now
    if taken:
        await again(town, first)
        return
    before = await everything()
    with pytest.raises(FollowUpClosed):
        await again(town, first)
    assert await everything() == before


async def test_the_sixty_days_run_from_the_rating_and_past_the_end_of_the_link(
    town: Town, clock: StandingClock
) -> None:
    invitation = await town.invitation(case(), done())
    clock.at = invitation.until - timedelta(seconds=1)
    receipt = await submit(town.office, invitation, rating())
    first = await Evaluation.get(id=receipt.evaluation)
    clock.advance(days=59)
    assert await again(town, first)


async def test_once(town: Town) -> None:
    first = await rated(town)
    added = await again(town, first)
    before = await everything()
    with pytest.raises(AlreadyRated) as refused:
        await again(town, first)
    assert (refused.value.evaluation, refused.value.follow_up_until) == (added.evaluation, None)
    assert await everything() == before


async def test_once_added_nobody_is_offered_it_again(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    first = await submit(town.office, invitation, rating())
    await again(town, await Evaluation.get(id=first.evaluation))
    with pytest.raises(AlreadyRated) as refused:
        await submit(town.office, invitation, rating())
    assert (refused.value.evaluation, refused.value.follow_up_until) == (first.evaluation, None)


async def test_sent_twice_it_is_stored_once(town: Town) -> None:
    first = await rated(town)
    said = rating()
    one = await follow_up(town.office, first, said)
    before = await everything()
    assert await follow_up(town.office, first, said) == one
    assert await everything() == before


async def test_the_key_of_the_first_is_not_the_key_of_the_second(town: Town) -> None:
    said = rating()
    first = await rated(town, said)
    with pytest.raises(Conflict):
        await follow_up(town.office, first, said)


async def test_to_what_was_added_nothing_is_added(town: Town) -> None:
    first = await rated(town)
    added = await again(town, first)
    with pytest.raises(FollowUpClosed):
        await again(town, await Evaluation.get(id=added.evaluation))


async def test_a_default_is_no_rating_to_add_to(town: Town) -> None:
    """Reading 19: nobody has said anything yet."""
    invitation = await town.invitation(case(), done())
    default = await Evaluation.create(
        id="019577d8-7a80-7123-8abc-0123456789ab",
        provenance="default",
        ordinal=Ordinal.DEFAULT,
        region=town.region,
        invitation=invitation,
        submission="default",
        rulebook="chaoan",
        version=1,
        level=5,
        reasons={},
        answers={},
        real_name=False,
        late=False,
        at=town.office.now(),
    )
    with pytest.raises(FollowUpClosed):
        await again(town, default)
    assert await submit(town.office, invitation, rating())


@under("sanming", "qijiang", "lingang", "tianjin")
async def test_where_the_text_is_silent_nothing_is_added(town: Town) -> None:
    first = await rated(town)
    with pytest.raises(FollowUpClosed):
        await again(town, first)
