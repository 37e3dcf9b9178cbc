"""A platform opens our page for its user, in a real browser: ticket, list, rating, receipt."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from api.keys import OFFICE, SETTINGS
from api.mp.routes import setup_mp
from api.pages.routes import setup_pages
from api.settings import Settings
from models.office import Office
from models.tables import Evaluation, HeldReceipt
from tests.api.mp.person import HOST, ticket
from tests.api.pages.town import Town, under
from tests.bot.host_apps.conftest import host_app
from tests.e2e.conftest import Phone

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def base(office: Office) -> AsyncIterator[str]:
    app = web.Application()
    app[OFFICE] = office
    app[SETTINGS] = Settings()
    setup_pages(app)
    setup_mp(app, {}, {HOST: host_app("hmac-sm3", name="粤省事")}, office.now)
    async with TestServer(app) as server:
        yield str(server.make_url("/")).rstrip("/")


@under("chaoan")
async def test_from_the_ticket_to_the_receipt(town: Town, phone: Phone) -> None:
    await town.completed()
    shown = f"/mp/{HOST}/enter?ticket={ticket()}"
    await phone.open(shown)
    assert phone.page.url.endswith(f"/mp/{HOST}/mine")
    await phone.page.get_by_text("食品经营许可（第1类）").click()
    await phone.tap("label[for=l5]")
    await phone.submit()
    assert "谢谢您的评价" in await phone.text()
    held, evaluation = await HeldReceipt.get(), await Evaluation.get()
    assert (held.evaluation_id, evaluation.channel) == (evaluation.id, "host_app")
    await phone.open(f"/mp/{HOST}/mine")
    text = await phone.text()
    assert "现在没有可以评价的服务" in text
    await phone.page.get_by_text("非常满意").click()
    assert "/receipt/" in phone.page.url
    await phone.open(shown)
    assert "已经使用过" in await phone.text()


@under("chaoan")
@pytest.mark.parametrize("phone", [True], indirect=True, ids=["axe"])
async def test_its_pages_are_sound(town: Town, phone: Phone) -> None:
    await town.case()
    await town.visit("LS2026030001")
    await phone.open(f"/mp/{HOST}/enter?ticket={ticket()}")
    await phone.must_be_sound()
    await phone.open(f"/mp/{HOST}/mine?big=1")
    await phone.must_be_sound()
    await phone.open(f"/mp/{HOST}/enter?ticket=x")
    await phone.must_be_sound()
