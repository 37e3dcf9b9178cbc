"""Guesses at one account: after five failures it is locked for a quarter of an hour, after five
more for twice as long.

An attempt is counted before it is examined: a hundred at once are five and ninety-five refusals.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from models.accounts.guesses import TooManyGuesses
from models.accounts.history import SYSTEM, Kind, record
from models.office import Office
from models.tables import Account

ALLOWED: Final = 5
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(days=1)


class Locked(TooManyGuesses):
    code = "locked"


def lock_after(failures: int) -> timedelta | None:
    """How long the account is locked once so many have failed in a row."""
    if failures == 0 or failures % ALLOWED:
        return None
    doublings = min(failures // ALLOWED - 1, 10)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


async def begin(office: Office, account: Account, now: datetime) -> None:
    """Counts as failed until `forgive`. Raises Locked."""
    async with office.database.transaction():
        row = await Account.select_for_update().get(id=account.id)
        if row.locked_until is not None and row.locked_until > now:
            raise Locked((row.locked_until - now).total_seconds())
        row.failures += 1
        lock = lock_after(row.failures)
        row.locked_until = now + lock if lock else None
        await row.save(update_fields=["failures", "locked_until"])


async def failed(office: Office, account: Account, why: str) -> None:
    row = await Account.get(id=account.id)
    await record(office, account, Kind.REFUSED, why=why)
    if row.locked_until is not None:
        await record(office, account, Kind.LOCKED, SYSTEM, failures=row.failures)


async def forgive(office: Office, account: Account) -> None:
    """This attempt was none. Those before it stay: with the right password alone nobody begins
    anew to guess at the second factor."""
    async with office.database.transaction():
        row = await Account.select_for_update().get(id=account.id)
        row.failures = max(row.failures - 1, 0)
        row.locked_until = None
        await row.save(update_fields=["failures", "locked_until"])


async def clear(account: Account) -> None:
    """Signed in, or reset by an administrator."""
    await Account.filter(id=account.id).update(failures=0, locked_until=None)
