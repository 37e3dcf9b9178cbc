"""Log-ins to the API of a mini-program or a host app. Tokens are shown once and stored hashed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.office import Office
from models.tables import Rater, RaterSession, UsedTicket

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Started:
    token: str = field(repr=False)
    until: datetime


async def start(office: Office, rater: Rater, lasts: timedelta) -> Started:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    until = office.now() + lasts
    await RaterSession.create(token_hash=_hash(office, token), rater=rater, until=until)
    return Started(token, until)


async def rater_of(office: Office, token: str) -> Rater | None:
    """None: no session of ours, or one that is over."""
    found = await RaterSession.get_or_none(
        token_hash=_hash(office, token), until__gt=office.now()
    ).select_related("rater")
    return found.rater if found else None


async def end(office: Office, token: str) -> None:
    await RaterSession.filter(token_hash=_hash(office, token)).delete()


async def forget(office: Office, now: datetime) -> int:
    """Sessions that are over, and tickets that nobody could show again; how many. `now`: the real
    time, by which tickets end, whatever clock the office goes by."""
    over = await RaterSession.filter(until__lte=office.now()).delete()
    return over + await UsedTicket.filter(until__lt=now).delete()


def _hash(office: Office, token: str) -> str:
    return office.keys.find(token, "session")
