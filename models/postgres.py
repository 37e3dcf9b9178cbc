"""PostgreSQL: tortoise's client, whose transactions give their connection back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContextPooled
from tortoise.connection import get_connections

if TYPE_CHECKING:
    from tortoise.backends.base.client import TransactionalDBClient, TransactionContext


class GivenBack(TransactionContextPooled):
    async def __aenter__(self) -> TransactionalDBClient:
        """Tortoise's own keeps the connection when it cannot begin, or is given up while it does:
        ten of them, and the pool is empty for ever."""
        await self.ensure_connection()
        pool = self.client._parent._pool  # noqa: SLF001 - where tortoise keeps it
        connection = await pool.acquire()
        try:
            self.client._connection = connection  # noqa: SLF001
            await self.client.begin()
        except BaseException:
            await pool.release(connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client


class PooledClient(AsyncpgDBClient):
    def _in_transaction(self) -> TransactionContext:
        return GivenBack(TransactionWrapper(self), self._pool_init_lock)


client_class = PooledClient
