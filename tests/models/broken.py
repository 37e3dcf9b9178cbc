"""A database that fails for real: whatever is written into one table is aborted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from models.database import Database


@asynccontextmanager
async def refusing(database: Database, table: str, verb: str = "INSERT") -> AsyncIterator[None]:
    run = database.connection.execute_script
    if database.is_postgres:
        await run(
            "CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$"
        )
        await run(
            f"CREATE TRIGGER refusing BEFORE {verb} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION disk_full()"
        )
    else:
        await run(
            f"CREATE TRIGGER refusing BEFORE {verb} ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    try:
        yield
    finally:
        await run(f"DROP TRIGGER refusing {f'ON {table}' if database.is_postgres else ''}")
