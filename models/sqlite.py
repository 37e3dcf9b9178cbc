"""The embedded engine: tortoise's SQLite client whose transactions begin as writers.

`BEGIN` alone is deferred: a second process that reads and then writes meets "database is locked"
at once, whatever the busy timeout. Every transaction here writes, so it takes the write lock first
and waits for it (`busy_timeout`).

Instants are kept as text and compared as text, so all of them are written in one zone.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

from models.database import DatabaseFault

if TYPE_CHECKING:
    from tortoise.backends.base.client import TransactionalDBClient, TransactionContext


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(" ")


# In place of tortoise's, which writes each instant in the zone it came in: 08:00+08:00 would come
# after 01:00+00:00.
sqlite3.register_adapter(datetime, _in_utc)


class Opening(ConnectionWrapper[aiosqlite.Connection]):
    async def __aenter__(self) -> aiosqlite.Connection:
        """Tortoise's own keeps the lock when the file cannot be opened, and whoever comes next
        waits for ever."""
        # Outside of the `try`: who gives up while waiting for the lock must not let go another's.
        await self._lock.acquire()
        try:
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection


class WriterTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as busy:
            raise OperationalError(busy) from busy
        except BaseException:
            # Given up while it waited: the lock may come all the same, and would stay.
            await self._connection.rollback()
            raise


class WriterContext(SqliteTransactionContext):
    async def __aenter__(self) -> TransactionalDBClient:
        """Tortoise's own, when it cannot begin, keeps the connection's lock for ever and leaves the
        task with a transaction that never began."""
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        connection: TransactionalDBClient = self.connection
        return connection


class EmbeddedClient(SqliteClient):
    async def create_connection(self, with_db: bool) -> None:
        """Raises DatabaseFault. Half opened, without its pragmas, it must not be used."""
        try:
            await super().create_connection(with_db)
        except sqlite3.DatabaseError as broken:
            await self.close()
            raise DatabaseFault(
                f"数据库文件 {self.filename} 无法打开（{broken}）。请恢复备份。"
            ) from broken

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        return Opening(self._lock, self)

    def _in_transaction(self) -> TransactionContext:
        return WriterContext(WriterTransaction(self), self._lock)


client_class = EmbeddedClient
