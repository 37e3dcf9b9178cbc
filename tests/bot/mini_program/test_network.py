"""Bad networks, sessions that end, and too much of everything: rated once, told in plain words."""

from __future__ import annotations

import pytest

from api.mp.limits import Limits
from models.tables import Evaluation, RaterSession
from tests.api.pages.town import Town
from tests.bot.mini_program.conftest import OPENID, Phone


async def ready(town: Town, phone: Phone, number: str = "LS1") -> None:
    """All is chosen, and only to be sent."""
    invitation = await town.completed(number)
    await phone.scan(f"r/{town.office.links.rating(invitation.nonce)}")
    await phone.tap("满意")


async def test_an_answer_that_is_lost_is_asked_for_again(town: Town, phone: Phone) -> None:
    await ready(town, phone)
    await phone.give(network=["cut"])
    await phone.tap("提交评价")
    assert phone.route == "pages/receipt/receipt"
    assert await Evaluation.all().count() == 1


async def test_who_tries_again_after_a_timeout_rates_once(town: Town, phone: Phone) -> None:
    await ready(town, phone)
    await phone.give(network=["cut", "cut"])
    await phone.tap("提交评价")
    assert "网络较慢，没有等到答复，请再试一次。您可以放心重新提交，不会重复评价。" in phone.text
    assert await Evaluation.all().count() == 1
    # The key is kept where WeChat may end the mini-program in between.
    assert [key for key in phone.storage if key.startswith("submission r/")]
    await phone.tap("提交评价")
    assert "谢谢您的评价" in phone.text
    assert await Evaluation.all().count() == 1
    assert not [key for key in phone.storage if key.startswith("submission r/")]


async def test_another_form_has_another_key(town: Town, phone: Phone) -> None:
    for number in ("LS1", "LS2"):
        await ready(town, phone, number)
        await phone.tap("提交评价")
        assert "谢谢您的评价" in phone.text
    assert await Evaluation.all().count() == 2


async def test_without_a_network_the_form_stays(town: Town, phone: Phone) -> None:
    await ready(town, phone)
    await phone.give(network=["offline", "offline"])
    await phone.tap("提交评价")
    assert phone.text.count("没有连上网络，请检查手机网络后再试。") == 1
    assert "您对这次服务满意吗？" in phone.text
    assert await Evaluation.all().count() == 0
    await phone.tap("提交评价")
    assert phone.route == "pages/receipt/receipt"


@pytest.mark.usefixtures("town")
async def test_a_page_that_did_not_open_opens_later(phone: Phone) -> None:
    await phone.give(network=["offline"])
    await phone.open("pages/receipts/receipts")
    assert "没有连上网络" in phone.text
    assert "不会重复" not in phone.text
    await phone.tap("再试一次")
    assert "您还没有在这里评价过。" in phone.text


@pytest.mark.usefixtures("town")
async def test_a_login_without_an_answer_is_no_repeated_code(phone: Phone) -> None:
    await phone.give(network=["cut"])
    await phone.open("pages/receipts/receipts")
    assert phone.asked("/login") == 1
    assert "网络较慢" in phone.text
    await phone.tap("再试一次")
    assert phone.asked("/login") == 1
    assert await RaterSession.all().count() == 2


@pytest.mark.usefixtures("town")
async def test_requests_at_once_share_a_login(phone: Phone) -> None:
    await phone.open("pages/home/home")
    assert phone.asked("/me") == phone.asked("/rateable") == 1
    assert phone.asked("/login") == 1
    await phone.do("show")
    assert phone.asked("/me") == 1
    assert phone.asked("/login") == 0


@pytest.mark.usefixtures("town")
async def test_a_session_that_has_ended_is_begun_anew_once(phone: Phone) -> None:
    await phone.open("pages/home/home")
    await RaterSession.all().delete()
    await phone.do("show")
    assert phone.asked("/login") == 1
    assert phone.asked("/me") == phone.asked("/rateable") == 2
    assert "扫一扫评价" in phone.text
    assert "暂时无法处理" not in phone.text


@pytest.mark.usefixtures("town")
async def test_who_hears_late_of_the_end_takes_the_new_session(phone: Phone) -> None:
    await phone.open("pages/home/home")
    await RaterSession.all().delete()
    await phone.give(network=["slow"])
    await phone.do("show")
    assert phone.asked("/login") == 1
    assert phone.asked("/me") == phone.asked("/rateable") == 2


async def test_a_rating_outlives_its_session(town: Town, phone: Phone) -> None:
    await ready(town, phone)
    await RaterSession.all().delete()
    await phone.tap("提交评价")
    assert phone.route == "pages/receipt/receipt"
    assert await Evaluation.all().count() == 1


@pytest.mark.usefixtures("town")
async def test_who_never_gets_in_is_told_so(phone: Phone) -> None:
    await phone.give(logins=["nobody-gave-this-code"])
    await phone.open("pages/receipts/receipts")
    assert "微信没有认可这次授权，请重试一次。" in phone.text
    await phone.give(logins=[phone.fake.mini.log_in(OPENID)])
    await phone.do("show")
    assert "您还没有在这里评价过。" in phone.text


class TestTooOften:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(changes="1 per minute")

    async def test_is_told_for_how_long(self, town: Town, phone: Phone) -> None:
        await ready(town, phone, "LS1")
        await phone.tap("提交评价")
        await ready(town, phone, "LS2")
        await phone.tap("提交评价")
        assert phone.route == "pages/rate/rate"
        assert "操作太频繁，请在" in phone.text
        assert "后再试。" in phone.text
        assert await Evaluation.all().count() == 1


async def test_what_nobody_foresaw_is_told_in_words(town: Town, phone: Phone) -> None:
    await ready(town, phone)
    # A proxy on the way answers instead of the service.
    await phone.give(network=["proxy"])
    await phone.tap("提交评价")
    assert "系统暂时无法处理，请稍后再试。" in phone.text
    await phone.tap("提交评价")
    assert phone.route == "pages/receipt/receipt"
