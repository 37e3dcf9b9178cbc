"""The migrations give the same database on both engines, and nobody runs on another one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import require_context
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.models import Model

import models.tables
from models.addresses import embedded
from models.database import (
    APP,
    Database,
    DatabaseFault,
    DatabaseNewer,
    DatabaseOlder,
    opened,
    tortoise_config,
)

TABLES: list[type[Model]] = [getattr(models.tables, name) for name in models.tables.__all__]

Columns = tuple[str, ...]


@dataclass
class Schema:
    """What both engines must agree on."""

    nullable: dict[str, dict[str, bool]]
    uniques: set[tuple[str, Columns]]
    indexes: set[tuple[str, Columns]]


UNIQUES = {
    ("region", ("code",)),
    ("agency", ("code",)),
    ("hall_window", ("code",)),
    ("static_code", ("code",)),
    ("integrator", ("key_hash",)),
    ("case_file", ("number",)),
    ("case_group", ("number",)),
    ("call", ("number",)),
    ("handover", ("call_id",)),
    ("visit", ("case_number", "number")),
    ("completion", ("case_number",)),
    ("invitation", ("key",)),
    ("invitation", ("nonce",)),
    ("evaluation", ("submission",)),
    ("opinion", ("submission",)),
    ("coverage", ("slot",)),
    ("ledger_leaf", ("evaluation_id",)),
    ("work_order", ("evaluation_id",)),
    ("order_event", ("order_id", "sequence")),
    ("order_deadline", ("order_id", "kind")),
    ("account", ("login",)),
    ("account_session", ("token_hash",)),
    ("bind_code", ("code_hash",)),
    ("chat_binding", ("app", "user_hash")),
    ("staff_message", ("app", "once")),
    ("staff_draft", ("account_id",)),
    ("notice", ("once",)),
    ("notice_attempt", ("notice_id", "number")),
    ("reply", ("gateway", "reference")),
    ("opt_out", ("channel", "address_hash")),
    ("rater", ("app", "openid_hash")),
    ("chat_message", ("app", "once")),
    ("rater_session", ("token_hash",)),
    ("consent", ("rater_id", "once")),
    ("held_receipt", ("evaluation_id",)),
    ("used_ticket", ("app", "nonce")),
    ("access_token", ("app",)),
    ("platform_code", ("app", "kind", "scene")),
}
"""Each of them is a lock of the system: what must not happen twice."""

INDEXES = {
    ("case_file", ("group_id",)),
    ("case_file", ("call_number",)),
    ("case_file", ("phone_hash",)),
    ("case_file", ("agent_phone_hash",)),
    ("call", ("case_number",)),
    ("handover", ("claimed_at",)),
    ("invitation", ("case_id",)),
    ("invitation", ("group_id",)),
    ("invitation", ("call_id",)),
    ("evaluation", ("invitation_id",)),
    ("evaluation", ("rater_hash",)),
    ("coverage", ("evaluation_id",)),
    ("coverage", ("agency_id", "target")),
    ("order_deadline", ("due_at",)),
    ("order_deadline", ("warn_at",)),
    ("order_deadline", ("escalate_at",)),
    ("order_event", ("kind", "order_id")),
    ("order_event", ("agency_id",)),
    ("order_file", ("event_id",)),
    ("coverage", ("staff_id",)),
    ("work_order", ("state",)),
    ("work_order", ("due_at",)),
    ("work_order", ("holder_id", "state")),
    ("work_order", ("handler_id", "state")),
    ("work_order", ("region_id", "state")),
    ("chat_send", ("route", "at")),
    ("notice", ("next_at", "id")),
    ("notice", ("id",)),
    ("notice_attempt", ("reference",)),
    ("reply", ("sender_hash",)),
    ("invitation", ("remind_at",)),
    ("invitation", ("timely_until",)),
    ("invitation", ("until",)),
    ("invitation", ("follow_up_until",)),
    ("attachment", ("evaluation_id",)),
    ("attachment", ("opinion_id",)),
    ("rater", ("phone_hash",)),
    ("rater", ("identity_hash",)),
    ("chat_message", ("next_at",)),
    ("chat_message", ("received_at",)),
    ("rater_session", ("until",)),
    ("phone_check", ("rater_id",)),
    ("phone_check", ("phone_hash",)),
    ("consent", ("used_by_id",)),
    ("held_receipt", ("rater_id",)),
    ("used_ticket", ("until",)),
}


async def of_sqlite(connection: BaseDBAsyncClient) -> Schema:
    async def ask(sql: str) -> list[dict[str, Any]]:
        return await connection.execute_query_dict(sql)

    schema = Schema({}, set(), set())
    for table in TABLES:
        name = table.describe()["table"]
        columns = await ask(f"PRAGMA table_info({name})")
        schema.nullable[name] = {column["name"]: not column["notnull"] for column in columns}
        for index in await ask(f"PRAGMA index_list({name})"):
            found = await ask(f"PRAGMA index_info({index['name']})")
            kind = schema.uniques if index["unique"] else schema.indexes
            kind.add((name, tuple(column["name"] for column in found)))
    return schema


async def of_postgres(connection: BaseDBAsyncClient) -> Schema:
    schema = Schema({}, set(), set())
    for column in await connection.execute_query_dict(
        "SELECT table_name, column_name, is_nullable FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name <> 'tortoise_migrations'"
    ):
        table = schema.nullable.setdefault(column["table_name"], {})
        table[column["column_name"]] = column["is_nullable"] == "YES"
    for index in await connection.execute_query_dict(
        "SELECT i.indrelid::regclass::text AS name, i.indisunique,"
        " ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place)"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
        " ORDER BY k.place) AS columns"
        " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relname <> 'tortoise_migrations'"
        # SQLite keeps no separate index for a whole-number key.
        " AND NOT (i.indisprimary AND i.indnatts = 1 AND EXISTS (SELECT FROM pg_attribute a"
        " WHERE a.attrelid = c.oid AND a.attname = 'id' AND a.atttypid <> 'uuid'::regtype))"
    ):
        kind = schema.uniques if index["indisunique"] else schema.indexes
        kind.add((index["name"], tuple(index["columns"])))
    return schema


async def schema_of(database: Database) -> Schema:
    return await (of_postgres if database.is_postgres else of_sqlite)(database.connection)


async def test_tables_are_what_the_models_say(database: Database) -> None:
    schema = await schema_of(database)
    for table in TABLES:
        described = table.describe()
        columns = {
            field["db_column"]: field["nullable"]
            for field in (described["pk_field"], *described["data_fields"])
        }
        assert schema.nullable[described["table"]] == columns, described["table"]


async def test_uniques_and_indexes_are_there(database: Database) -> None:
    schema = await schema_of(database)
    assert schema.uniques >= UNIQUES
    assert schema.indexes >= INDEXES


async def test_both_engines_have_the_same(
    migrated_file: Path, tmp_path: Path, new_postgres: Callable[[str], str]
) -> None:
    shutil.copy(migrated_file, tmp_path)
    async with opened(embedded(tmp_path)) as database:
        ours = await of_sqlite(database.connection)
    async with opened(new_postgres("migrated")) as database:
        theirs = await of_postgres(database.connection)
    assert ours == theirs


@pytest.mark.parametrize("check", ["evaluation_provenance", "evaluation_level"])
async def test_checks_are_there(database: Database, check: str) -> None:
    sql = "SELECT sql AS said FROM sqlite_master WHERE name = 'evaluation'"
    if database.is_postgres:
        sql = "SELECT string_agg(conname, ' ') AS said FROM pg_constraint WHERE contype = 'c'"
    assert check in (await database.connection.execute_query_dict(sql))[0]["said"]


async def test_the_migrations_have_all_that_the_models_say(database: Database) -> None:
    apps = require_context().apps
    assert apps is not None
    config = tortoise_config("sqlite://:memory:")["apps"]
    writers = await MigrationAutodetector(apps, config).changes()
    assert [writer.operations for writer in writers] == []
    assert await database.migrate() == []


def executor(database: Database, url: str) -> MigrationExecutor:
    return MigrationExecutor(database.connection, tortoise_config(url)["apps"])


async def test_down_and_up_again(database: Database, database_url: str) -> None:
    before = await schema_of(database)
    first = MigrationTarget(APP, "__first__")
    await executor(database, database_url).migrate([first], direction="backward")
    assert not any((await schema_of(database)).nullable.values())
    applied = await database.migrate()
    assert "0001_tables" in applied
    assert await schema_of(database) == before
    await database.check_schema()


async def test_an_older_database_is_not_used(empty_url: str) -> None:
    async with opened(empty_url) as database:
        with pytest.raises(DatabaseOlder, match="0001_tables"):
            await database.check_schema()
        target = MigrationTarget(APP, "0001_tables")
        await executor(database, empty_url).migrate([target])
        with pytest.raises(DatabaseOlder, match=r"0002_append_only.*备份.*haochaping migrate"):
            await database.check_schema()
        assert "0002_append_only" in await database.migrate()
        await database.check_schema()


async def test_a_newer_database_is_not_used(database: Database) -> None:
    await database.connection.execute_query(
        "INSERT INTO tortoise_migrations (app, name, applied_at)"
        " VALUES ('models', '9999_future', '2030-01-01 00:00:00+00')"
    )
    for use in (database.check_schema, database.migrate):
        with pytest.raises(DatabaseNewer, match=r"9999_future.*较新的 haochaping"):
            await use()


@pytest.mark.parametrize("url", ["mysql://somewhere/x", "haochaping.sqlite3", ""])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(DatabaseFault, match="sqlite:// 或 postgres://"):
        tortoise_config(url)


def test_a_password_may_have_any_character() -> None:
    config = tortoise_config("postgres://me:p%40%2Fss@db.example:5433/haochaping")
    credentials = config["connections"]["postgres"]["credentials"]
    assert (credentials["user"], credentials["password"]) == ("me", "p@/ss")
    assert (credentials["host"], credentials["port"]) == ("db.example", 5433)
