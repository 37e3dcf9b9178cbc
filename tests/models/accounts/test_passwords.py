"""What may be a password, how it is kept, and that nobody learns who has one."""

from __future__ import annotations

from time import perf_counter

import pytest

from models.accounts import passwords
from models.accounts.passwords import PasswordUnfit
from tests.models.accounts.people import PASSWORD


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "password1234",
        "1qaz2wsx3edc",
        "111111111111",
        "zhang.san2026",
        "haochaping123",
        "woaini5201314",
        "admin@123456",
        "好差评好差评好差评好差评",
        "x" * 129,
    ],
)
def test_what_is_soon_guessed(password: str) -> None:
    with pytest.raises(PasswordUnfit) as refused:
        passwords.check_fit(password, "zhang.san", "张三")
    assert refused.value.field == "password"


@pytest.mark.parametrize("password", [PASSWORD, "三头骆驼在池塘边喝水看云彩", "k3mf-9xwq-p7td"])
def test_what_is_not(password: str) -> None:
    passwords.check_fit(password, "zhang.san", "张三")


def test_a_one_time_password_is_fit_and_another_each_time() -> None:
    drawn = {passwords.one_time() for _ in range(50)}
    assert len(drawn) == 50
    for password in drawn:
        passwords.check_fit(password)


async def test_kept_as_argon2id() -> None:
    stored = await passwords.hashed(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(stored) <= 200
    assert stored != await passwords.hashed(PASSWORD)
    assert not passwords.is_dated(stored)
    assert passwords.is_dated(stored.replace("t=2", "t=1"))
    assert await passwords.matches(stored, PASSWORD)
    assert not await passwords.matches(stored, PASSWORD + " ")
    assert not await passwords.matches(None, PASSWORD)
    assert not await passwords.matches("no hash", PASSWORD)


async def test_the_same_however_the_keyboard_composes_it() -> None:
    stored = await passwords.hashed("Ｋａｍｅｌｅ am Teich é")
    assert await passwords.matches(stored, "Kamele am Teich e\u0301")


async def test_an_unknown_login_takes_as_long_as_a_wrong_password() -> None:
    stored = await passwords.hashed(PASSWORD)

    async def quickest(of: str | None) -> float:
        taken = []
        for _ in range(6):
            begun = perf_counter()
            await passwords.matches(of, "wrong")
            taken.append(perf_counter() - begun)
        return min(taken)

    known, unknown = await quickest(stored), await quickest(None)
    assert 0.5 < unknown / known < 2
