"""A real Chromium on a telephone's screen, in front of the pages on an embedded database.

The browser takes longer to start than a test to run: there is one, and so one loop for all tests.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Request, async_playwright

from api.keys import OFFICE
from api.pages.routes import setup_pages
from models.addresses import embedded
from models.calendar.working_days import WorkingDays
from models.database import opened
from models.keys import KeyRing
from models.links import Links
from models.office import Office
from models.rulebooks.shelf import Shelf
from tests.api.pages.town import JURISDICTIONS, Town, build_town
from tests.standing import StandingClock

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Phone:
    """One page on a screen of 375 × 667, and all it asked the network for."""

    page: Page
    base: str
    asked: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.base}{path}")

    async def tap(self, selector: str) -> None:
        await self.page.locator(selector).click()

    async def submit(self) -> None:
        async with self.page.expect_navigation():
            await self.tap("form button[type=submit]")

    async def text(self) -> str:
        return await self.page.locator("body").inner_text()

    async def must_be_sound(self) -> None:
        """axe finds no fault, nothing is cut off at the side, nothing comes from elsewhere."""
        found = await Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        width = "document.documentElement.scrollWidth"
        assert await self.page.evaluate(width) <= 375
        assert [each for each in self.asked if not each.startswith((self.base, "data:"))] == []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.skip(f"no Chromium on the PATH ({', '.join(NAMES)})")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def office(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Office]:
    shutil.copy(migrated_file, tmp_path)
    keys = KeyRing.fresh()
    async with opened(embedded(tmp_path)) as database:
        yield Office(
            database, Shelf.load(), WorkingDays(), keys, Links(keys.link_key), StandingClock()
        )


@pytest_asyncio.fixture(loop_scope="session", params=JURISDICTIONS)
async def town(office: Office, request: pytest.FixtureRequest) -> Town:
    return await build_town(office, str(request.param))


@pytest_asyncio.fixture(loop_scope="session")
async def base(office: Office) -> AsyncIterator[str]:
    app = web.Application()
    app[OFFICE] = office
    setup_pages(app)
    async with TestServer(app) as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest_asyncio.fixture(
    loop_scope="session", params=[False, True], ids=["without script", "with script"]
)
async def phone(
    browser: Browser, base: str, request: pytest.FixtureRequest
) -> AsyncIterator[Phone]:
    context = await browser.new_context(
        viewport={"width": 375, "height": 667},
        java_script_enabled=bool(request.param),
        has_touch=True,
        is_mobile=True,
        locale="zh-CN",
    )
    context.set_default_timeout(10_000)
    phone = Phone(await context.new_page(), base)

    def note(asked: Request) -> None:
        phone.asked.append(asked.url)

    phone.page.on("request", note)
    yield phone
    await context.close()
