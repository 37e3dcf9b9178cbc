import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Literal

import pytest

from models.addresses import embedded
from models.office import Office
from models.rulebooks.rule import Rule
from models.rulebooks.rulebook import Version
from models.rulebooks.shelf import Shelf
from tests.scenarios.places import CHAOAN
from tests.scenarios.serving import Service, serving
from tests.standing import StandingClock
from tests.sweeping import Swept

Cell = Rule | Literal["platform"] | None


@pytest.fixture
async def service(office: Office, clock: StandingClock) -> AsyncIterator[Service]:
    """The whole service on both engines; `service.at(place)` speaks for a place."""
    async with serving(office, clock, CHAOAN) as service:
        yield service


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def lasting_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated, empty database for one service and all tests of a file."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("lasting")
        shutil.copy(request.getfixturevalue("migrated_file"), folder)
        yield embedded(folder)
        return
    swept: Swept = request.getfixturevalue("swept")
    name = swept.take()
    yield swept.server.get_uri(name)
    swept.give_back(name)


@pytest.fixture(scope="session")
def cells(shelf: Shelf) -> Callable[[str], dict[str, Cell]]:
    """A loaded rulebook as the tables are written: a rule with its source, "platform" for what the
    base supplies, None for what the text is silent about. Quotes are test_quotes' matter."""

    def cells(name: str) -> dict[str, Cell]:
        (version,) = shelf.book(name).versions
        return {rule_name: _cell(version.rule(rule_name)) for rule_name in Version.rule_names()}

    return cells


def _cell(rule: Rule | None) -> Cell:
    if rule is None:
        return None
    return _unquoted(rule) if rule.statutory else "platform"


def _unquoted(rule: Rule) -> Rule:
    inner = {name: _unquoted(value) for name, value in rule if isinstance(value, Rule)}
    return rule.model_copy(update={"quote": None, **inner})
