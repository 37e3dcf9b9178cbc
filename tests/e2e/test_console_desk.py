"""The console's directory, codes, entries, letters, figures and review sheet in a real browser, at
a desk and on a telephone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from api.app import make_app
from api.settings import Settings
from api.staff.session import COOKIE
from models.accounts import sessions
from models.accounts.roles import Role
from models.clock import SystemClock
from models.notices import notice
from models.office import Office
from models.tables import Account, Agency, Hall, Notice, Staff, Window, WorkOrder
from models.words import NoticeState
from tests.api.pages.town import Town, build_town
from tests.api.sheets.pages import scanned
from tests.models.ratings.files import PNG
from tests.standing import StandingClock

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def base(office: Office) -> AsyncIterator[str]:
    settings = Settings.model_validate({"public_url": "http://localhost"})
    async with TestServer(make_app(office, settings)) as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest_asyncio.fixture(loop_scope="session", params=[1280, 375])
async def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


async def seated(
    office: Office,
    browser: Browser,
    base: str,
    width: int,
    role: Role,
    agency: str,
    staff: str = "",
) -> Page:
    account = await Account.create(
        login=role.value,
        name="张三",
        role=role.value,
        agency=await Agency.get(code=agency),
        staff=await Staff.get(code=staff) if staff else None,
        created_at=office.now(),
    )
    token = await sessions.start(office, account, SystemClock().now(), complete=True)
    context = await browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
    context.set_default_timeout(10_000)
    await context.add_cookies([{"name": COOKIE, "value": token, "url": base}])
    return await context.new_page()


async def sound(page: Page) -> None:
    """axe finds no fault, nothing is cut off at the side, nothing comes from elsewhere."""
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.viewport_size is not None
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url
    names = "performance.getEntriesByType('resource').map(each => new URL(each.name).host)"
    here = await page.evaluate("location.host")
    assert set(await page.evaluate(names)) <= {here, ""}


async def opened(page: Page, address: str) -> None:
    await page.goto(address)
    await sound(page)


async def sent(page: Page, button: str) -> None:
    async with page.expect_navigation():
        await page.get_by_role("button", name=button).click()
    await sound(page)


async def test_directory(
    office: Office, browser: Browser, base: str, width: int, tmp_path: Path
) -> None:
    await build_town(office, "chaoan")
    page = await seated(office, browser, base, width, Role.BUREAU, "bureau")
    await opened(page, f"{base}/staff/directory?kind=item")
    await page.get_by_label("名称或编码").fill("第3类")
    await sent(page, "查找")
    assert await page.get_by_text("食品经营许可（第3类）").count() == 1
    file = tmp_path / "机构.csv"
    file.write_text("机构编码,名称,所属地区\nA9,新的局,R\n,没有编码,R\n", encoding="utf-8")
    await page.get_by_label("CSV或XLSX文件").set_input_files(file)
    await sent(page, "导入")
    await page.get_by_text("机构.csv第3行“机构编码”：未填写").wait_for()
    file.write_text("机构编码,名称,所属地区\nA9,新的局,R\n", encoding="utf-8")
    await page.get_by_label("CSV或XLSX文件").set_input_files(file)
    await sent(page, "导入")
    await page.get_by_text("机构新增1").wait_for()


async def test_codes(office: Office, browser: Browser, base: str, width: int) -> None:
    await build_town(office, "chaoan")
    hall = await Hall.get(code="hall")
    agency = await Agency.get(code="agency")
    for number in range(4, 8):
        await Window.create(code=f"W{number}", name=f"{number}号窗口", hall=hall, agency=agency)
    page = await seated(office, browser, base, width, Role.BUREAU, "bureau")
    await opened(page, f"{base}/staff/codes")
    await page.get_by_role("link", name="政务服务中心").click()
    await sound(page)
    await sent(page, "全部生成")
    await page.get_by_text("政务服务中心和它的5个窗口都有评价码了").wait_for()
    await page.get_by_label("打印4号窗口").check()
    await page.get_by_label("打印6号窗口").check()
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="A4海报").click()
    path = await (await waiting.value).path()
    assert len(scanned(path.read_bytes())) == 2


async def test_entries(
    office: Office, browser: Browser, base: str, width: int, tmp_path: Path
) -> None:
    town = await build_town(office, "chaoan")
    await town.completed("LS2026030001")
    page = await seated(office, browser, base, width, Role.HANDLER, "agency")
    await opened(page, f"{base}/staff/entries")
    await page.get_by_label("业务流水号或编码").fill("LS2026030001")
    await page.get_by_label("满意程度").select_option(label="不满意")
    await page.get_by_label("具体情况或意见").fill("等了两个小时")
    await page.get_by_label("填表或通话时间").fill("2026-03-01T18:00")
    await page.get_by_label("评价人电话").fill("12")
    file = tmp_path / "表.png"
    file.write_bytes(PNG)
    await page.get_by_label("原件的照片或录音").set_input_files(file)
    await sent(page, "提交代录")
    await page.get_by_text("没有保存").first.wait_for()
    await page.get_by_label("评价人电话").fill("")
    await page.get_by_label("原件的照片或录音").set_input_files(file)
    await sent(page, "提交代录")
    await page.get_by_text("已代录为评价").wait_for()
    await page.get_by_role("link", name="回执").click()
    await page.get_by_text("由工作人员代录").wait_for()


async def test_letters(office: Office, browser: Browser, base: str, width: int) -> None:
    await build_town(office, "chaoan")
    agency = await Agency.get(code="agency")
    for number in range(3):
        dead = notice("complaint", str(number), {"order": 7}, now=office.now(), agency=agency.id)
        dead.state, dead.why = NoticeState.DEAD.value, "没有可用的途径"
        await dead.save()
    page = await seated(office, browser, base, width, Role.BUREAU, "bureau")
    await opened(page, f"{base}/staff/letters")
    await page.get_by_role("checkbox").first.check()
    await sent(page, "重发勾选的")
    await page.get_by_text("1条消息将重新发送").wait_for()
    assert await Notice.filter(state=NoticeState.DEAD.value).count() == 2


async def rated(town: Town, page: Page, base: str, number: str, level: int) -> None:
    await page.goto(f"{base}{town.link(await town.completed(number))}")
    await page.locator(f"label[for=l{level}]").click()
    if level <= 2:
        await page.fill("#w-item", "等了三个小时")
    await page.locator("form button[type=submit]").click()
    await page.get_by_text("谢谢您的评价").wait_for()


async def test_figures(office: Office, browser: Browser, base: str, width: int) -> None:
    town = await build_town(office, "chaoan")
    page = await seated(office, browser, base, width, Role.HANDLER, "agency")
    for number, level in enumerate((5, 5, 5, 5, 5, 2, 2, 1)):
        await rated(town, page, base, f"LS20260300{number:02d}", level)
    assert isinstance(office.clock, StandingClock)
    office.clock.advance(days=35)
    await opened(page, f"{base}/staff/figures?month=2026-03")
    assert await page.get_by_text("不显示", exact=True).count() == 2


async def test_review_sheet(office: Office, browser: Browser, base: str, width: int) -> None:
    town = await build_town(office, "lingang")
    page = await seated(office, browser, base, width, Role.BUREAU, "bureau")
    await rated(town, page, base, "LS2026030001", 1)
    number = (await WorkOrder.get()).id
    await opened(page, f"{base}/staff/orders/{number}/review-sheet")
    await page.get_by_role("heading", name="政务服务“好差评”复核单").wait_for()
    assert "等了三个小时" in await page.locator(".sheet").inner_text()
