"""Opening, migrating and leaving the database. SQLite (WAL) and PostgreSQL, the same migrations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.graph import MigrationKey
from tortoise.transactions import in_transaction

APP = "models"
MIGRATIONS = "models.migrations"
_POSTGRES_SCHEMES = ("postgres", "postgresql")


class DatabaseFault(Exception):
    """The database cannot be used as it is; the message says what to do."""


class DatabaseOlder(DatabaseFault):
    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            f"数据库结构比程序旧（缺少 {'、'.join(missing)}）。"
            "请先备份，再运行 haochaping migrate。"
        )


class DatabaseNewer(DatabaseFault):
    def __init__(self, unknown: list[str]) -> None:
        super().__init__(
            f"数据库结构比程序新（{'、'.join(unknown)} 不认识）。请安装较新的 haochaping 再启动。"
        )


def connection_name(url: str) -> str:
    """One name an engine: tortoise caches its INSERT statements by connection name, and the two
    engines number their placeholders differently."""
    return "sqlite" if urlsplit(url).scheme == "sqlite" else "postgres"


def tortoise_config(url: str) -> dict[str, Any]:
    """Raises DatabaseFault for a URL that is neither sqlite:// nor postgres://."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        connection: dict[str, Any] = {
            "engine": "models.sqlite",
            "credentials": {
                "file_path": url.removeprefix("sqlite://"),
                "journal_mode": "WAL",
                "synchronous": "NORMAL",
                "foreign_keys": "ON",
                "busy_timeout": 10_000,
            },
        }
    elif parts.scheme in _POSTGRES_SCHEMES:
        # A socket's folder stands in the query, as libpq writes it.
        host = parts.hostname or parse_qs(parts.query).get("host", [None])[0]
        connection = {
            "engine": "models.postgres",
            "credentials": {
                "host": host,
                "port": parts.port or 5432,
                "user": unquote(parts.username or ""),
                "password": unquote(parts.password or "") or None,
                "database": parts.path.lstrip("/"),
                "minsize": 1,
                "maxsize": 10,
            },
        }
    else:
        raise DatabaseFault(
            f"数据库地址应以 sqlite:// 或 postgres:// 开头，而不是“{parts.scheme}”。"
        )
    name = connection_name(url)
    return {
        "connections": {name: connection},
        "apps": {
            APP: {
                "models": ["models.tables"],
                "default_connection": name,
                "migrations": MIGRATIONS,
            }
        },
    }


SCHEMA = tortoise_config("sqlite://:memory:")
"""For `tortoise -c models.database.SCHEMA makemigrations`."""


class Database:
    """An open database. One a process: tortoise finds its connection by context."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        (self._name,) = config["connections"]

    @property
    def connection(self) -> BaseDBAsyncClient:
        return get_connection(self._name)

    @property
    def is_postgres(self) -> bool:
        return self.connection.capabilities.dialect == "postgres"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[BaseDBAsyncClient]:
        """Everything or nothing. Never await the outside world in here: on SQLite there is one
        connection, and everybody waits."""
        async with in_transaction(self._name) as connection:
            yield connection

    async def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """For what the ORM has no words for. Placeholders are `?` on both engines."""
        if self.is_postgres:
            first, *others = sql.split("?")
            sql = first + "".join(f"${number}{each}" for number, each in enumerate(others, 1))
        return await self.connection.execute_query_dict(sql, list(values))

    async def migrate(self) -> list[str]:
        """Bring the schema up to the code; names of what was applied. Raises DatabaseNewer."""
        known, applied = await self._migrations()
        if unknown := applied - known:
            raise DatabaseNewer(_names(unknown))
        await self._executor().migrate(direction="forward")
        return _names(known - applied)

    async def check_schema(self) -> None:
        """Raises DatabaseOlder or DatabaseNewer."""
        known, applied = await self._migrations()
        if unknown := applied - known:
            raise DatabaseNewer(_names(unknown))
        if missing := known - applied:
            raise DatabaseOlder(_names(missing))

    async def _migrations(self) -> tuple[set[MigrationKey], set[MigrationKey]]:
        """Those of the code and those of the database."""
        # Asked first: tortoise takes a database that does not answer for an empty one.
        await self.connection.execute_query("SELECT 1")
        executor = self._executor()
        await executor.loader.build_graph()
        applied = await executor.recorder.applied_migrations()
        return set(executor.loader.graph.nodes), set(applied)

    def _executor(self) -> MigrationExecutor:
        return MigrationExecutor(self.connection, self._config["apps"])


def _names(keys: set[MigrationKey]) -> list[str]:
    return sorted(key.name for key in keys)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Open, hand out, close: an unclosed connection would keep the process from ending.

    The global fallback lets aiohttp's handlers, which run in contexts of their own, find it.
    """
    config = tortoise_config(url)
    await Tortoise.init(config=config, _enable_global_fallback=True)
    try:
        yield Database(config)
    finally:
        await Tortoise.close_connections()
