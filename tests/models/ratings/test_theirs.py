"""What a rater whom an app knows may rate, and what they have rated (models/ratings/theirs.py)."""

from __future__ import annotations

import asyncio

import pytest

from models.cases.facts import GroupKind
from models.cases.reports import Applicant
from models.raters import bind_phone, identify, met, openid_of, phone_of, unbind_phone
from models.ratings.given import Rating
from models.ratings.submit import submit
from models.ratings.theirs import followable_by, hold, is_theirs, rateable_by, rated_by
from models.tables import Rater
from models.words import Channel, Credential, Level
from tests.models.town import PHONE, Town, call, case, done, member, visit
from tests.standing import StandingClock

IDENTITY = "44510319900101123X"


@pytest.fixture
async def rater(town: Town) -> Rater:
    return await met(town.office, "city", Channel.OFFICIAL_ACCOUNT, "openid-1")


async def rateable(town: Town, rater: Rater) -> list[str]:
    return [each.key for each in await rateable_by(town.office, rater)]


async def test_somebody_met_twice_is_one(town: Town) -> None:
    found = await asyncio.gather(
        *(met(town.office, "city", Channel.OFFICIAL_ACCOUNT, "openid-1") for _ in range(5))
    )
    assert len({each.id for each in found}) == 1
    other = await met(town.office, "another", Channel.MINI_PROGRAM, "openid-1")
    assert other.id != found[0].id
    assert openid_of(town.office, other) == "openid-1"


async def test_nobody_is_shown_anothers_cases(town: Town, rater: Rater) -> None:
    await town.report(case(), done())
    assert await rateable(town, rater) == []
    await bind_phone(town.office, rater, "+8613900139000")
    assert await rateable(town, rater) == []


async def test_by_the_applicants_phone_the_newest_first(
    town: Town, rater: Rater, clock: StandingClock
) -> None:
    first = await town.invitation(case("C1"), done("C1"))
    clock.advance(minutes=5)
    second = await town.invitation(case("C2"), done("C2", at=clock.now()))
    await bind_phone(town.office, rater, PHONE)
    assert phone_of(town.office, rater) == PHONE
    assert await rateable(town, rater) == [second.key, first.key]
    assert await is_theirs(rater, first)
    await unbind_phone(rater)
    assert await rateable(town, rater) == []
    assert not await is_theirs(rater, first)


async def test_by_the_agents_phone(town: Town, rater: Rater) -> None:
    invitation = await town.invitation(case(agent={"name": "赵敏", "phone": "13900139000"}), done())
    await bind_phone(town.office, rater, "+8613900139000")
    assert await rateable(town, rater) == [invitation.key]


async def test_by_the_identity_number_that_a_host_app_has_checked(town: Town, rater: Rater) -> None:
    applicant = Applicant(name="欧阳小明", phone=PHONE, identity=IDENTITY)
    invitation = await town.invitation(case(applicant=applicant), done())
    await identify(town.office, rater, phone=None, name="欧阳小明", identity=IDENTITY)
    assert await rateable(town, rater) == [invitation.key]
    assert await is_theirs(rater, invitation)
    await identify(town.office, rater, phone=None, name=None, identity=None)
    assert await rateable(town, rater) == []


async def test_a_group_and_a_call_are_theirs_too(town: Town, rater: Rater) -> None:
    kind = GroupKind.THEME
    await town.report(member("C1", kind), member("C2", kind, 2), visit(), done("C1"), done("C2"))
    await town.report(call(caller=PHONE))
    await bind_phone(town.office, rater, PHONE)
    found = await rateable_by(town.office, rater)
    assert any(each.group_id is not None for each in found)
    assert any(each.call_id is not None for each in found)
    for each in found:
        assert await is_theirs(rater, each)


async def test_what_is_closed_or_over_is_no_more_to_rate(
    town: Town, rater: Rater, clock: StandingClock
) -> None:
    first = await town.invitation(case("C1"), done("C1"))
    second = await town.invitation(case("C2"), done("C2"))
    await bind_phone(town.office, rater, PHONE)
    receipt = await submit(
        town.office,
        first,
        Rating(
            level=Level.SATISFIED,
            channel=Channel.OFFICIAL_ACCOUNT,
            credential=Credential.IDENTIFIED,
            submission="test-0001",
        ),
    )
    for _ in range(2):
        await hold(rater, receipt.evaluation)
    assert await rateable(town, rater) == [second.key]
    assert [each.id for each in await rated_by(rater)] == [receipt.evaluation]
    assert [each.id for each in await followable_by(town.office, rater)] == [receipt.evaluation]
    clock.at = second.until
    assert await rateable(town, rater) == []
    assert await followable_by(town.office, rater) == []
