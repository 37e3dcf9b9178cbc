"""Start-up: settings to an office that is fit to work, or a plain word on what is missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tortoise.exceptions import OperationalError

from api.folder import load_days, load_shelf
from api.settings import Settings
from models.clock import Clock
from models.database import Database, opened
from models.keys import KeyFault, KeyRing
from models.links import Links
from models.office import Office
from models.rulebooks.shelf import Shelf
from models.tables import Installation, Invitation, Region

ONLY = 1


class WrongMode(Exception):
    """A demo's data is served for real, or real data as a demo."""


class VersionGone(Exception):
    """A version that cases were judged by is no longer in its rulebook."""

    def __init__(self, rulebook: str, number: int) -> None:
        super().__init__(
            f"规则书“{rulebook}”里没有第{number}版，但已有办件按它判断。请恢复这一版；修订时添加新版。"
        )


@asynccontextmanager
async def open_office(
    settings: Settings, clock: Clock, *, demo: bool | None = False
) -> AsyncIterator[Office]:
    """`demo`: which kind of data is wanted; None: either. Raises DatabaseFault, KeyFault,
    WrongMode, RulebookFaults, YearFaults."""
    keys = settings.key_ring()
    async with opened(settings.database_url) as database:
        await database.check_schema()
        await _check_installation(keys, demo=demo)
        office = _office(settings, database, keys, clock)
        await _check_rulebooks(office.shelf)
        yield office


def _office(settings: Settings, database: Database, keys: KeyRing, clock: Clock) -> Office:
    return Office(
        database=database,
        shelf=load_shelf(settings),
        days=load_days(settings),
        keys=keys,
        links=Links(keys.link_key),
        clock=clock,
    )


async def _check_rulebooks(shelf: Shelf) -> None:
    """Whatever the data was judged by must still be there. Raises UnknownRulebook, VersionGone."""
    for region in await Region.exclude(rulebook=None).only("rulebook"):
        shelf.book(region.rulebook or "")
    judged = await Invitation.all().distinct().values_list("rulebook", "version")
    for name, number in judged:
        try:
            shelf.book(name).version(number)
        except IndexError:
            raise VersionGone(name, number) from None


async def migrate(settings: Settings, clock: Clock, *, demo: bool = False) -> list[str]:
    """Bring the schema up; on an empty database make the keys too. Raises DatabaseFault, KeyFault,
    WrongMode."""
    settings.data.mkdir(parents=True, exist_ok=True)
    async with opened(settings.database_url) as database:
        if await _is_installed():
            # First: whoever is wrong here must not change the schema either.
            await _check_installation(settings.key_ring(), demo=demo)
            return await database.migrate()
        applied = await database.migrate()
        if not settings.keys_file.exists():
            KeyRing.fresh().save(settings.keys_file)
        keys = settings.key_ring()
        await Installation.create(id=ONLY, key_check=keys.check, demo=demo, created_at=clock.now())
    return applied


async def _is_installed() -> bool:
    try:
        return await Installation.exists(id=ONLY)
    except OperationalError:
        # There is no such table.
        return False


async def _check_installation(keys: KeyRing, *, demo: bool | None) -> None:
    installation = await Installation.get_or_none(id=ONLY)
    if installation is None:
        raise KeyFault("数据库还没有初始化。请运行 haochaping migrate。")
    if installation.key_check != keys.check:
        raise KeyFault("密钥文件与数据库不符：数据是用另一套密钥加密的。请恢复原来的密钥文件。")
    if installation.demo and demo is False:
        raise WrongMode("这是演示数据，不能用于正式服务。请用 haochaping demo，或另选数据目录。")
    if demo and not installation.demo:
        raise WrongMode("这是正式数据，不能用于演示。请另选数据目录（--data）。")
