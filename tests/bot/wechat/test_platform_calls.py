"""Every endpoint that is called, against what its document demands, and the document's examples."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.gateways import Unheard
from bot.wechat import menu
from bot.wechat.codes import Code, mini_program_code, permanent_qr, temporary_qr, url_link
from bot.wechat.errors import (
    CodeRefused,
    NoConsent,
    NotReachable,
    PlatformError,
    Refused,
    WindowClosed,
)
from bot.wechat.messages import by_notice, by_reply, by_subscription, by_template
from bot.wechat.people import logged_in, phone_number
from bot.wechat.platform import Platform
from bot.wechat.scenes import Leads, Scene
from models.tables import PlatformCode
from tests.bot.wechat.conftest import OPENID, follower
from tests.bot.wechat.fake_platform import FakePlatform, Raw
from tests.standing import StandingClock

QR = "/cgi-bin/qrcode/create"
LINK = "/wxa/generate_urllink"
CODE = "/wxa/getwxacodeunlimit"
TEMPLATE = "/cgi-bin/message/template/send"
NOTICE = "/cgi-bin/message/subscribe/bizsend"
SUBSCRIPTION = "/cgi-bin/message/subscribe/send"
REPLY = "/cgi-bin/message/custom/send"
PHONE = "/wxa/business/getuserphonenumber"
LOGIN = "/sns/jscode2session"
MENU = "/cgi-bin/menu/create"

PAGE = "pages/rate/rate"
ID = "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY"
VALUES = {"thing1": "居住证办理", "time2": "2026年3月9日 15:01"}

RATING = Scene(Leads.RATING, "AbCdEfGhIjKlMnOpQrStUv_-")
WINDOW = Scene(Leads.PLACE, "aB3_dE-f")


# Codes and links


async def test_a_code_for_a_case(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    until = clock.now() + timedelta(days=7)
    code = await temporary_qr(official, RATING, until)
    assert code.until == until
    assert code.address.startswith("http://weixin.qq.com/q/")
    assert fake.official.of(QR) == [
        {
            "expire_seconds": 604800,
            "action_name": "QR_STR_SCENE",
            "action_info": {"scene": {"scene_str": "r/AbCdEfGhIjKlMnOpQrStUv_-"}},
        }
    ]
    assert await temporary_qr(official, RATING, until) == code
    assert fake.calls[QR] == 1


async def test_the_document_s_answer_for_a_code(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    """“生成带参数的二维码”. Its expire_seconds has been seen to be 0: the one asked for holds."""
    example = (
        rb'{"ticket":"gQH47joAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xL2taZ2Z3TVRtNzJXV1Brb3ZhYmJJA'
        rb'AIEZ23sUwMEmm3sUw==","expire_seconds":0,"url":"http:\/\/weixin.qq.com\/q\/kZgfwMTm"}'
    )
    fake.fail(QR, Raw(example))
    until = clock.now() + timedelta(days=1)
    code = await temporary_qr(official, RATING, until)
    assert code == Code("http://weixin.qq.com/q/kZgfwMTm", until)


async def test_a_code_that_is_wanted_longer_than_it_may_last(
    official: Platform, clock: StandingClock
) -> None:
    """A case may be rated for 60 days; the code lasts for 30, and is made anew on its last day."""
    until = clock.now() + timedelta(days=60)
    first = await temporary_qr(official, RATING, until)
    assert first.until == clock.now() + timedelta(days=30)
    clock.advance(days=29)
    assert await temporary_qr(official, RATING, until) == first
    clock.advance(seconds=1)
    second = await temporary_qr(official, RATING, until)
    assert second.address != first.address
    assert second.until == clock.now() + timedelta(days=30)
    assert await PlatformCode.all().count() == 1
    assert await temporary_qr(official, RATING, until) == second


async def test_a_code_that_has_ended(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    until = clock.now() + timedelta(hours=1)
    await temporary_qr(official, RATING, until)
    clock.advance(hours=1)
    again = await temporary_qr(official, RATING, until)
    assert again.until == clock.now() + timedelta(minutes=1)
    assert fake.calls[QR] == 2


async def test_a_code_for_a_window_is_for_good(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    code = await permanent_qr(official, WINDOW)
    clock.advance(days=400)
    assert await permanent_qr(official, WINDOW) == code
    assert code.until is None
    assert fake.official.permanent_codes == 99_999
    assert fake.official.of(QR)[0]["action_name"] == "QR_LIMIT_STR_SCENE"


async def test_no_more_codes_for_good(official: Platform, fake: FakePlatform) -> None:
    fake.official.permanent_codes = 0
    with pytest.raises(Refused, match="数量已达上限"):
        await permanent_qr(official, WINDOW)
    assert not await PlatformCode.all().count()


async def test_who_reads_the_database_holds_no_link(
    official: Platform, mini: Platform, clock: StandingClock
) -> None:
    until = clock.now() + timedelta(days=7)
    code = await temporary_qr(official, RATING, until)
    link = await url_link(mini, RATING, until, page=PAGE, version="release")
    for row in await PlatformCode.all():
        for told in (RATING.to, code.address, link.address):
            assert told not in f"{row.scene} {row.address}"


@pytest.mark.parametrize("body", [b"{}", b'{"url":7}', b'{"url":"weixin://x"}'])
async def test_no_address_in_the_answer(
    official: Platform, fake: FakePlatform, body: bytes
) -> None:
    fake.fail(QR, Raw(body))
    with pytest.raises(Unheard):
        await permanent_qr(official, WINDOW)


async def test_a_link_for_an_sms(mini: Platform, fake: FakePlatform, clock: StandingClock) -> None:
    until = clock.now() + timedelta(days=40)
    link = await url_link(mini, RATING, until, page=PAGE, version="release")
    assert link.address.startswith("https://wxaurl.cn/")
    assert fake.mini.of(LINK) == [
        {
            "path": PAGE,
            "query": "scene=r/AbCdEfGhIjKlMnOpQrStUv_-",
            "expire_type": 0,
            "expire_time": int((clock.now() + timedelta(days=30)).timestamp()),
            "env_version": "release",
        }
    ]
    assert await url_link(mini, RATING, until, page=PAGE, version="release") == link
    assert fake.calls[LINK] == 1


@pytest.mark.parametrize("version", ["release", "trial", "develop"])
async def test_a_mini_program_s_code(mini: Platform, fake: FakePlatform, version: str) -> None:
    image = await mini_program_code(mini, RATING, page=PAGE, version=version)
    assert image.startswith(b"\x89PNG")
    assert fake.mini.of(CODE)[0]["scene"] == str(RATING)


async def test_a_page_that_is_not_published(mini: Platform) -> None:
    with pytest.raises(Refused, match="41030"):
        await mini_program_code(mini, RATING, page="pages/new/new", version="release")
    assert await mini_program_code(mini, RATING, page="pages/new/new", version="develop")


async def test_a_scene_of_32_characters_and_no_more(mini: Platform, fake: FakePlatform) -> None:
    await mini_program_code(mini, Scene(Leads.RATING, "x" * 30), page=PAGE, version="release")
    with pytest.raises(Refused, match="40169"):
        await mini_program_code(mini, Scene(Leads.RATING, "x" * 31), page=PAGE, version="release")
    assert len(fake.mini.of(CODE)) == 1


# People


async def test_a_login(mini: Platform, fake: FakePlatform, clock: StandingClock) -> None:
    code = fake.mini.log_in(OPENID)
    assert await logged_in(mini, code) == OPENID
    with pytest.raises(CodeRefused, match="用过"):
        await logged_in(mini, code)
    late = fake.mini.log_in(OPENID)
    clock.advance(minutes=5)
    for refused in (late, "made-up", ""):
        with pytest.raises(CodeRefused):
            await logged_in(mini, refused)
    assert not fake.calls["/cgi-bin/stable_token"]


async def test_the_document_s_answer_for_a_login(mini: Platform, fake: FakePlatform) -> None:
    """“小程序登录凭证校验”."""
    example = b'{"openid":"xxxxxx","session_key":"xxxxx","unionid":"oHAUs6LSuwgHq","errcode":0}'
    fake.fail(LOGIN, Raw(example))
    assert await logged_in(mini, "x") == "xxxxxx"


@pytest.mark.parametrize("body", [b"{}", b'{"openid":""}', b'{"openid":7}'])
async def test_a_login_of_nobody(mini: Platform, fake: FakePlatform, body: bytes) -> None:
    fake.fail(LOGIN, Raw(body))
    with pytest.raises(Unheard):
        await logged_in(mini, "x")


async def test_a_phone_number(mini: Platform, fake: FakePlatform) -> None:
    code = fake.mini.show_phone("13800138000")
    assert await phone_number(mini, code) == "+8613800138000"
    with pytest.raises(CodeRefused):
        await phone_number(mini, code)


async def test_a_phone_number_of_hong_kong(mini: Platform, fake: FakePlatform) -> None:
    """countryCode is a string, in the document's example a number."""
    body = (
        '{"errcode":0,"phone_info":{"phoneNumber":"+85221234567","purePhoneNumber":"21234567",'
        '"countryCode":852,"watermark":{"timestamp":1637744274,"appid":"%s"}}}'
    )
    fake.fail(PHONE, Raw((body % mini.app_id).encode()))
    assert await phone_number(mini, "x") == "+85221234567"
    fake.fail(PHONE, Raw((body % "wx-of-others").encode()))
    with pytest.raises(Unheard):
        await phone_number(mini, "x")


async def test_a_phone_number_that_is_none(mini: Platform, fake: FakePlatform) -> None:
    with pytest.raises(Refused, match="电话号码"):
        await phone_number(mini, fake.mini.show_phone("138"))


# Messages


@pytest.fixture
def templates(fake: FakePlatform) -> None:
    for account in (fake.official, fake.mini):
        for way in ("template", "notice", "subscription"):
            account.templates[way, ID] = set(VALUES)


@pytest.mark.usefixtures("templates")
async def test_by_template(official: Platform, fake: FakePlatform) -> None:
    link = "https://pj.example/r/x"
    number = await by_template(official, OPENID, ID, VALUES, key="k" * 32, link=link)
    assert number == "200228332"
    assert fake.official.of(TEMPLATE) == [
        {
            "touser": OPENID,
            "template_id": ID,
            "url": link,
            "client_msg_id": "k" * 32,
            "data": {"thing1": {"value": "居住证办理"}, "time2": {"value": "2026年3月9日 15:01"}},
        }
    ]
    assert await by_template(official, OPENID, ID, VALUES, key="k" * 32)
    assert len(fake.official.of(TEMPLATE)) == 1


@pytest.mark.usefixtures("templates")
async def test_by_template_to_nobody(official: Platform, fake: FakePlatform) -> None:
    fake.official.person("gone", follows=False)
    fake.official.person("blocked", blocked=True)
    for openid in ("gone", "blocked", "unknown"):
        with pytest.raises(NotReachable):
            await by_template(official, openid, ID, VALUES, key="k")


@pytest.mark.usefixtures("templates")
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"thing1": "居住证办理"}, "time2"),
        ({**VALUES, "thing1": ""}, "thing1"),
        ({**VALUES, "thing1": "事" * 21}, "thing1"),
        ({**VALUES, "thing3": "多"}, "thing3"),
    ],
)
async def test_values_that_the_template_does_not_take(
    official: Platform, values: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused, match=f"47003，{field}，"):
        await by_template(official, OPENID, ID, values, key="k")


async def test_an_unknown_template(official: Platform) -> None:
    with pytest.raises(Refused, match="40037"):
        await by_template(official, OPENID, ID, VALUES, key="k")


@pytest.mark.usefixtures("templates")
async def test_one_consent_is_one_notice(official: Platform, fake: FakePlatform) -> None:
    fake.official.consented(OPENID, ID)
    assert await by_notice(official, OPENID, ID, VALUES, link="https://pj.example/r/x") is None
    assert fake.official.of(NOTICE)[0]["page"] == "https://pj.example/r/x"
    with pytest.raises(NoConsent):
        await by_notice(official, OPENID, ID, VALUES)


@pytest.mark.usefixtures("templates")
async def test_a_lasting_consent(mini: Platform, fake: FakePlatform) -> None:
    fake.mini.consented(OPENID, ID, lasting=True)
    page = f"{PAGE}?scene=r/x"
    for version, state in (("release", "formal"), ("trial", "trial"), ("develop", "developer")):
        assert await by_subscription(mini, OPENID, ID, VALUES, page=page, version=version)
        assert fake.mini.of(SUBSCRIPTION)[-1]["miniprogram_state"] == state
    with pytest.raises(Refused, match="41030"):
        await by_subscription(mini, OPENID, ID, VALUES, page="pages/no/no", version="release")


async def test_replies_while_the_window_is_open(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    with pytest.raises(WindowClosed, match="45015"):
        await by_reply(official, OPENID, "您好")
    fake.official.tapped(OPENID)
    for _ in range(3):
        await by_reply(official, OPENID, "您好")
    with pytest.raises(WindowClosed, match="45047"):
        await by_reply(official, OPENID, "您好")
    fake.official.wrote(OPENID)
    clock.advance(hours=47, minutes=59)
    for _ in range(5):
        await by_reply(official, OPENID, "您好")
    fake.official.wrote(OPENID)
    clock.advance(hours=48)
    with pytest.raises(WindowClosed, match="45015"):
        await by_reply(official, OPENID, "您好")
    assert len(fake.official.of(REPLY)) == 8


async def test_one_person_s_window_keeps_no_other_out(
    official: Platform, fake: FakePlatform
) -> None:
    fake.official.person("another")
    fake.official.wrote("another")
    with pytest.raises(WindowClosed):
        await by_reply(official, OPENID, "您好")
    await by_reply(official, "another", "您好")


async def test_a_reply_too_long_is_cut_between_characters(
    official: Platform, fake: FakePlatform
) -> None:
    fake.official.wrote(OPENID)
    await by_reply(official, OPENID, "好" * 682 + "ab")
    await by_reply(official, OPENID, "好" * 683)
    whole, cut = (each["text"]["content"] for each in fake.official.of(REPLY))
    assert whole == "好" * 682 + "ab"
    assert cut == "好" * 681 + "…"


# The menu


async def test_a_menu(official: Platform, fake: FakePlatform) -> None:
    await menu.put_up(official, menu.TAPS)
    (put_up,) = fake.official.of(MENU)
    assert put_up["button"][0] == {"type": "click", "name": "评价", "key": "rate"}
    assert [each["name"] for each in put_up["button"]] == ["评价", "我的评价", "帮助"]


@pytest.mark.parametrize("number", [0, 4])
async def test_a_menu_of_too_many_or_none(official: Platform, number: int) -> None:
    with pytest.raises(Refused, match="菜单"):
        await menu.put_up(official, {str(each): "评价" for each in range(number)})


async def test_the_account_of_the_other_kind(official: Platform, mini: Platform) -> None:
    with pytest.raises(Refused, match="48001"):
        await phone_number(official, "x")
    with pytest.raises(PlatformError, match="48001"):
        await follower(mini, OPENID)
