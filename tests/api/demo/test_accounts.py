"""/demo/accounts: anybody who tries the demo can sign in as anybody."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from api.app import make_app
from api.demo.accounts import FILE, fill_accounts, setup_demo_accounts
from api.demo.filling import place_rulebook
from api.settings import Settings
from api.staff.signed_in import REAL_TIME
from models.accounts.roles import Role
from models.directory.importing import import_rows
from models.directory.reading import read
from models.directory.regions import ids_within
from models.office import Office
from models.rulebooks.shelf import Shelf
from models.tables import Account, Region
from tests.api.staff.visitor import Console
from tests.standing import StandingClock


@pytest.fixture
async def demo(office: Office, tmp_path: Path) -> Office:
    """With the demo's directory."""
    place_rulebook(tmp_path / "rulebooks")
    office = replace(office, shelf=Shelf.load(tmp_path / "rulebooks"))
    rows = []
    for file in (files("api.demo") / "directory").iterdir():
        rows += read(file.name, file.read_bytes())
    assert not (await import_rows(office.database, office.shelf, rows)).bad
    return office


@pytest.fixture
async def console(demo: Office, clock: StandingClock) -> AsyncIterator[Console]:
    app = make_app(demo, Settings())
    app[REAL_TIME] = clock.now
    setup_demo_accounts(app)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(app))
        yield Console(demo, clock, server.make_url("/"), stack)


async def _listed(console: Console) -> dict[str, Any]:
    visitor = await console.visitor()
    async with visitor.session.get(
        console.base / "demo/accounts", headers={"Accept": "application/json"}
    ) as answer:
        return {each["login"]: each for each in json.loads(await answer.text())["accounts"]}


async def test_each_role_of_each_jurisdiction_signs_in(console: Console, tmp_path: Path) -> None:
    await fill_accounts(console.office, tmp_path, empty=False)
    listed = await _listed(console)
    everywhere = {Role.BUREAU, Role.HANDLER, Role.CALLBACK, Role.AUDITOR, Role.STAFF}
    for region in await Region.filter(parent=None):
        below = await ids_within(region.id)
        accounts = await Account.filter(agency__region_id__in=below).values("role")
        assert everywhere <= {each["role"] for each in accounts}, region.name
    assert {each["role"] for each in listed.values()} == {role.label for role in Role}
    for login in ("operator", "ca-town", "tj-bureau", "yx-staff"):
        visitor, account = await console.visitor(), listed[login]
        await visitor.give_password(login, account["password"])
        assert (await visitor.give_code(account["code"])).headers["Location"] == "/staff/me"
        assert (await visitor.get("/staff/me")).status == 200


async def test_the_code_that_is_shown_is_one_that_passes(console: Console, tmp_path: Path) -> None:
    """Somebody may try the same account again at once."""
    await fill_accounts(console.office, tmp_path, empty=True)
    for _ in range(2):
        visitor, account = await console.visitor(), (await _listed(console))["operator"]
        await visitor.give_password("operator", account["password"])
        assert (await visitor.give_code(account["code"])).status == 303
    assert (await _listed(console))["operator"]["code"] == ""
    console.clock.advance(seconds=30)
    assert len((await _listed(console))["operator"]["code"]) == 6
    assert "现在的口令" in (await (await console.visitor()).get("/demo/accounts")).text


async def test_an_empty_demo_has_one_operator(console: Console, tmp_path: Path) -> None:
    for _ in range(2):
        await fill_accounts(console.office, tmp_path, empty=True)
    account = await Account.get()
    assert (account.login, account.role) == ("operator", "operator")


async def test_they_lie_in_the_folder_for_its_owner(console: Console, tmp_path: Path) -> None:
    await fill_accounts(console.office, tmp_path, empty=False)
    kept = tmp_path / FILE
    assert kept.stat().st_mode & 0o077 == 0
    text = kept.read_text("utf-8")
    for account in (await _listed(console)).values():
        assert f"{account['login']}\t{account['role']}\t" in text
        assert account["secret"] in text
    kept.unlink()
    await fill_accounts(console.office, tmp_path, empty=False)
    assert kept.read_text("utf-8") == text


async def test_none_of_it_outside_the_demo(office: Office) -> None:
    routes = {
        route.resource.canonical
        for route in make_app(office, Settings()).router.routes()
        if route.resource
    }
    assert "/staff/sign-in" in routes
    assert not [route for route in routes if route.startswith("/demo")]
    assert not await Account.exists()
