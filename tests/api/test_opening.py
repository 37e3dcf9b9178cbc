"""Start-up: fit to work, or a plain word on what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.opening import WrongMode, migrate, open_office
from api.settings import Settings
from models.database import Database, DatabaseFault, DatabaseNewer, DatabaseOlder, opened
from models.keys import KeyFault, KeyRing
from models.refusals import Invalid
from models.tables import Installation
from tests.standing import StandingClock

CLOCK = StandingClock()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """With tables, which take seconds to make, and nothing else: no keys, nothing installed."""
    return Settings.model_validate({"data": tmp_path, "database": database_url})


@pytest.fixture
def empty(empty_url: str, tmp_path: Path) -> Settings:
    return Settings.model_validate({"data": tmp_path, "database": empty_url})


async def change(url: str, sql: str) -> None:
    async with opened(url) as database:
        await database.connection.execute_query(sql)


async def names(url: str) -> list[str]:
    async with opened(url) as database:
        rows = await database.connection.execute_query_dict(
            "SELECT name FROM tortoise_migrations ORDER BY name"
        )
    return [row["name"] for row in rows]


async def test_migrated_it_opens_and_again_nothing_is_done(empty: Settings) -> None:
    assert await migrate(empty, CLOCK)
    assert await migrate(empty, CLOCK) == []
    async with open_office(empty, CLOCK) as office:
        assert office.now() == CLOCK.at
        assert (await Installation.get()).created_at == CLOCK.at
    assert empty.keys_file.stat().st_mode & 0o077 == 0


async def test_an_empty_database_is_told_to_migrate(empty: Settings) -> None:
    KeyRing.fresh().save(empty.keys_file)
    with pytest.raises(DatabaseOlder, match="haochaping migrate"):
        async with open_office(empty, CLOCK):
            pass


async def test_without_keys_nothing_opens(settings: Settings) -> None:
    with pytest.raises(KeyFault, match="由 migrate 生成"):
        async with open_office(settings, CLOCK):
            pass


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"sealing": {}}', "\xff"])
async def test_keys_that_cannot_be_read_are_named(settings: Settings, content: str) -> None:
    await migrate(settings, CLOCK)
    settings.keys_file.write_text(content, encoding="latin-1")
    for attempt in (open_office(settings, CLOCK).__aenter__(), migrate(settings, CLOCK)):
        with pytest.raises(KeyFault, match=r"keys\.json 无法读取。请恢复备份"):
            await attempt


async def test_other_keys_are_noticed_at_once(settings: Settings) -> None:
    await migrate(settings, CLOCK)
    settings.keys_file.unlink()
    for attempt in (open_office(settings, CLOCK).__aenter__(), migrate(settings, CLOCK)):
        with pytest.raises(KeyFault, match="请恢复备份"):
            await attempt
    # Nobody makes new keys beside data that old ones have sealed.
    assert not settings.keys_file.exists()
    KeyRing.fresh().save(settings.keys_file)
    for attempt in (open_office(settings, CLOCK).__aenter__(), migrate(settings, CLOCK)):
        with pytest.raises(KeyFault, match="请恢复原来的密钥文件"):
            await attempt


async def test_a_demo_is_not_served_for_real_and_nothing_real_as_a_demo(
    settings: Settings,
) -> None:
    await migrate(settings, CLOCK, demo=True)
    for attempt in (open_office(settings, CLOCK).__aenter__(), migrate(settings, CLOCK)):
        with pytest.raises(WrongMode, match="演示数据"):
            await attempt
    async with open_office(settings, CLOCK, demo=True), open_office(settings, CLOCK, demo=None):
        pass
    await change(settings.database_url, "UPDATE installation SET demo = false")
    for attempt in (
        open_office(settings, CLOCK, demo=True).__aenter__(),
        migrate(settings, CLOCK, demo=True),
    ):
        with pytest.raises(WrongMode, match="正式数据"):
            await attempt


async def test_whoever_is_refused_has_migrated_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demo started by mistake on the real database must leave its schema alone."""
    await migrate(settings, CLOCK)
    reached: list[Database] = []

    async def spied(database: Database) -> list[str]:
        reached.append(database)
        return []

    monkeypatch.setattr(Database, "migrate", spied)
    with pytest.raises(WrongMode):
        await migrate(settings, CLOCK, demo=True)
    settings.keys_file.unlink()
    KeyRing.fresh().save(settings.keys_file)
    with pytest.raises(KeyFault):
        await migrate(settings, CLOCK)
    assert reached == []


async def test_a_newer_database_is_refused_by_both(settings: Settings) -> None:
    await migrate(settings, CLOCK)
    await change(
        settings.database_url,
        "UPDATE tortoise_migrations SET name = '9999_later' WHERE name LIKE '0002%'",
    )
    before = await names(settings.database_url)
    for attempt in (open_office(settings, CLOCK).__aenter__(), migrate(settings, CLOCK)):
        with pytest.raises(DatabaseNewer, match="请安装较新的 haochaping"):
            await attempt
    assert await names(settings.database_url) == before


async def test_an_address_that_is_no_databases_is_refused(tmp_path: Path) -> None:
    for url in ("mysql://h/d", "nonsense"):
        settings = Settings.model_validate({"data": tmp_path, "database": url})
        with pytest.raises(DatabaseFault, match="数据库地址"):
            await migrate(settings, CLOCK)


async def test_a_rulebook_that_regions_are_under_must_be_there(settings: Settings) -> None:
    await migrate(settings, CLOCK)
    await change(
        settings.database_url, "INSERT INTO region (code, name, rulebook) VALUES ('1', '甲', '无')"
    )
    with pytest.raises((LookupError, Invalid), match="没有规则书“无”"):
        async with open_office(settings, CLOCK):
            pass
