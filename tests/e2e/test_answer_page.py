"""A rater with a telephone says what they think of an answer, or that they were set aside wrongly:
in a browser, by touch and by key."""

from __future__ import annotations

from typing import Final

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ViewportSize

from models.office import Office
from models.tables import OrderEvent
from tests.api.pages.test_answer import answered, page_of, set_aside, under
from tests.e2e.conftest import Phone
from tests.models.handling.desk import Desk
from tests.models.town import build

pytestmark = pytest.mark.asyncio(loop_scope="session")
WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}


@pytest_asyncio.fixture(loop_scope="session")
async def desk(office: Office, request: pytest.FixtureRequest) -> Desk:
    return await Desk.of(await build(office, getattr(request, "param", "chaoan")))


async def sound_at_both_widths(phone: Phone) -> None:
    await phone.must_be_sound()
    narrow = phone.page.viewport_size
    assert narrow is not None
    await phone.page.set_viewport_size(WIDE)
    found = await Axe().run(phone.page)
    assert found.violations_count == 0, found.generate_report()
    await phone.page.set_viewport_size(narrow)


@under("sanming")
async def test_says_that_it_is_satisfied(desk: Desk, phone: Phone) -> None:
    order = await answered(desk)
    await phone.open(await page_of(desk, order))
    await phone.submit()
    assert "请选择满意或不满意" in await phone.page.locator("[role=alert]").inner_text()
    await phone.tap("label[for=yes]")
    await phone.page.fill("#words", "确实快了")
    await phone.submit()
    text = await phone.text()
    assert "您的意见已经收到" in text
    assert "您确认：满意" in text
    assert (await OrderEvent.get(kind="confirmed")).details["satisfied"] is True


@under("sanming")
async def test_only_with_the_keyboard(desk: Desk, phone: Phone) -> None:
    order = await answered(desk)
    await phone.open(await page_of(desk, order))
    await phone.page.focus("#yes")
    for key in ("Space", "ArrowRight", "Tab"):
        await phone.page.keyboard.press(key)
    assert await phone.page.locator("#no").is_checked()
    await phone.page.keyboard.type("仍要等两个小时")
    await phone.submit()
    assert "您确认：不满意" in await phone.text()


async def test_objects(desk: Desk, phone: Phone) -> None:
    order = await set_aside(desk)
    await phone.open(await page_of(desk, order))
    await phone.page.fill("#reason", "我说的就是王丽")
    await phone.submit()
    assert "正在审核您的异议" in await phone.text()


@pytest.mark.parametrize("big", ["", "?big=1"])
@pytest.mark.parametrize("desk", ["chaoan", "sanming"], indirect=True)
@pytest.mark.parametrize("phone", [True], indirect=True, ids=["axe"])
async def test_every_state_is_sound(desk: Desk, phone: Phone, big: str) -> None:
    sanming = desk.town.region.rulebook == "sanming"
    order = await (answered(desk) if sanming else set_aside(desk))
    await phone.open(f"{await page_of(desk, order)}{big}")
    await sound_at_both_widths(phone)
    await phone.submit()
    assert await phone.page.locator("[role=alert]").count() == 1
    await sound_at_both_widths(phone)
    if sanming:
        await phone.tap("label[for=no]")
        await phone.must_be_sound()
    else:
        await phone.page.fill("#reason", "我说的就是王丽")
    await phone.submit()
    assert await phone.page.locator("form").count() == 0
    await sound_at_both_widths(phone)
    for each in await phone.page.locator("a, button").all():
        box = await each.bounding_box()
        assert box is not None
        assert box["height"] >= 44, await each.inner_text()
