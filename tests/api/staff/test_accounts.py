"""/staff/accounts: by operator and bureau, each theirs, and nobody their own."""

from __future__ import annotations

import html
import re

import pytest

from models.accounts.roles import Role
from models.tables import Account, Agency, Region, Staff
from tests.api.staff.visitor import Console, Visitor

PAGES = ("/staff/accounts", "/staff/accounts/new", "/staff/accounts/li.si")
FORMS = tuple(
    f"/staff/accounts/li.si/{name}"
    for name in ("post", "disable", "enable", "password", "second-factor")
)
AGENCY = {Role.BUREAU: "B1", Role.TOWN: "T1", Role.OPERATOR: ""}


@pytest.fixture
async def city(console: Console) -> Console:
    """Two cities, each with a bureau; 李四 handles for an agency of the first."""
    city = await Region.create(code="1", name="甲市", rulebook="chaoan")
    other = await Region.create(code="2", name="乙市", rulebook="tianjin")
    await Agency.create(code="B1", name="甲市政数局", region=city, party="bureau")
    await Agency.create(code="T1", name="甲镇公共服务办公室", region=city, party="town")
    agency = await Agency.create(code="A1", name="甲市人社局", region=city)
    await Agency.create(code="B2", name="乙市政务办", region=other, party="bureau")
    await Staff.create(code="S1", name="王丽", agency=agency)
    await console.person("li.si", Role.HANDLER, "A1")
    return console


async def _keeper(city: Console, role: Role = Role.BUREAU) -> Visitor:
    return await city.signed_in(await city.person("boss", role, AGENCY[role]))


def _one_time(text: str) -> str:
    found = re.search(r'<p class="code big">([^<]+)</p>', text)
    assert found is not None, text
    return found[1]


@pytest.mark.parametrize("role", Role)
async def test_who_may_open_what(city: Console, role: Role) -> None:
    keeps = role in (Role.OPERATOR, Role.BUREAU)
    account = await city.person(
        "somebody", role, AGENCY.get(role, "A1"), "S1" if role is Role.STAFF else ""
    )
    visitor = await city.signed_in(account)
    shown = await visitor.get("/staff/me")
    assert shown.status == 200
    assert role.label in shown.text
    assert ('href="/staff/accounts"' in shown.text) is keeps
    for path in PAGES:
        assert (await visitor.get(path)).status == (200 if keeps else 403), path
    fields = {"role": "handler", "agency": "A1", "login": "wang.wu", "name": "王五"}
    for path in ("/staff/accounts", *FORMS):
        await visitor.get("/staff/me")
        answer = await visitor.post(path, **fields)
        assert answer.status in ((200, 303) if keeps else (403,)), path
    assert (await Account.filter(login="wang.wu").exists()) is keeps


async def test_nobody_opens_anything_without_signing_in(city: Console) -> None:
    visitor = await city.visitor()
    for path in PAGES:
        assert (await visitor.get(path)).headers["Location"].startswith("/staff/sign-in?next=")
    for path in FORMS:
        assert (await visitor.post(path)).status == 401, path


async def test_opened_by_a_bureau_and_used(city: Console) -> None:
    keeper = await _keeper(city)
    form = await keeper.get("/staff/accounts/new")
    assert 'value="operator"' not in form.text
    assert "乙市政务办" not in form.text
    answer = await keeper.post(
        "/staff/accounts", login="wang.li", name="王丽", role="staff", agency="A1", staff="S1"
    )
    assert answer.status == 200
    visitor = await city.visitor()
    assert (await visitor.give_password("wang.li", _one_time(answer.text))).status == 303
    listed = await keeper.get("/staff/accounts")
    assert "wang.li" in listed.text
    shown = await keeper.get("/staff/accounts/wang.li")
    assert "一次性密码，尚未修改" in shown.text
    assert "开立，由 boss 办理" in shown.text


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"login": "X"}, 422, "login"),
        ({"login": "li.si"}, 409, "login"),
        ({"name": ""}, 422, "name"),
        ({"role": ""}, 422, "role"),
        ({"role": "king"}, 422, "role"),
        ({"role": "operator"}, 403, "role"),
        ({"agency": "B2"}, 422, "agency"),
        ({"role": "bureau"}, 422, "agency"),
        ({"staff": "S9"}, 422, "staff"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    city: Console, fields: dict[str, str], status: int, field: str
) -> None:
    keeper = await _keeper(city)
    await keeper.get("/staff/accounts/new")
    good = {"login": "wang.wu", "name": "王<五>", "role": "handler", "agency": "A1"}
    answer = await keeper.post("/staff/accounts", **{**good, **fields})
    assert answer.status == status
    assert f'id="{field}-fault"' in answer.text
    assert answer.text.count('-fault">') == 1
    if "name" not in fields:
        assert html.escape("王<五>") in answer.text
    assert not await Account.filter(login="wang.wu").exists()


async def test_searched(city: Console) -> None:
    keeper = await _keeper(city, Role.OPERATOR)
    for query, found in (
        ("q=li", True),
        ("q=%E4%BA%BA%E7%A4%BE", True),
        ("q=nobody", False),
        ("role=handler", True),
        ("role=auditor", False),
        ("role=x", True),
        ("q=%00", True),
        ("q=%25", False),
        ("page=2", False),
        ("page=-1", True),
        ("page=99999999999999999999", False),
    ):
        answer = await keeper.get(f"/staff/accounts?{query}")
        assert answer.status == 200, query
        assert ("/staff/accounts/li.si" in answer.text) is found, query
    for words, found in (("%E4%B9%99", True), ("%E4%BA%BA%E7%A4%BE", False)):
        answer = await keeper.get(f"/staff/accounts/new?agency_words={words}")
        assert ('value="B2"' in answer.text) is found


async def test_changed_and_out_at_once(city: Console) -> None:
    handler = await Account.get(login="li.si")
    visitor, keeper = await city.signed_in(handler), await _keeper(city)
    await keeper.get("/staff/accounts/li.si")
    answer = await keeper.post("/staff/accounts/li.si/post", role="callback", agency="B1", staff="")
    assert answer.headers["Location"] == "/staff/accounts/li.si"
    shown = await keeper.get("/staff/accounts/li.si")
    assert "角色已变更" in shown.text
    assert "回访专席" in shown.text
    assert "角色已变更" not in (await keeper.get("/staff/accounts/li.si")).text
    assert (await visitor.get("/staff/me")).status == 303


async def test_reset_by_another(city: Console) -> None:
    handler, keeper = await Account.get(login="li.si"), await _keeper(city)
    await keeper.get("/staff/accounts/li.si")
    answer = await keeper.post("/staff/accounts/li.si/password")
    visitor = await city.visitor()
    await visitor.give_password("li.si", _one_time(answer.text))
    await visitor.give_code(city.code(handler))
    assert (await visitor.get("/staff/me")).headers["Location"] == "/staff/me/password"
    await keeper.get("/staff/accounts/li.si")
    await keeper.post("/staff/accounts/li.si/second-factor")
    assert (await visitor.get("/staff/me")).headers["Location"].startswith("/staff/sign-in")
    again = await city.visitor()
    await again.give_password("li.si", _one_time(answer.text))
    assert "启用动态口令" in (await again.get("/staff/second-factor")).text


async def test_nobody_changes_their_own(city: Console) -> None:
    keeper = await _keeper(city, Role.OPERATOR)
    shown = await keeper.get("/staff/accounts/boss")
    assert "由另一位管理人员办理" in shown.text
    for name in ("disable", "enable", "password", "second-factor"):
        answer = await keeper.post(f"/staff/accounts/boss/{name}")
        assert answer.status == 403, name
        assert "自己的账号" in answer.text
    answer = await keeper.post("/staff/accounts/boss/post", role="handler", agency="A1")
    assert answer.status == 403
    assert (await Account.get(login="boss")).role == "operator"


@pytest.mark.parametrize("login", ["root", "neighbour", "nobody", "%00", "x" * 99])
async def test_another_s_are_not_there(city: Console, login: str) -> None:
    await city.person("root")
    await city.person("neighbour", Role.BUREAU, "B2")
    keeper = await _keeper(city)
    assert (await keeper.get(f"/staff/accounts/{login}")).status == 404
    await keeper.get("/staff/me")
    for name in ("disable", "password", "second-factor"):
        assert (await keeper.post(f"/staff/accounts/{login}/{name}")).status == 404
    assert (await Account.get(login="root")).disabled_at is None
