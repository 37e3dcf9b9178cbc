"""Signing in: password, then second factor. What is wrong is told without telling which."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final

from models.accounts import attempts, passwords, second_factor, sessions
from models.accounts.guesses import Guesses
from models.accounts.history import Kind, record
from models.office import Office
from models.refusals import Invalid, Refused
from models.tables import Account, AccountSession

FROM_ONE_ADDRESS: Final = Guesses("sign-in-address", most=50, minutes=15)
"""Behind one address may be a whole agency."""
AT_NO_ACCOUNT: Final = Guesses("sign-in-unknown", most=attempts.ALLOWED, minutes=15)
"""A login that nobody has is locked like one that somebody has."""


class WrongCredentials(Refused):
    code: ClassVar[str] = "wrong_credentials"


async def by_password(
    office: Office, login: str, password: str, address: str, now: datetime
) -> Account:
    """Raises WrongCredentials, Locked, TooManyGuesses."""
    FROM_ONE_ADDRESS.check(office, address)
    login = login.lower()[:50]
    account = None
    if login.isascii() and login.isprintable():
        account = await Account.get_or_none(login=login, disabled_at=None)
    if account is None:
        AT_NO_ACCOUNT.check(office, login)
    else:
        await attempts.begin(office, account, now)
    right = await passwords.matches(account.password if account else None, password)
    if account is None or not right:
        FROM_ONE_ADDRESS.wrong(office, address)
        if account is None:
            AT_NO_ACCOUNT.wrong(office, login)
        else:
            await attempts.failed(office, account, "password")
        raise WrongCredentials("账号或密码不正确。")
    await attempts.forgive(office, account)
    if account.password and passwords.is_dated(account.password):
        anew = await passwords.hashed(password)
        await Account.filter(id=account.id, password=account.password).update(password=anew)
    return account


async def halfway(office: Office, account: Account, now: datetime) -> str:
    """The password was right: the token for the second factor."""
    if account.totp_enrolled_at is None:
        await second_factor.begin(office, account)
    return await sessions.start(office, account, now, complete=False)


async def by_code(office: Office, session: AccountSession, code: str, now: datetime) -> str:
    """The token of a session that is complete, in place of the one that was not. Raises
    WrongCredentials, Locked."""
    account = session.account
    await attempts.begin(office, account, now)
    if not await second_factor.passes(office, account, code, now):
        await attempts.failed(office, account, "code")
        raise WrongCredentials("动态口令不正确，或已经用过。请等下一个口令。")
    await attempts.clear(account)
    await sessions.end(session)
    await record(office, account, Kind.SIGNED_IN, way="password")
    return await sessions.start(office, account, now, complete=True)


async def by_chat(office: Office, account: Account, app: str, now: datetime) -> str:
    """The chat platform says that it is them, on their own device."""
    await record(office, account, Kind.SIGNED_IN, way=app)
    return await sessions.start(office, account, now, complete=True)


async def sign_out(office: Office, session: AccountSession) -> None:
    await sessions.end(session)
    await record(office, session.account, Kind.SIGNED_OUT)


async def change_password(
    office: Office, session: AccountSession, old: str, new: str, now: datetime
) -> str:
    """Every other session ends; the token of this one is another. Raises PasswordUnfit, Locked,
    WrongCredentials."""
    account = session.account
    passwords.check_fit(new, account.login, account.name)
    if new == old:
        raise passwords.PasswordUnfit("新密码不能与原密码相同。")
    await attempts.begin(office, account, now)
    if not await passwords.matches(account.password, old):
        await attempts.failed(office, account, "password")
        raise WrongCredentials("原密码不正确。", field="old")
    await attempts.forgive(office, account)
    changed = await Account.filter(id=account.id, password=account.password).update(
        password=await passwords.hashed(new), password_changed_at=office.now()
    )
    if not changed:
        raise Invalid("密码刚刚被另行修改，请重新登录。")
    await record(office, account, Kind.PASSWORD_CHANGED)
    await sessions.end_all(account)
    return await sessions.start(office, account, now, complete=True)
