"""One sweep, batch by batch: each its own short transaction, whatever the number of rows.

Several processes may sweep at once. On PostgreSQL each takes rows that no other holds
(`SKIP LOCKED`); on SQLite a transaction has the file for itself (`models/sqlite.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.office import Office

BATCH: Final = 500

Ids = Sequence[int]
T = TypeVar("T", bound=Model)


async def sweep(
    office: Office,
    due: Callable[[], QuerySet[T]],
    do: Callable[[Ids], Awaitable[None]],
) -> int:
    """`due` in the order in which they fell due. How many were done."""
    if not await due().exists():
        # Most of the time: no transaction is begun for nothing, on SQLite each holds up everybody.
        return 0
    total = 0
    while True:
        async with office.database.transaction():
            found = due().limit(BATCH).select_for_update(skip_locked=True).only("id")
            ids = [row.pk for row in await found]
            if ids:
                await do(ids)
        total += len(ids)
        if len(ids) < BATCH:
            return total
