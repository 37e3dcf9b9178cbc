"""Accounts for tests, with a password and a telephone."""

from __future__ import annotations

from functools import cache
from typing import Final

import pyotp
from argon2 import PasswordHasher

from models.accounts import administering, second_factor
from models.accounts.administering import AT_THE_COMMAND_LINE, Post
from models.accounts.roles import Role
from models.office import Office
from models.tables import Account

PASSWORD: Final = "drei Kamele am Teich"  # noqa: S105 - of tests


@cache
def stored() -> str:
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)


async def person(
    office: Office,
    login: str = "zhang.san",
    role: Role = Role.OPERATOR,
    agency: str = "",
    staff: str = "",
) -> Account:
    """With a second factor, who has chosen their own password."""
    account = await administering.open_account(
        office, AT_THE_COMMAND_LINE, login, "张三", Post(role, agency, staff), stored()
    )
    await second_factor.begin(office, account)
    now = office.now()
    await Account.filter(id=account.id).update(totp_enrolled_at=now, password_changed_at=now)
    return await Account.get(id=account.id).select_related("agency__region", "staff")


def code(office: Office, account: Account, later: int = 0) -> str:
    """What the telephone shows now, or `later` steps from now. `account` as it is stored."""
    secret = second_factor.secret_of(office, account)
    assert secret is not None
    return pyotp.TOTP(secret).at(office.now(), counter_offset=later)
