"""Signed in at the console. The token lies in a cookie; here is only its keyed hash.

Password, then second factor: between the two a session is not complete and opens nothing else. Each
step has a token of its own, so none that anybody knew before is worth more afterwards.

`now` is the real time, whatever clock the office goes by: a browser is left alone in real minutes.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from tortoise.expressions import Q

from models.office import Office
from models.tables import Account, AccountSession

TOKEN_BYTES: Final = 32
IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
HALFWAY: Final = timedelta(minutes=10)
"""For the second factor."""
NOTED: Final = timedelta(minutes=1)
"""How exactly it is known when somebody was here last: not each page is a write."""


def fresh_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


async def start(office: Office, account: Account, now: datetime, *, complete: bool) -> str:
    """The token. Sessions of anybody that are over are forgotten."""
    await forget(now)
    token = fresh_token()
    await AccountSession.create(
        account=account,
        token_hash=_hash(office, token),
        complete=complete,
        at=now,
        seen_at=now,
        until=now + (LONGEST if complete else HALFWAY),
    )
    return token


async def session_of(office: Office, token: str, now: datetime) -> AccountSession | None:
    """With its account, and the account's agency and region. None: it is no session, or is over."""
    session = await AccountSession.get_or_none(
        token_hash=_hash(office, token),
        until__gt=now,
        seen_at__gt=now - IDLE,
        account__disabled_at=None,
    ).select_related("account__agency__region")
    if session is not None and now - session.seen_at >= NOTED:
        await AccountSession.filter(id=session.id).update(seen_at=now)
    return session


async def sessions_of(account: Account, now: datetime) -> list[AccountSession]:
    """That are not over, the newest first."""
    return await AccountSession.filter(
        account=account, complete=True, until__gt=now, seen_at__gt=now - IDLE
    ).order_by("-id")


async def end(session: AccountSession) -> None:
    await AccountSession.filter(id=session.id).delete()


async def end_all(account: Account, *, but: AccountSession | None = None) -> None:
    """Password, role or standing have changed: whoever is signed in signs in anew."""
    sessions = AccountSession.filter(account=account)
    await (sessions.exclude(id=but.id) if but else sessions).delete()


async def forget(now: datetime) -> int:
    """Those that are over; how many."""
    return await AccountSession.filter(Q(until__lte=now) | Q(seen_at__lte=now - IDLE)).delete()


def form_token(office: Office, token: str) -> str:
    """What the forms of a session carry: another site can send the cookie along, not this."""
    return office.keys.find(token, "staff-form")


def _hash(office: Office, token: str) -> str:
    return office.keys.find(token, "staff-session")
