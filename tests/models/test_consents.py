"""订阅: recorded once, used up once (models/consents.py)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from models.consents import consented, consenting, give_back, spend, withdraw
from models.notices import notice
from models.office import Office
from models.raters import met
from models.rulebooks.shelf import Shelf
from models.tables import Consent, Notice, Rater
from models.words import Channel
from tests.models.elsewhere import Elsewhere, Work, until_waiting
from tests.standing import MONDAY, StandingClock

KIND = "reminder"
MANY = 12


@pytest.fixture
async def rater(office: Office) -> Rater:
    return await met(office, "mini", Channel.MINI_PROGRAM, "openid-1")


@pytest.fixture
def elsewhere(database_url: str, shelf: Shelf) -> Elsewhere:
    return Elsewhere(database_url, shelf)


async def told(what: str, kind: str = KIND) -> Notice:
    about = notice(kind, what, {}, now=MONDAY)
    await about.save()
    return about


async def one_time(rater: Rater, once: str = "a", kind: str = KIND) -> None:
    await consented(rater, kind, once, lasting=False, at=MONDAY)


async def lasting(rater: Rater) -> None:
    await consented(rater, KIND, "lasting", lasting=True, at=MONDAY)


async def test_none_is_none(rater: Rater) -> None:
    about = await told("1")
    assert await consenting([rater], about) == set()
    assert not await spend(about, rater)


async def test_one_time_is_one_notice_however_often_that_is_tried(rater: Rater) -> None:
    await one_time(rater)
    first, second = await told("1"), await told("2")
    assert await consenting([rater], first) == {rater.id}
    for _ in range(3):
        assert await spend(first, rater)
    assert await consenting([rater], first) == {rater.id}
    assert await consenting([rater], second) == set()
    assert not await spend(second, rater)


async def test_told_many_times_it_is_one(rater: Rater) -> None:
    for _ in range(3):
        await one_time(rater)
    assert await spend(await told("1"), rater)
    assert not await spend(await told("2"), rater)


async def test_two_are_two(rater: Rater) -> None:
    await one_time(rater, "a")
    await one_time(rater, "b")
    tried = [await spend(await told(each), rater) for each in "123"]
    assert tried == [True, True, False]


async def test_a_lasting_one_is_never_used_up(rater: Rater) -> None:
    await lasting(rater)
    assert [await spend(await told(each), rater) for each in "123"] == [True] * 3
    assert (await Consent.get()).used_by_id is None


async def test_beside_a_lasting_one_no_other_is_used(rater: Rater) -> None:
    await one_time(rater)
    await lasting(rater)
    assert await spend(await told("1"), rater)
    assert not await Consent.filter(used_by_id__not_isnull=True).exists()


async def test_it_is_of_one_kind_and_of_one_person(office: Office, rater: Rater) -> None:
    other = await met(office, "mini", Channel.MINI_PROGRAM, "openid-2")
    await one_time(rater, kind="thanks")
    await one_time(other)
    about = await told("1")
    assert await consenting([rater, other], about) == {other.id}
    assert not await spend(about, rater)
    assert await spend(about, other)


async def test_given_back_it_is_anothers(rater: Rater) -> None:
    await one_time(rater)
    first, second = await told("1"), await told("2")
    assert await spend(first, rater)
    await give_back(second)
    assert not await spend(second, rater)
    await give_back(first)
    assert await spend(second, rater)
    assert not await spend(first, rater)


async def test_withdrawn_there_is_none(rater: Rater, clock: StandingClock) -> None:
    await one_time(rater)
    await lasting(rater)
    clock.advance(minutes=1)
    await withdraw(rater, "thanks", clock.now())
    assert await spend(await told("1"), rater)
    await withdraw(rater, KIND, clock.now())
    about = await told("2")
    assert await consenting([rater], about) == set()
    assert not await spend(about, rater)


async def test_what_the_platform_knows_nothing_of_is_not_tried_again(rater: Rater) -> None:
    await one_time(rater)
    about = await told("1")
    assert await spend(about, rater)
    await withdraw(rater, KIND, MONDAY)
    assert not await spend(about, rater)


async def test_old_news_of_a_withdrawal_end_no_newer_consent(rater: Rater) -> None:
    await one_time(rater)
    await withdraw(rater, KIND, MONDAY - timedelta(seconds=1))
    assert await spend(await told("1"), rater)


async def test_without_comparing_two_take_the_last_one(elsewhere: Elsewhere, rater: Rater) -> None:
    """The race that `spend` has to decide: both see that it is free before either takes it."""
    await one_time(rater)
    both_have_seen_it = asyncio.Barrier(2)

    def take(about: Notice) -> Work[int]:
        async def look_and_take(_: Office) -> int:
            free = await Consent.get(rater_id=rater.id, used_by_id=None)
            await both_have_seen_it.wait()
            return await Consent.filter(id=free.id).update(used_by_id=about.id)

        return look_and_take

    both = [(MONDAY, take(await told(each))) for each in "12"]
    assert await elsewhere.at_once(*both) == [1, 1]


async def test_who_comes_second_gets_none(
    office: Office, elsewhere: Elsewhere, rater: Rater
) -> None:
    await one_time(rater)
    first, second = await told("1"), await told("2")
    async with elsewhere.holding(MONDAY, lambda _: spend(first, rater)):
        other = elsewhere.at(MONDAY, lambda _: spend(second, rater))
        # It has seen the consent free, and waits for the row.
        await until_waiting(office.database)
    assert not await other
    assert (await Consent.get()).used_by_id == first.id


async def test_many_processes_use_each_consent_once(elsewhere: Elsewhere, rater: Rater) -> None:
    """Half as many consents as notices: every one is used, by one notice."""
    for number in range(MANY // 2):
        await one_time(rater, f"{number}")
    notices = [await told(f"{number}") for number in range(MANY)]

    def take(about: Notice) -> Work[bool]:
        return lambda _: spend(about, rater)

    tried = await elsewhere.at_once(*((MONDAY, take(each)) for each in notices))
    assert sum(tried) == MANY // 2
    used_by = await Consent.all().values_list("used_by_id", flat=True)
    sent = {each.id for each, taken in zip(notices, tried, strict=True) if taken}
    assert set(used_by) == sent
