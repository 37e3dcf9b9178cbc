"""A person with a telephone rates: in every jurisdiction, every level, with script and without."""

from __future__ import annotations

import pytest

from models.cases.facts import GroupKind
from models.tables import Evaluation, Invitation, Opinion
from models.words import Level
from tests.api.pages.town import PHONE, Town, under
from tests.e2e.conftest import Phone

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_every_level(town: Town, phone: Phone) -> None:
    version = town.office.shelf.book(town.rulebook).version_at(town.office.now())
    for level in Level:
        await phone.open(town.link(await town.completed(f"LS{level:d}"), "?c=q"))
        assert not await phone.page.locator(".chips").first.is_visible()
        await phone.tap(f"label[for=l{level:d}]")
        for other in Level:
            for place, choice in enumerate(version.indicators.item[other], start=1):
                label = phone.page.locator(f"label[for=i-item-{other:d}-{place}]")
                assert await label.is_visible() == (other is level)
                assert await label.text_content() == choice.text
        await phone.tap(f"label[for=i-item-{level:d}-1]")
        await phone.submit()
        assert "/receipt/" in phone.page.url
        text = await phone.text()
        assert "谢谢您的评价" in text
        assert level.label in text
    assert await Evaluation.all().count() == len(Level)


@under("chaoan", "tianjin")
async def test_what_is_missing_is_told_and_nothing_is_lost(town: Town, phone: Phone) -> None:
    await phone.open(town.link(await town.completed()))
    await phone.submit()
    assert "请选择满意程度" in await phone.page.locator("[role=alert]").inner_text()
    await phone.tap("label[for=l1]")
    await phone.submit()
    alert = phone.page.locator("[role=alert]")
    assert "填写不满意的原因" in await alert.inner_text()
    assert await phone.page.locator("#l1").is_checked()
    await phone.page.fill("#w-item", "窗口没有人")
    await phone.submit()
    assert "差评工单" in await phone.text()


@under("chaoan")
async def test_only_with_the_keyboard(town: Town, phone: Phone) -> None:
    await phone.open(town.link(await town.completed()))
    await phone.page.focus("#l5")
    for key in ("Space", "ArrowRight", "ArrowRight", "ArrowRight"):
        await phone.page.keyboard.press(key)
    assert await phone.page.locator("#l2").is_checked()
    await phone.page.keyboard.press("Tab")
    await phone.page.keyboard.press("Space")
    await phone.submit()
    assert "谢谢您的评价" in await phone.text()


@under("tianjin")
async def test_staff_and_item_of_a_batch(town: Town, phone: Phone) -> None:
    await town.group(GroupKind.BATCH)
    invitation = await Invitation.get(group_id__isnull=False, node="completion")
    await phone.open(town.link(invitation))
    await phone.tap("label[for=l2]")
    await phone.tap("label[for=i-item-2-1]")
    await phone.submit()
    assert "请对工作人员选择" in await phone.page.locator("[role=alert]").inner_text()
    assert await phone.page.locator("#i-item-2-1").is_checked()
    await phone.tap("label[for=i-staff-2-1]")
    await phone.submit()
    assert "差评工单" in await phone.text()


@under("chaoan")
async def test_large_type_is_large_and_stays(town: Town, phone: Phone) -> None:
    await phone.open(town.link(await town.completed()))
    before = await _size(phone, "label[for=l5] span")
    await phone.page.get_by_text("大字版").click()
    after = await _size(phone, "label[for=l5] span")
    assert after >= before * 1.3
    await phone.tap("label[for=l5]")
    await phone.submit()
    assert await phone.page.locator("html.big").count() == 1
    await phone.page.get_by_text("标准字号").click()
    assert await phone.page.locator("html.big").count() == 0


@pytest.mark.usefixtures("town")
@under("tianjin")
async def test_what_is_not_found_is_kept_as_an_opinion(phone: Phone) -> None:
    await phone.open("/q/W1")
    await phone.page.fill("#phone", PHONE)
    await phone.page.fill("#digits", "9999")
    await phone.submit()
    await phone.page.fill("#words", "叫号太慢")
    await phone.submit()
    assert "不计入评分" in await phone.text()
    assert (await Opinion.all().get()).words == "叫号太慢"


@pytest.mark.parametrize(
    ("town", "big"),
    [
        *((name, "") for name in ("chaoan", "lingang", "qijiang", "sanming", "tianjin")),
        # Of one style for all, the place with most on its pages.
        ("chaoan", "big=1"),
    ],
    indirect=["town"],
)
@pytest.mark.parametrize("phone", [True], indirect=True, ids=["axe"])
async def test_every_page_is_sound(town: Town, phone: Phone, big: str) -> None:
    """axe needs script to look; the pages do not."""
    await town.group(GroupKind.BATCH)
    case = await town.case("LS1", named=False)
    await town.visit(case)
    (invitation,) = await town.complete(case)
    expired = town.office.links.rating("AAAAAAAAAAA")
    for path in (
        *[town.link(each) for each in await Invitation.all()],
        "/q/W1",
        "/q/H1?whole=1",
        "/q/P1?whole=1",
        "/q/H1?kept=1",
        "/r/x",
        f"/r/{expired}",
    ):
        await phone.open(f"{path}{'&' if '?' in path else '?'}{big}")
        await phone.must_be_sound()
    await phone.open(f"/q/W1?{big}")
    await phone.page.fill("#phone", PHONE)
    await phone.submit()
    await phone.must_be_sound()
    for digits in ("9999", "0001"):
        await phone.page.fill("#phone", PHONE)
        await phone.page.fill("#digits", digits)
        await phone.submit()
        await phone.must_be_sound()
        await phone.open(f"/q/W1?{big}")
    await phone.open(town.link(invitation, f"?{big}"))
    for level in Level:
        await phone.tap(f"label[for=l{level:d}]")
        await phone.must_be_sound()
    await phone.submit()
    await phone.must_be_sound()
    await phone.tap("label[for=i-item-1-1]")
    if await phone.page.locator("#name").count():
        await phone.page.fill("#name", "陈小明")
        await phone.page.fill("#phone", PHONE)
    await phone.submit()
    await phone.must_be_sound()
    await phone.open(town.link(invitation, f"?{big}"))
    await phone.must_be_sound()
    if await phone.page.get_by_text("追加评价", exact=True).count():
        await phone.tap("a:text-is('追加评价')")
        await phone.must_be_sound()
        await phone.tap("label[for=l5]")
        await phone.submit()
        await phone.tap("a:text-is('两次评价和处理情况')")
        assert "您的追加评价" in await phone.text()
        await phone.must_be_sound()


@under("chaoan")
async def test_what_is_tapped_is_large_enough(town: Town, phone: Phone) -> None:
    await phone.open(town.link(await town.completed()))
    await phone.tap("label[for=l2]")
    for each in await phone.page.locator("label.level, .chips.for-2 label, button, a").all():
        box = await each.bounding_box()
        assert box is not None
        assert box["height"] >= 44, await each.inner_text()
        assert box["width"] >= 44, await each.inner_text()


async def _size(phone: Phone, selector: str) -> float:
    size = await phone.page.locator(selector).evaluate("node => getComputedStyle(node).fontSize")
    return float(str(size).removesuffix("px"))
