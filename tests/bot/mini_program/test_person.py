"""What somebody finds in the mini-program: their cases, their receipts, their choices."""

from __future__ import annotations

import pytest

from models.tables import Consent, Evaluation, Rater
from models.words import Credential
from tests.api.pages.town import PHONE, Town, under
from tests.bot.mini_program.conftest import LASTING, SINGLE, Phone
from tests.standing import StandingClock


async def bound(phone: Phone, number: str = PHONE) -> None:
    await phone.give(phones=[phone.fake.mini.show_phone(number)])
    await phone.open("pages/home/home")
    await phone.tap("绑定手机号")


async def rated(town: Town, phone: Phone, level: str = "满意") -> Evaluation:
    invitation = await town.completed()
    await phone.scan(f"r/{town.office.links.rating(invitation.nonce)}")
    await phone.tap(level)
    if level == "不满意":
        await phone.type("具体情况或意见", "窗口没有人")
    await phone.tap("提交评价")
    return await Evaluation.get(invitation_id=invitation.id)


async def test_a_bound_phone_lists_what_may_be_rated(town: Town, phone: Phone) -> None:
    await town.completed()
    await phone.open("pages/home/home")
    assert "食品经营许可（第1类）" not in phone.text
    await bound(phone)
    assert "138****8000" in phone.text
    assert "评价服务事项" in phone.text
    assert "请在2026年3月9日24:00前评价" in phone.text
    await phone.tap(_row(phone, lines=4))
    await phone.tap("满意")
    await phone.tap("提交评价")
    assert (await Evaluation.get()).credential == Credential.IDENTIFIED
    # Back to the first page, which looks anew.
    await phone.do("back")
    assert "您现在没有可以评价的办件。" in phone.text


def _row(phone: Phone, lines: int) -> str:
    """A row of a list as it is read out: its lines together."""
    shown = phone.text.splitlines()
    at = shown.index("食品经营许可（第1类）")
    return "".join(shown[at : at + lines])


async def test_another_phone_lists_nothing(town: Town, phone: Phone) -> None:
    await town.completed()
    await bound(phone, "13900139000")
    assert "139****9000" in phone.text
    assert "食品经营许可" not in phone.text


@pytest.mark.usefixtures("town")
async def test_who_binds_no_phone_is_not_asked_twice(phone: Phone) -> None:
    await phone.open("pages/home/home")
    await phone.tap("绑定手机号")
    assert phone.asked("/phone") == 0
    assert "绑定手机号" in phone.text


@pytest.mark.usefixtures("town")
async def test_a_phone_is_unbound(phone: Phone) -> None:
    await bound(phone)
    await phone.tap("解除绑定")
    assert "138****8000" in phone.text
    await phone.give(modals=[True])
    await phone.tap("解除绑定")
    assert "138****8000" not in phone.text
    assert (await Rater.get()).phone is None


@pytest.mark.usefixtures("town")
async def test_a_phones_code_is_sent_once(phone: Phone) -> None:
    """It is used up by its first use, whatever became of the answer."""
    await phone.open("pages/home/home")
    await phone.give(phones=[phone.fake.mini.show_phone(PHONE)], network=["cut"])
    await phone.tap("绑定手机号")
    assert phone.asked("/phone") == 1
    assert "网络较慢，没有等到答复，请再试一次。" in phone.text
    await phone.do("show")
    assert "138****8000" in phone.text


@pytest.mark.usefixtures("town")
async def test_a_code_that_wechat_does_not_know_is_told(phone: Phone) -> None:
    await phone.give(phones=["nobody-gave-this-code"])
    await phone.open("pages/home/home")
    await phone.tap("绑定手机号")
    assert "微信没有认可这次授权，请重试一次。" in phone.text


async def test_what_the_scan_button_takes(town: Town, phone: Phone) -> None:
    token = town.office.links.rating((await town.completed()).nonce)
    for found in (
        {"result": f"{phone.server}/r/{token}?c=q"},
        {"result": f"r/{token}"},
        # A code of the mini-program itself, as iOS and as Android tell it.
        {"path": f"pages/rate/rate?scene=r%2F{token}", "scanType": "WX_CODE"},
        {"path": f"pages/rate/rate?scene=r/{token}", "scanType": "WX_CODE"},
    ):
        await phone.give(scans=[found])
        await phone.open("pages/home/home")
        await phone.tap("扫一扫评价")
        assert phone.route == "pages/rate/rate"
        assert "LS2026030001" in phone.text
    await phone.give(scans=[{"result": f"{phone.server}/q/W1"}])
    await phone.open("pages/home/home")
    await phone.tap("扫一扫评价")
    assert phone.route == "pages/place/place"
    for origin in ("https://elsewhere.example", f"{phone.server}.example", ""):
        await phone.give(scans=[{"result": f"{origin}/r/{token}"}])
        await phone.open("pages/home/home")
        await phone.tap("扫一扫评价")
        assert phone.route == "pages/home/home"
        assert "这不是“好差评”的评价码" in phone.text


async def test_an_ordinary_code_opens_it_too(town: Town, phone: Phone) -> None:
    """扫普通链接二维码打开小程序: WeChat hands over the link in `q`, encoded."""
    token = town.office.links.rating((await town.completed()).nonce)
    link = f"{phone.server}/r/{token}".replace(":", "%3A").replace("/", "%2F")
    await phone.open(f"pages/rate/rate?q={link}&scancode_time=1772413200")
    assert "LS2026030001" in phone.text


async def test_a_message_opens_its_receipt(town: Town, phone: Phone) -> None:
    await rated(town, phone, "不满意")
    code = town.office.links.receipt((await Evaluation.get()).id)
    await phone.open(f"pages/rate/rate?scene=receipt%2F{code}")
    assert phone.route == "pages/receipt/receipt"
    assert "不满意 2026年3月2日09:00" in phone.text


async def test_own_cases_come_first_at_a_place(town: Town, phone: Phone) -> None:
    await town.completed("LS1")
    await town.case("LS2", item="item-2")
    await town.visit("LS2")
    await bound(phone)
    await phone.scan("q/W1")
    lines = phone.text.splitlines()
    # The visit to this very window is above the case that is of no window.
    assert lines.index("食品经营许可（第2类）") < lines.index("食品经营许可（第1类）")
    assert "您对这里的服务满意吗？" not in phone.text
    await phone.tap("不评办件，作综合点评")
    await phone.tap("满意")
    await phone.tap("提交评价")
    assert (await Evaluation.get()).invitation_id is None


async def test_receipts_tell_the_story(town: Town, phone: Phone) -> None:
    await rated(town, phone, "不满意")
    await phone.open("pages/receipts/receipts")
    assert "不满意 2026年3月2日09:00" in phone.text
    await phone.tap(_row(phone, lines=5))
    await phone.tap("追加评价")
    await phone.tap("非常满意")
    await phone.type("具体情况或意见", "已经解决")
    await phone.tap("提交评价")
    text = phone.text
    first, again = text.index("您的第一次评价"), text.index("您的追加评价")
    assert first < text.index("窗口没有人") < text.index("处理情况") < again
    assert again < text.index("已经解决")
    assert "前可以追加评价" not in text
    assert await Evaluation.all().count() == 2


async def test_a_follow_up_says_why_too(town: Town, phone: Phone) -> None:
    evaluation = await rated(town, phone)
    await phone.open(f"pages/receipt/receipt?code={town.office.links.receipt(evaluation.id)}")
    await phone.tap("追加评价")
    await phone.tap("非常不满意")
    await phone.tap("提交评价")
    assert "请选择对应的评价指标或填写不满意的原因" in phone.text
    await phone.give(network=["cut", "cut"])
    await phone.type("具体情况或意见", "又退回来了")
    await phone.tap("提交评价")
    assert "网络较慢" in phone.text
    await phone.tap("提交评价")
    assert "您的追加评价" in phone.text
    assert await Evaluation.all().count() == 2


async def test_a_follow_up_in_time_only(town: Town, phone: Phone, clock: StandingClock) -> None:
    evaluation = await rated(town, phone)
    address = f"pages/receipt/receipt?code={town.office.links.receipt(evaluation.id)}"
    await phone.open(address)
    clock.advance(days=100)
    # The page is older than the last day.
    await phone.give(logins=[phone.fake.mini.log_in("openid-1")])
    await phone.tap("追加评价")
    assert "期限已过" in phone.text
    await phone.open(address)
    assert "追加评价" not in phone.text


async def test_receipts_of_others_are_not_shown(town: Town, phone: Phone) -> None:
    evaluation = await rated(town, phone)
    code = town.office.links.receipt(evaluation.id)
    phone.fake.mini.person("openid-2")
    await phone.do("forget")
    await phone.give(logins=[phone.fake.mini.log_in("openid-2")])
    await phone.open(f"pages/receipt/receipt?code={code}")
    assert "您的评价里没有这张回执。" in phone.text
    await phone.open("pages/receipts/receipts")
    assert "您还没有在这里评价过。" in phone.text


async def test_consents_are_asked_for_by_a_tap_and_recorded(town: Town, phone: Phone) -> None:
    await phone.give(consents={LASTING: "accept", SINGLE: "reject"}, lasting=[LASTING])
    await rated(town, phone)
    await phone.tap("接收通知")
    (asked,) = [options for name, options in phone.calls if name == "requestSubscribeMessage"]
    assert asked == {"tmplIds": [LASTING]}
    assert "已记下" in phone.text
    consent = await Consent.get()
    assert (consent.kind, consent.lasting) == ("thanks", True)
    # WeChat takes one-time and lasting ones apart only.
    await phone.tap("接收通知")
    assert "好的，不打扰您。" in phone.text
    assert "接收通知" not in phone.text
    assert await Consent.all().count() == 1


async def test_a_consent_whose_answer_is_lost_is_one(town: Town, phone: Phone) -> None:
    await phone.give(consents={LASTING: "accept", SINGLE: "accept"}, lasting=[LASTING])
    await rated(town, phone)
    await phone.tap("接收通知")
    await phone.give(network=["cut"])
    await phone.tap("接收通知")
    assert "已记下" in phone.text
    assert await Consent.filter(kind="reminder").count() == 1


@pytest.mark.usefixtures("town")
async def test_nothing_is_asked_of_the_service_before_privacy_is_agreed_to(phone: Phone) -> None:
    await phone.give(privacy=True)
    await phone.scan("q/W1")
    assert phone.route == "pages/privacy/privacy"
    assert not [name for name, _ in phone.calls if name in ("request", "login")]
    await phone.tap("用户隐私保护指引全文")
    await phone.tap("同意并继续")
    # Where they wanted to go.
    assert phone.route == "pages/place/place"
    assert "政务服务中心3号窗口" in phone.text


@pytest.mark.usefixtures("town")
async def test_privacy_can_be_read_at_any_time(phone: Phone) -> None:
    await phone.open("pages/home/home")
    await phone.tap("个人信息怎样处理")
    assert "本市政务服务数据管理局" in phone.text
    assert "同意并继续" not in phone.text


@pytest.mark.usefixtures("town")
@under("lingang")
async def test_large_type_is_the_persons_choice(phone: Phone) -> None:
    await phone.give(font=22)
    await phone.open("pages/home/home")
    assert await _size(phone) == "22px"
    await phone.tap("标准字号")
    assert await _size(phone) == "16px"
    await phone.scan("q/W1")
    assert await _size(phone) == "16px"
    await phone.tap("大字版")
    assert await _size(phone) == "22px"


async def _size(phone: Phone) -> str:
    tree = await phone.do("tree")
    assert tree[0]["tag"] == "page-meta"
    return str(tree[0]["attrs"]["root-font-size"])
