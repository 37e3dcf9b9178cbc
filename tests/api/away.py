"""A PostgreSQL database that lets nobody in for a while."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg


@asynccontextmanager
async def away(database_url: str) -> AsyncIterator[None]:
    """Who is connected is hung up on, who knocks is turned away, until this is left."""
    name = database_url.partition("?")[0].rpartition("/")[2]
    other = await asyncpg.connect(database_url.replace(name, "postgres"))
    try:
        await other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        await other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", name
        )
        yield
    finally:
        await other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        await other.close()
