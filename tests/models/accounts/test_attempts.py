"""Guesses at an account: five, and then it takes longer and longer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from models.accounts import attempts, signing_in
from models.accounts.attempts import Locked, lock_after
from models.accounts.guesses import TooManyGuesses
from models.accounts.signing_in import WrongCredentials
from models.office import Office
from models.tables import Account, AccountEvent
from tests.models.accounts.people import PASSWORD, person
from tests.standing import StandingClock

HERE = "198.51.100.7"


def test_how_long() -> None:
    minutes = {failures: lock_after(failures) for failures in range(41)}
    assert {n: each for n, each in minutes.items() if each is not None} == {
        5: timedelta(minutes=15),
        10: timedelta(minutes=30),
        15: timedelta(hours=1),
        20: timedelta(hours=2),
        25: timedelta(hours=4),
        30: timedelta(hours=8),
        35: timedelta(hours=16),
        40: timedelta(days=1),
    }
    assert lock_after(5_000_000) == timedelta(days=1)


async def _guess(office: Office, login: str, given: str = "x") -> Account:
    return await signing_in.by_password(office, login, given, HERE, office.now())


async def test_locked_after_five_and_for_twice_as_long_after_ten(
    office: Office, clock: StandingClock
) -> None:
    account = await person(office)
    for minutes in (15, 30):
        for _ in range(5):
            with pytest.raises(WrongCredentials):
                await _guess(office, account.login)
        with pytest.raises(Locked, match=f"{minutes}分钟") as locked:
            await _guess(office, account.login, PASSWORD)
        assert locked.value.wait == minutes * 60
        clock.advance(minutes=minutes)
    assert (await _guess(office, account.login, PASSWORD)).id == account.id
    assert await AccountEvent.filter(account=account, kind="refused").count() == 10
    assert await AccountEvent.filter(account=account, kind="locked").count() == 2


async def test_a_hundred_at_once_are_five(office: Office) -> None:
    account = await person(office)
    ended = await asyncio.gather(
        *(_guess(office, account.login, f"wrong {n}") for n in range(20)), return_exceptions=True
    )
    kinds = [type(each) for each in ended]
    assert kinds.count(WrongCredentials) == 5
    assert kinds.count(Locked) == 15


async def test_a_login_that_nobody_has_is_locked_as_well(office: Office) -> None:
    for _ in range(5):
        with pytest.raises(WrongCredentials, match="账号或密码不正确"):
            await _guess(office, "nobody")
    with pytest.raises(TooManyGuesses, match="15分钟"):
        await _guess(office, "nobody")


async def test_one_address_has_so_many_guesses_at_any_login(office: Office) -> None:
    await person(office)
    for number in range(50):
        with pytest.raises(WrongCredentials):
            await _guess(office, f"nobody{number}")
    with pytest.raises(TooManyGuesses):
        await _guess(office, "zhang.san", PASSWORD)
    elsewhere = await signing_in.by_password(
        office, "zhang.san", PASSWORD, "203.0.113.9", office.now()
    )
    assert elsewhere.failures == 0


async def test_the_password_alone_forgives_no_wrong_codes(office: Office) -> None:
    account = await person(office)
    for _ in range(4):
        await attempts.begin(office, account, office.now())
    await _guess(office, account.login, PASSWORD)
    assert (await Account.get(id=account.id)).failures == 4
    with pytest.raises(WrongCredentials):
        await _guess(office, account.login)
    with pytest.raises(Locked):
        await _guess(office, account.login, PASSWORD)


@pytest.mark.parametrize("login", ["", "\0", "张三", "x" * 300, "ZHANG.SAN "])
async def test_what_is_no_login(office: Office, login: str) -> None:
    await person(office)
    with pytest.raises(WrongCredentials):
        await _guess(office, login, PASSWORD)


async def test_capitals_are_the_same_login(office: Office) -> None:
    account = await person(office)
    assert (await _guess(office, "Zhang.San", PASSWORD)).id == account.id


async def test_who_is_disabled_is_nobody(office: Office) -> None:
    account = await person(office)
    await Account.filter(id=account.id).update(disabled_at=office.now())
    with pytest.raises(WrongCredentials, match="账号或密码不正确"):
        await _guess(office, account.login, PASSWORD)
    assert await AccountEvent.filter(kind="refused").count() == 0


async def test_a_hash_of_other_days_is_made_anew(office: Office) -> None:
    account = await person(office)
    older = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    await Account.filter(id=account.id).update(password=older)
    await _guess(office, account.login, PASSWORD)
    assert "m=19456,t=2,p=1" in str((await Account.get(id=account.id)).password)
    await _guess(office, account.login, PASSWORD)
