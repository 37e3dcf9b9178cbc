"""The console's sign-in and accounts in a real browser, on a desk's screen and a telephone's."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pyotp
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from api.app import make_app
from api.settings import Settings
from models.accounts import second_factor
from models.clock import SystemClock
from models.office import Office
from models.tables import Account
from tests.models.accounts.people import PASSWORD, person

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def base(office: Office) -> AsyncIterator[str]:
    async with TestServer(make_app(office, Settings())) as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest_asyncio.fixture(loop_scope="session", params=[1280, 375])
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport={"width": request.param, "height": 800}, java_script_enabled=True, locale="zh-CN"
    )
    context.set_default_timeout(10_000)
    yield await context.new_page()
    await context.close()


def _code(office: Office, account: Account) -> str:
    """By the real time, which the console goes by."""
    secret = second_factor.secret_of(office, account)
    assert secret is not None
    return pyotp.TOTP(secret).at(SystemClock().now())


async def _sound(page: Page, base: str) -> None:
    """axe finds no fault, nothing is cut off at the side, nothing comes from elsewhere."""
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.viewport_size is not None
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url
    asked = await page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    assert [each for each in asked if not each.startswith((base, "data:"))] == []


async def test_by_keyboard_from_the_sign_in_to_an_account(
    office: Office, base: str, page: Page
) -> None:
    account = await person(office, "zhang.san")
    await page.goto(f"{base}/staff/accounts")
    await _sound(page, base)
    # The field has the focus: nobody needs a mouse.
    await page.keyboard.type("zhang.san")
    await page.keyboard.press("Tab")
    await page.keyboard.type("wrong")
    await page.keyboard.press("Enter")
    await page.get_by_role("alert").wait_for()
    await _sound(page, base)
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_label("6位动态口令").wait_for()
    await _sound(page, base)
    await page.keyboard.type(_code(office, account))
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{base}/staff/accounts")
    await _sound(page, base)
    await page.get_by_role("link", name="开立账号").click()
    await page.get_by_label("账号", exact=True).fill("li.si")
    await page.get_by_label("姓名").fill("李四")
    await page.get_by_label("角色").select_option("operator")
    await page.get_by_label("工号").fill("S1")
    await page.get_by_role("button", name="开立").click()
    await page.get_by_role("alert").wait_for()
    await _sound(page, base)
    await page.get_by_label("工号").fill("")
    await page.get_by_role("button", name="开立").click()
    await page.get_by_role("heading", name="一次性密码").wait_for()
    await _sound(page, base)
    password = await page.locator(".code").inner_text()
    await page.goto(f"{base}/staff/accounts/li.si")
    await _sound(page, base)
    await page.goto(f"{base}/staff/me")
    await page.get_by_role("button", name="取得绑定码").click()
    await _sound(page, base)
    await page.get_by_role("link", name="修改密码").click()
    await _sound(page, base)
    await page.get_by_role("button", name="退出").click()
    await page.get_by_label("账号").fill("li.si")
    await page.get_by_label("密码").fill(password)
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="启用动态口令").wait_for()
    await _sound(page, base)
    made = await Account.get(login="li.si")
    await page.get_by_label("6位动态口令").fill(_code(office, made))
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="修改密码").wait_for()


async def test_the_skip_link_comes_first(base: str, page: Page) -> None:
    # A page that puts the focus nowhere.
    await page.goto(f"{base}/staff/wecom/none")
    await page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert await focused.inner_text() == "跳到正文"
    assert await focused.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
