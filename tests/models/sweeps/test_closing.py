"""What ends by itself: an invitation with its link, 追加评价 with its days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.ratings.follow_up import follow_up
from models.ratings.refusals import LinkExpired
from models.ratings.submit import submit
from models.sweeps.closing import close_follow_ups, close_invitations
from models.sweeps.silence import record_silence
from models.tables import Evaluation, Invitation
from models.words import Closing
from tests.models.ratings.said import rating
from tests.models.town import Town, call, case, done, under, visit
from tests.standing import StandingClock

SECOND = timedelta(seconds=1)


@under("chaoan", "lingang", "qijiang", "sanming", "tianjin")
async def test_with_its_link_an_invitation_ends(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    clock.at = invitation.until - SECOND
    await record_silence(town.office)
    assert await close_invitations(town.office) == 0
    clock.at += SECOND
    assert await close_invitations(town.office) == 1
    clock.advance(days=1)
    assert await close_invitations(town.office) == 0
    await invitation.refresh_from_db()
    assert (invitation.closed_at, invitation.closed_why) == (invitation.until, Closing.EXPIRED)
    with pytest.raises(LinkExpired):
        await submit(town.office, invitation, rating())


async def test_visits_and_calls_end_too(town: Town, clock: StandingClock) -> None:
    await town.report(case(), visit(), call())
    clock.advance(days=181)
    assert await close_invitations(town.office) == 2
    for invitation in await Invitation.all():
        assert invitation.closed_at == invitation.until


@under("chaoan", "tianjin")
async def test_not_before_its_silence_is_recorded(town: Town, clock: StandingClock) -> None:
    await town.report(case(), done())
    clock.advance(days=400)
    assert await close_invitations(town.office) == 0
    assert await record_silence(town.office) == 1
    assert await close_invitations(town.office) == 1


async def test_what_was_rated_stays_rated(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    await submit(town.office, invitation, rating())
    at = clock.now()
    clock.advance(days=400)
    assert await close_invitations(town.office) == 0
    await invitation.refresh_from_db()
    assert (invitation.closed_at, invitation.closed_why) == (at, Closing.RATED)


async def rated(town: Town) -> tuple[Invitation, Evaluation]:
    invitation = await town.invitation(case(), done())
    receipt = await submit(town.office, invitation, rating())
    await invitation.refresh_from_db()
    return invitation, await Evaluation.get(id=receipt.evaluation)


async def test_the_window_of_a_follow_up_ends_when_it_is_due(
    town: Town, clock: StandingClock
) -> None:
    invitation, _ = await rated(town)
    assert invitation.follow_up_until is not None
    clock.at = invitation.follow_up_until - SECOND
    assert await close_follow_ups(town.office) == 0
    clock.advance(days=20)
    assert await close_follow_ups(town.office) == 1
    assert await close_follow_ups(town.office) == 0
    await invitation.refresh_from_db()
    assert invitation.follow_up_closed_at == invitation.follow_up_until


async def test_one_given_in_time_ends_it(town: Town, clock: StandingClock) -> None:
    invitation, first = await rated(town)
    clock.advance(days=3)
    await follow_up(town.office, first, rating())
    at = clock.now()
    clock.advance(days=100)
    assert await close_follow_ups(town.office) == 0
    await invitation.refresh_from_db()
    assert invitation.follow_up_closed_at == at


@under("tianjin")
async def test_where_the_text_knows_none_there_is_no_window(
    town: Town, clock: StandingClock
) -> None:
    await rated(town)
    clock.advance(days=100)
    assert await close_follow_ups(town.office) == 0
