"""The embedded engine: tortoise's SQLite client whose transactions begin as writers.

`BEGIN` alone is deferred: a second process that reads and then writes meets "database is locked"
at once, whatever the busy timeout. Every transaction here writes, so it takes the write lock first
and waits for it (`busy_timeout`).
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.exceptions import OperationalError

if TYPE_CHECKING:
    from tortoise.backends.base.client import TransactionContext


class WriterTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as busy:
            raise OperationalError(busy) from busy


class EmbeddedClient(SqliteClient):
    def _in_transaction(self) -> TransactionContext:
        return SqliteTransactionContext(WriterTransaction(self), self._lock)


client_class = EmbeddedClient
