"""Orders on the console in a real browser, by the keyboard alone, at a desk and on a telephone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pyotp
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page

from api.app import make_app
from api.settings import Settings
from models.accounts import second_factor
from models.accounts.roles import Role
from models.clock import SystemClock
from models.office import Office
from models.tables import OrderEvent, WorkOrder
from tests.api.pages.town import Town, build_town
from tests.models.accounts.people import PASSWORD, person

pytestmark = pytest.mark.asyncio(loop_scope="session")
MOST_TABS = 80
"""From one end of the page to the other."""


@pytest_asyncio.fixture(loop_scope="session")
async def base(office: Office) -> AsyncIterator[str]:
    async with TestServer(make_app(office, Settings())) as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest_asyncio.fixture(loop_scope="session", params=[1280, 375])
async def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@dataclass
class Screen:
    """A browser of one person, who has no mouse."""

    page: Page
    base: str

    async def to(self, target: Locator) -> None:
        """With the tabulator, from where the page has the focus."""
        for _ in range(MOST_TABS):
            if await target.evaluate("each => each === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"no way by the keyboard to {target}")

    async def press(self, target: Locator, key: str = "Enter") -> None:
        await self.to(target)
        await self.page.keyboard.press(key)

    async def leave_by(self, target: Locator) -> None:
        await self.to(target)
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")
        await self.must_be_sound()

    async def type(self, label: str, text: str, within: Locator | None = None) -> None:
        await self.to((within or self.page.locator("main")).get_by_label(label, exact=True))
        await self.page.keyboard.type(text)

    async def must_be_sound(self) -> None:
        """axe finds no fault, nothing is cut off at the side, nothing comes from elsewhere."""
        found = await Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        assert self.page.viewport_size is not None
        wide = await self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.viewport_size["width"], self.page.url
        names = "performance.getEntriesByType('resource').map(each => each.name)"
        asked = await self.page.evaluate(names)
        assert [each for each in asked if not each.startswith((self.base, "data:"))] == []


async def signed_in(
    office: Office, browser: Browser, base: str, width: int, role: Role, agency: str
) -> Screen:
    account = await person(office, f"{role}.{agency}", role, agency)
    context = await browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
    context.set_default_timeout(10_000)
    screen = Screen(await context.new_page(), base)
    page = screen.page
    await page.goto(f"{base}/staff")
    await screen.type("账号", account.login)
    await screen.type("密码", PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_label("6位动态口令").wait_for()
    secret = second_factor.secret_of(office, account)
    assert secret is not None
    await screen.type("6位动态口令", pyotp.TOTP(secret).at(SystemClock().now()))
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="工作台").wait_for()
    await screen.must_be_sound()
    return screen


async def rated(town: Town, browser: Browser, base: str, count: int = 1) -> list[int]:
    """By so many raters; the numbers of the orders."""
    context = await browser.new_context()
    page = await context.new_page()
    for number in range(count):
        await page.goto(f"{base}{town.link(await town.completed(f'LS202603{number:04d}'))}")
        await page.locator("label[for=l1]").click()
        await page.fill("#w-item", "等了三个小时，取号机坏了没有人管")
        await page.locator("form button[type=submit]").click()
        await page.get_by_text("谢谢您的评价").wait_for()
    await context.close()
    return [each.id for each in await WorkOrder.all().order_by("id")]


async def kinds() -> list[str]:
    return [each.kind for each in await OrderEvent.all().order_by("sequence")]


def form(page: Page, step: str) -> Locator:
    return page.locator(f"#step-{step}")


async def test_an_order_from_hand_to_hand(
    office: Office, browser: Browser, base: str, width: int
) -> None:
    town = await build_town(office, "chaoan")
    bureau = await signed_in(office, browser, base, width, Role.BUREAU, "bureau")
    handler = await signed_in(office, browser, base, width, Role.HANDLER, "agency")
    (order,) = await rated(town, browser, base)
    await dispatched(bureau, order)
    assert await kinds() == ["opened", "dispatched"]
    await answered(handler, order)
    assert await kinds() == ["opened", "dispatched", "verified", "answered"]
    event = await OrderEvent.get(kind="answered")
    assert event.details["text"] == "好的，取号机已修好，并增开了两个窗口。"
    await reviewed(bureau)
    assert (await WorkOrder.get()).state == "closed"
    for screen in (bureau, handler):
        await screen.page.context.close()


async def dispatched(bureau: Screen, order: int) -> None:
    """The agency is looked for; the first search is another one."""
    page = bureau.page
    await bureau.leave_by(page.get_by_role("link", name="工单", exact=True))
    await bureau.leave_by(page.locator(f"a[href='/staff/orders/{order}']"))
    step = form(page, "dispatch")
    await bureau.press(step.locator("summary"))
    await bureau.must_be_sound()
    await bureau.type("查找机构（名称或编码）", "税务")
    await bureau.leave_by(step.get_by_role("button", name="查找"))
    assert await step.get_by_role("radio").count() == 1
    await bureau.to(step.get_by_label("税务局（本区）"))
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.type("市场")
    await bureau.leave_by(step.get_by_role("button", name="查找"))
    await bureau.press(step.get_by_label("市场监管局（本区）"), "Space")
    await bureau.leave_by(step.get_by_role("button", name="转办"))


async def answered(handler: Screen, order: int) -> None:
    page = handler.page
    await handler.leave_by(page.get_by_role("link", name="工作台", exact=True))
    await handler.leave_by(page.locator(f"a[href='/staff/orders/{order}']"))
    await handler.press(form(page, "verify").locator("summary"))
    await handler.leave_by(form(page, "verify").get_by_role("button"))
    step = form(page, "answer")
    await handler.press(step.locator("summary"))
    await handler.must_be_sound()
    await handler.type("整改结果（原文发给评价人）", "好")
    await handler.leave_by(step.get_by_role("button", name="整改并答复"))
    alert = page.get_by_role("alert")
    assert "至少两个字" in await alert.inner_text()
    assert await alert.evaluate("each => each === document.activeElement")
    await handler.press(page.get_by_label("整改结果（原文发给评价人）"), "Control+End")
    await handler.type("整改结果（原文发给评价人）", "的，取号机已修好，并增开了两个窗口。")
    await handler.leave_by(step.get_by_role("button", name="整改并答复"))


async def reviewed(bureau: Screen) -> None:
    """Their page is an old one by now."""
    page = bureau.page
    # The only step there is stands open.
    contact = form(page, "contact")
    await bureau.press(contact.get_by_label("已联系上"), "Space")
    await bureau.type("联系情况", "已电话回访，评价人认可")
    await bureau.leave_by(contact.get_by_role("button", name="联系评价人"))
    assert "答复评价人" in await page.get_by_role("alert").inner_text()
    assert await page.get_by_label("联系情况").input_value() == "已电话回访，评价人认可"
    review = form(page, "review_answer")
    await bureau.press(review.locator("summary"))
    await bureau.press(review.get_by_label("通过"), "Space")
    await bureau.leave_by(review.get_by_role("button"))


async def test_many_at_once_and_whom_to_call(
    office: Office, browser: Browser, base: str, width: int
) -> None:
    town = await build_town(office, "chaoan")
    first, second, third = await rated(town, browser, base, 3)
    bureau = await signed_in(office, browser, base, width, Role.BUREAU, "bureau")
    page = bureau.page
    await bureau.leave_by(page.get_by_role("link", name="工单", exact=True))
    for number in (first, third):
        await bureau.press(page.get_by_label(f"选择工单{number}"), "Space")
    await bureau.leave_by(page.get_by_role("button", name="转办选中的工单"))
    await bureau.to(page.get_by_label("市场监管局（本区）"))
    await page.keyboard.press("ArrowDown")
    assert await page.get_by_label("税务局（本区）").is_checked()
    await bureau.leave_by(page.get_by_role("button", name="全部转办"))
    assert "2件已转办给税务局。" in await page.get_by_role("status").inner_text()
    await bureau.leave_by(page.get_by_role("link", name=str(third), exact=True))
    await bureau.type("查看理由", "需要向评价人核实")
    await bureau.leave_by(page.get_by_role("button", name="查看"))
    assert "陈小明" in await page.locator("main").inner_text()
    assert "陈小明" not in page.url
    await bureau.leave_by(page.get_by_role("link", name="返回工单"))
    assert "陈小明" not in await page.content()
    states = [order.state for order in await WorkOrder.all().order_by("id")]
    assert states == ["verifying", "opened", "verifying"]
    assert not await OrderEvent.exists(kind="dispatched", order_id=second)
    await page.context.close()


async def test_causes_and_a_later_day(
    office: Office, browser: Browser, base: str, width: int
) -> None:
    """威海临港: 成因分类, 延期."""
    town = await build_town(office, "lingang")
    (order,) = await rated(town, browser, base)
    handler = await signed_in(office, browser, base, width, Role.HANDLER, "agency")
    page = handler.page
    await handler.leave_by(page.locator(f"a[href='/staff/orders/{order}']").first)
    verify = form(page, "verify")
    await handler.press(verify.locator("summary"))
    await handler.must_be_sound()
    await handler.press(verify.get_by_label("服务效率不满意"), "Space")
    await handler.leave_by(verify.get_by_role("button"))
    assert (await WorkOrder.get()).class_name == "general"
    ask = form(page, "ask_extension")
    await handler.press(ask.locator("summary"))
    await handler.must_be_sound()
    # In which order a day is typed is the browser's own.
    await handler.to(ask.get_by_label("申请延期至"))
    await ask.get_by_label("申请延期至").fill("2026-03-20")
    await handler.type("理由", "取号机配件尚未到货", ask)
    await handler.leave_by(ask.get_by_role("button"))
    event = await OrderEvent.get(kind="extension_asked")
    assert event.details["until"] == "2026-03-20"
    await page.context.close()
