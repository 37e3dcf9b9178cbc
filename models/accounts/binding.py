"""Who a chat user is (绑定): a code shown on the console is typed once in chat."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from tortoise.exceptions import IntegrityError

from models.accounts.guesses import Guesses
from models.accounts.history import Kind, record
from models.office import Office
from models.refusals import Conflict, Invalid
from models.tables import Account, BindCode, ChatBinding

VALID: Final = timedelta(minutes=10)
REMEMBERED: Final = timedelta(days=1)
"""For so long a code that is over is told from one that never was."""
DIGITS: Final = 8
GUESSES: Final = Guesses("bind-guess", most=10, minutes=10)


class CodeUnknown(Invalid):
    code = "bind_code_unknown"


class CodeExpired(Invalid):
    code = "bind_code_expired"


class AlreadyBound(Conflict):
    code = "already_bound"


async def new_code(office: Office, account: Account) -> str:
    """In place of an earlier one. Eight digits, valid for ten minutes, once."""
    now = office.now()
    await BindCode.filter(account=account, used_at=None).delete()
    await BindCode.filter(until__lt=now - REMEMBERED).delete()
    while await BindCode.exists(code_hash=_code_hash(office, code := _drawn())):
        pass
    await BindCode.create(
        account=account, code_hash=_code_hash(office, code), at=now, until=now + VALID
    )
    return code


async def bind(office: Office, platform: str, app: str, user: str, code: str) -> Account:
    """Raises CodeUnknown, CodeExpired, AlreadyBound, TooManyGuesses."""
    who = f"{app}\0{user}"
    GUESSES.check(office, who)
    try:
        return await _bind(office, platform, app, user, code)
    except CodeUnknown:
        GUESSES.wrong(office, who)
        raise


async def _bind(office: Office, platform: str, app: str, user: str, code: str) -> Account:
    now = office.now()
    found = await BindCode.get_or_none(
        code_hash=_code_hash(office, code), used_at=None, account__disabled_at=None
    ).select_related("account__agency__region")
    if found is None:
        raise CodeUnknown("没有这个绑定码。请在工作台“本人”页取得绑定码，照原样发送。")
    if found.until <= now:
        raise CodeExpired("绑定码已过期。请在工作台“本人”页重新取得。")
    try:
        async with office.database.transaction():
            if not await BindCode.filter(id=found.id, used_at=None).update(used_at=now):
                raise CodeUnknown("这个绑定码已经用过。请在工作台“本人”页重新取得。")
            await ChatBinding.create(
                account=found.account,
                platform=platform,
                app=app,
                user=office.keys.seal(user, "chat_binding.user"),
                user_hash=_user_hash(office, app, user),
                at=now,
            )
            await record(office, found.account, Kind.BOUND, platform=platform, app=app)
    except IntegrityError:
        # One chat user is one account: the index `one_binding`.
        raise AlreadyBound(
            "您已绑定账号。要改绑其他账号，请先在工作台“本人”页解除原来的绑定。"
        ) from None
    return found.account


async def bound(office: Office, app: str, user: str) -> Account | None:
    """With its agency and region. None: bound to nobody, or to an account that is disabled."""
    binding = await ChatBinding.get_or_none(
        app=app,
        user_hash=_user_hash(office, app, user),
        ended_at=None,
        account__disabled_at=None,
    ).select_related("account__agency__region")
    return binding.account if binding else None


async def chats_of(account: Account) -> list[ChatBinding]:
    """That have not ended, oldest first."""
    return await ChatBinding.filter(account=account, ended_at=None).order_by("id")


def user_of(office: Office, binding: ChatBinding) -> str:
    """The platform's user id. Raises KeyFault."""
    return office.keys.open(binding.user, "chat_binding.user")


async def unbind(office: Office, binding: ChatBinding, by: Account) -> None:
    ended = ChatBinding.filter(id=binding.id, ended_at=None)
    if await ended.update(ended_at=office.now()):
        account = await Account.get(id=binding.account_id)
        await record(office, account, Kind.UNBOUND, by.login, app=binding.app)


def _drawn() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def _code_hash(office: Office, code: str) -> str:
    return office.keys.find(code, "bind-code")


def _user_hash(office: Office, app: str, user: str) -> str:
    return office.keys.find(f"{app}\0{user}", "chat-user")
