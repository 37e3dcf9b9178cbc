"""The codes of the telephone: which one passes, and that each passes once."""

from __future__ import annotations

import asyncio

import pyotp
import pytest

from models.accounts import second_factor
from models.office import Office
from models.tables import Account
from tests.models.accounts.people import code, person
from tests.standing import StandingClock

RFC_6238 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_the_code_of_the_standard(clock: StandingClock) -> None:
    """RFC 6238, appendix B: at 1111111109 seconds 07081804, of which we show six digits."""
    at = clock.at.fromtimestamp(1111111109, clock.at.tzinfo)
    assert second_factor.step_of(RFC_6238, "081804", at) == 0x23523EC
    assert second_factor.step_of(RFC_6238, " 081 804 ", at) == 0x23523EC
    for wrong in ("081805", "", "０８１８０４", "-81804", "7081804", "abcdef"):
        assert second_factor.step_of(RFC_6238, wrong, at) is None


@pytest.mark.parametrize(
    ("later", "passes"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
async def test_one_step_slow_or_fast(office: Office, later: int, passes: bool) -> None:
    account = await person(office)
    given = code(office, account, later)
    assert await second_factor.passes(office, account, given, office.now()) is passes


async def test_a_code_passes_once_and_none_before_it_any_more(office: Office) -> None:
    account = await person(office)
    assert await second_factor.passes(office, account, code(office, account), office.now())
    for used in (code(office, account), code(office, account, -1)):
        assert not await second_factor.passes(office, account, used, office.now())
    assert await second_factor.passes(office, account, code(office, account, 1), office.now())


async def test_of_two_at_once_one_passes(office: Office) -> None:
    account = await person(office)
    given = code(office, account)
    passed = await asyncio.gather(
        *(second_factor.passes(office, account, given, office.now()) for _ in range(8))
    )
    assert sorted(passed) == [False] * 7 + [True]


async def test_the_secret_is_sealed_and_bound_to_its_account(office: Office) -> None:
    account, other = await person(office), await person(office, "li.si")
    secret = second_factor.secret_of(office, account)
    assert secret is not None
    assert len(pyotp.TOTP(secret).byte_secret()) == 20
    assert account.totp_secret is not None
    assert secret not in account.totp_secret
    await Account.filter(id=other.id).update(totp_secret=account.totp_secret)
    moved = await Account.get(id=other.id)
    with pytest.raises(Exception, match="加密数据已被改动"):
        second_factor.secret_of(office, moved)


async def test_who_has_enrolled_keeps_the_secret(office: Office) -> None:
    account = await person(office)
    await second_factor.begin(office, account)
    assert (await Account.get(id=account.id)).totp_secret == account.totp_secret


def test_the_address_that_apps_read() -> None:
    address = second_factor.address(RFC_6238, "zhang.san")
    assert pyotp.parse_uri(address).secret == RFC_6238
    assert address.startswith("otpauth://totp/")
    assert "zhang.san" in address
