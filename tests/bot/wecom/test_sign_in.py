"""Signing in (bot/wecom/sign_in.py): where to, and who has come back."""

from __future__ import annotations

import pytest
from yarl import URL

from bot.wechat.errors import CodeRefused, TokenRefused
from bot.wecom.platform import WeComPlatform
from bot.wecom.sign_in import authorize_url, user_of_code
from tests.bot.wecom.conftest import settings
from tests.bot.wecom.fake_wecom import USER_INFO, FakeWeCom, Says
from tests.standing import StandingClock

BACK = "https://pj.example/staff/sign-in/wecom/bureau?next=/staff/orders/1"


async def test_in_wecom(fake: FakeWeCom) -> None:
    address = authorize_url(settings(fake), BACK, "a1B2")
    url = URL(address)
    assert address.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx")
    assert "redirect_uri=https%3A%2F%2Fpj.example%2Fstaff" in address
    assert url.fragment == "wechat_redirect"
    assert dict(url.query) == {
        "appid": fake.corp.corp_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "a1B2",
        "agentid": "218",
    }


async def test_in_a_browser(fake: FakeWeCom) -> None:
    url = URL(authorize_url(settings(fake), BACK, "a1B2", inside=False))
    assert str(url.with_query(None)) == "https://login.work.weixin.qq.com/wwlogin/sso/login"
    assert dict(url.query) == {
        "login_type": "CorpApp",
        "appid": fake.corp.corp_id,
        "agentid": "218",
        "redirect_uri": BACK,
        "state": "a1B2",
    }


async def test_a_code_is_good_once_and_for_five_minutes(
    platform: WeComPlatform, fake: FakeWeCom, clock: StandingClock
) -> None:
    code = fake.corp.sign_in("ZhangSan")
    assert await user_of_code(platform, code) == "ZhangSan"
    late = fake.corp.sign_in("ZhangSan")
    clock.advance(minutes=5)
    for refused in (code, late, "made-up"):
        with pytest.raises(CodeRefused, match="40029"):
            await user_of_code(platform, refused)


async def test_who_is_no_member(platform: WeComPlatform, fake: FakeWeCom) -> None:
    with pytest.raises(CodeRefused, match="不是本企业的成员"):
        await user_of_code(platform, fake.corp.sign_in(None))


@pytest.mark.parametrize("code", ["", "x" * 513])
async def test_what_is_no_code_is_not_asked_about(
    platform: WeComPlatform, fake: FakeWeCom, code: str
) -> None:
    with pytest.raises(CodeRefused):
        await user_of_code(platform, code)
    assert not fake.calls


async def test_a_domain_that_is_not_trusted_is_the_operators(
    platform: WeComPlatform, fake: FakeWeCom
) -> None:
    fake.fail(USER_INFO, Says(50001, "redirect_url domain not trusted"))
    with pytest.raises(TokenRefused, match="可信域名"):
        await user_of_code(platform, fake.corp.sign_in("zhangsan"))
