"""/staff/wecom/{app}: whoever has bound a chat signs in by WeCom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from yarl import URL

from api.app import make_app
from api.settings import Settings
from api.staff.signed_in import REAL_TIME
from api.staff.wecom import WECOM
from models.accounts import binding
from models.accounts.roles import Role
from models.office import Office
from models.tables import Account, Agency, Region
from tests.api.staff.visitor import Console, Visitor
from tests.bot.wecom.conftest import platform_of
from tests.bot.wecom.conftest import settings as wecom_settings
from tests.bot.wecom.fake_wecom import FakeWeCom
from tests.standing import StandingClock

APP = "/staff/wecom/bureau"
HERE = "https://haochaping.example"


@pytest.fixture
async def fake(clock: StandingClock) -> AsyncIterator[FakeWeCom]:
    async with FakeWeCom(clock.now) as fake:
        fake.corp.member("zhangsan")
        yield fake


@pytest.fixture
async def console(
    office: Office, clock: StandingClock, settings: Settings, fake: FakeWeCom
) -> AsyncIterator[Console]:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        app = make_app(office, settings)
        app[REAL_TIME] = clock.now
        app[WECOM] = {
            "bureau": (wecom_settings(fake), platform_of(office, fake, session, clock.now))
        }
        server = await stack.enter_async_context(TestServer(app))
        yield Console(office, clock, server.make_url("/"), stack)


async def _bound(console: Console, role: Role = Role.HANDLER) -> Account:
    agency = ""
    if role is not Role.OPERATOR:
        region = await Region.create(code="1", name="甲市", rulebook="chaoan")
        agency = (await Agency.create(code="A1", name="甲市人社局", region=region)).code
    account = await console.person("li.si", role, agency)
    code = await binding.new_code(console.office, account)
    await binding.bind(console.office, "wecom", "bureau", "zhangsan", code)
    return account


async def _come_back(visitor: Visitor, fake: FakeWeCom, user: str | None = "zhangsan") -> URL:
    """Sent to the platform, and from there back with a code; the address it sends them to."""
    sent = await visitor.get(f"{APP}?next=/staff/me")
    assert sent.status == 303
    query = URL(sent.headers["Location"]).query
    back = URL(query["redirect_uri"])
    assert str(back.origin()) == HERE
    return back.update_query(code=fake.corp.sign_in(user), state=query["state"]).relative()


async def test_signed_in_without_a_password(console: Console, fake: FakeWeCom) -> None:
    await _bound(console)
    visitor = await console.visitor()
    shown = await visitor.get("/staff/sign-in?next=%2Fstaff%2Fme")
    assert 'href="/staff/wecom/bureau?next=/staff/me"' in shown.text
    before = visitor.cookie
    answer = await visitor.get(str(await _come_back(visitor, fake)))
    assert (answer.status, answer.headers["Location"]) == (303, "/staff/me")
    assert visitor.cookie != before
    assert "li.si" in (await visitor.get("/staff/me")).text


async def test_an_operator_gives_the_second_factor_too(console: Console, fake: FakeWeCom) -> None:
    account = await _bound(console, Role.OPERATOR)
    visitor = await console.visitor()
    answer = await visitor.get(str(await _come_back(visitor, fake)))
    assert answer.headers["Location"] == "/staff/second-factor?next=%2Fstaff%2Fme"
    assert (await visitor.get("/staff/me")).headers["Location"] == "/staff/second-factor"
    await visitor.give_code(console.code(account))
    assert (await visitor.get("/staff/me")).status == 200


async def test_a_link_with_a_code_of_somebody_else_signs_nobody_in(
    console: Console, fake: FakeWeCom
) -> None:
    await _bound(console)
    attacker, victim = await console.visitor(), await console.visitor()
    address = await _come_back(attacker, fake)
    for visitor in (victim, await console.visitor()):
        if visitor is victim:
            await visitor.get("/staff/sign-in")
        answer = await visitor.get(str(address))
        assert answer.status == 401
        assert "登录没有完成" in answer.text
        assert (await visitor.get("/staff/me")).status == 303
    assert (await attacker.get(str(address))).status == 303


async def test_who_is_not_known(console: Console, fake: FakeWeCom) -> None:
    fake.corp.member("lisi")
    account = await _bound(console)
    visitor = await console.visitor()
    for user, words in (("lisi", "还没有绑定账号"), (None, "没有确认您的身份")):
        answer = await visitor.get(str(await _come_back(visitor, fake, user)))
        assert answer.status == 401
        assert words in answer.text
    address = str(await _come_back(visitor, fake))
    await Account.filter(id=account.id).update(disabled_at=console.clock.now())
    assert "还没有绑定账号" in (await visitor.get(address)).text
    # The code has been used.
    assert "没有确认您的身份" in (await visitor.get(address)).text


async def test_an_application_that_is_none(console: Console) -> None:
    visitor = await console.visitor()
    for path in ("/staff/wecom/x", "/staff/wecom/x/back?code=1&state=2"):
        assert (await visitor.get(path)).status == 404


async def test_nobody_is_sent_elsewhere(console: Console, fake: FakeWeCom) -> None:
    await _bound(console)
    visitor = await console.visitor()
    address = (await _come_back(visitor, fake)).update_query(next="//evil.example/")
    assert (await visitor.get(str(address))).headers["Location"] == "/staff"
