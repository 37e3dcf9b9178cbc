"""PostgreSQL transactions held at a gate, so that they meet where a test wants them to.

A deferred trigger lets nobody commit who has inserted into a table while the gate is shut. Who
waits there has read and written everything, and nobody has seen it: no luck and no sleep is needed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

from models.database import Database, opened

_GATE = 4711
_SHUT = f"SELECT pg_advisory_xact_lock({_GATE}, 0)"
_WAITING = (
    "SELECT count(*) AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
PATIENCE = 20


async def build_gate(url: str, *tables: str) -> None:
    async with opened(url) as database:
        run = database.connection.execute_script
        await run(
            "CREATE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" PERFORM pg_catalog.pg_advisory_xact_lock_shared({_GATE}, 0); RETURN NEW; END $$"
        )
        for table in tables:
            await run(
                f"CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON {table}"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_the_gate()"
            )


async def without_advisory_locks(url: str) -> None:
    """From the next connection on, the locks of the intake lock nothing in this database."""
    async with opened(url) as database:
        run = database.connection.execute_script
        await run(
            "CREATE FUNCTION pg_advisory_xact_lock(integer, integer) RETURNS void"
            " LANGUAGE sql AS ''"
        )
        (row,) = await database.connection.execute_query_dict("SELECT current_database() AS name")
        await run(f"ALTER DATABASE {row['name']} SET search_path = public, pg_catalog")


@asynccontextmanager
async def _shut(database: Database) -> AsyncIterator[None]:
    is_shut, open_again = asyncio.Event(), asyncio.Event()

    async def keeper() -> None:
        async with database.transaction() as connection:
            await connection.execute_query(_SHUT.replace("pg_adv", "pg_catalog.pg_adv"))
            is_shut.set()
            await open_again.wait()

    task = asyncio.create_task(keeper())
    await is_shut.wait()
    try:
        yield
    finally:
        open_again.set()
        await task


async def meet_at_the_gate(
    database: Database, *work: Coroutine[Any, Any, object]
) -> Sequence[object]:
    """All begin; when every one of them waits, at the gate or for another one, the gate opens.
    What each has come to, or the exception."""
    tasks = []
    async with asyncio.timeout(PATIENCE), _shut(database):
        tasks = [asyncio.create_task(each) for each in work]
        while not all(task.done() for task in tasks):
            (row,) = await database.connection.execute_query_dict(_WAITING)
            if row["waiting"] + sum(task.done() for task in tasks) == len(tasks):
                break
    async with asyncio.timeout(PATIENCE):
        return await asyncio.gather(*tasks, return_exceptions=True)
