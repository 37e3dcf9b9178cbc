"""The fake takes what the documents show as examples, and is as strict as they are."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.bot.wechat.fake_account import HANDING_OVER, LIFE
from tests.bot.wechat.fake_platform import STABLE_TOKEN, FakePlatform
from tests.standing import StandingClock

TEMPLATE = "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY"
REPLY = "/cgi-bin/message/custom/send"

OFFICIAL_EXAMPLES: dict[str, Any] = {
    "/cgi-bin/qrcode/create": {
        "expire_seconds": 604800,
        "action_name": "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": "test"}},
    },
    "/cgi-bin/message/template/send": {
        "touser": "OPENID",
        "template_id": TEMPLATE,
        "url": "http://weixin.qq.com/download",
        "miniprogram": {"appid": "xiaochengxuappid12345", "pagepath": "index?foo=bar"},
        "client_msg_id": "MSG_000001",
        "data": {"thing1": {"value": "巧克力"}, "date2": {"value": "2014年9月22日"}},
    },
    REPLY: {"touser": "OPENID", "msgtype": "text", "text": {"content": "Hello World"}},
    "/cgi-bin/menu/create": {
        "button": [
            {"type": "click", "name": "今日歌曲", "key": "V1001_TODAY_MUSIC"},
            {
                "name": "菜单",
                "sub_button": [
                    {"type": "view", "name": "搜索", "url": "http://www.soso.com/"},
                    {
                        "type": "miniprogram",
                        "name": "wxa",
                        "url": "http://mp.weixin.qq.com",
                        "appid": "wx286b93c14bbf93aa",
                        "pagepath": "pages/lunar/index",
                    },
                    {"type": "click", "name": "赞一下我们", "key": "V1001_GOOD"},
                ],
            },
        ]
    },
}
MINI_EXAMPLES: dict[str, Any] = {
    "/wxa/getwxacodeunlimit": {
        "page": "pages/index/index",
        "scene": "a=1",
        "check_path": True,
        "env_version": "release",
    },
    "/cgi-bin/message/subscribe/send": {
        "touser": "OPENID",
        "template_id": TEMPLATE,
        "page": "pages/index/index",
        "miniprogram_state": "developer",
        "lang": "zh_CN",
        "data": {"thing1": {"value": "339208499"}, "date2": {"value": "2015年01月05日"}},
    },
}


@pytest.fixture
def known(fake: FakePlatform) -> None:
    for account in (fake.official, fake.mini):
        account.person("OPENID")
        account.wrote("OPENID")
        account.consented("OPENID", TEMPLATE)
        account.pages.add("pages/index/index")
        for way in ("template", "subscription"):
            account.templates[way, TEMPLATE] = {"thing1", "date2"}


async def post(
    session: aiohttp.ClientSession, fake: FakePlatform, path: str, body: object, **query: str
) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    url = fake.url.joinpath(path.removeprefix("/")).with_query(query)
    async with session.post(url, data=data) as response:
        raw = await response.read()
    return json.loads(raw) if raw.startswith(b"{") else raw


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("path", OFFICIAL_EXAMPLES)
async def test_an_official_account_s_example(
    session: aiohttp.ClientSession, fake: FakePlatform, path: str
) -> None:
    token = fake.official.stable_token(force=False)["access_token"]
    said = await post(session, fake, path, OFFICIAL_EXAMPLES[path], access_token=token)
    assert said.get("errcode", 0) == 0, said
    assert fake.official.of(path) == [OFFICIAL_EXAMPLES[path]]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("path", MINI_EXAMPLES)
async def test_a_mini_program_s_example(
    session: aiohttp.ClientSession, fake: FakePlatform, path: str
) -> None:
    token = fake.mini.stable_token(force=False)["access_token"]
    said = await post(session, fake, path, MINI_EXAMPLES[path], access_token=token)
    assert isinstance(said, bytes) or said["errcode"] == 0
    assert fake.mini.of(path) == [MINI_EXAMPLES[path]]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (REPLY, b"", 44002),
        (REPLY, b"{", 47001),
        (REPLY, b"[]", 47001),
        (REPLY, {**OFFICIAL_EXAMPLES[REPLY], "more": 1}, 47001),
        (REPLY, {"touser": "OPENID", "msgtype": "text"}, 47001),
        (REPLY, {"touser": "OPENID", "msgtype": "text", "text": {"content": ""}}, 44004),
        (REPLY, rb'{"touser":"OPENID","msgtype":"text","text":{"content":"\u4f60"}}', 40033),
        (REPLY, {**OFFICIAL_EXAMPLES[REPLY], "touser": "nobody"}, 40003),
        ("/cgi-bin/qrcode/create", {"action_name": "QR_STR_SCENE"}, 47001),
        ("/cgi-bin/never/heard/of", {}, 40066),
        ("/cgi-bin/media/get", {}, 43001),
        ("/wxa/generate_urllink", {}, 48001),
    ],
)
async def test_what_it_refuses(
    session: aiohttp.ClientSession, fake: FakePlatform, path: str, body: object, code: int
) -> None:
    token = fake.official.stable_token(force=False)["access_token"]
    said = await post(session, fake, path, body, access_token=token)
    assert said["errcode"] == code
    assert not fake.official.accepted


async def code_of(session: aiohttp.ClientSession, fake: FakePlatform, token: str) -> int:
    """The errcode to that token; 40003 where it is taken, since nobody is known by that name."""
    body = {**OFFICIAL_EXAMPLES[REPLY], "touser": "nobody"}
    said = await post(session, fake, REPLY, body, access_token=token)
    return int(said["errcode"])


async def test_the_life_of_a_token(
    session: aiohttp.ClientSession, fake: FakePlatform, clock: StandingClock
) -> None:
    account = fake.official
    wanted = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.secret}
    first = await post(session, fake, STABLE_TOKEN, wanted)
    assert first["expires_in"] == 7200
    clock.advance(seconds=(LIFE - HANDING_OVER).total_seconds() - 1)
    assert await post(session, fake, STABLE_TOKEN, wanted) == {**first, "expires_in": 301}
    clock.advance(seconds=1)
    second = await post(session, fake, STABLE_TOKEN, wanted)
    assert second["access_token"] != first["access_token"]
    # Both, for five minutes.
    assert await code_of(session, fake, first["access_token"]) == 40003
    clock.advance(seconds=HANDING_OVER.total_seconds())
    assert await code_of(session, fake, first["access_token"]) == 42001
    assert await code_of(session, fake, second["access_token"]) == 40003
    # By force, and not twice within 30 seconds.
    third = await post(session, fake, STABLE_TOKEN, {**wanted, "force_refresh": True})
    again = await post(session, fake, STABLE_TOKEN, {**wanted, "force_refresh": True})
    assert third["access_token"] == again["access_token"] != second["access_token"]
    assert await code_of(session, fake, first["access_token"]) == 40001
    assert await code_of(session, fake, "") == 41001


async def test_twenty_a_day_by_force(fake: FakePlatform, clock: StandingClock) -> None:
    tokens = set()
    for _ in range(20):
        tokens.add(fake.official.stable_token(force=True)["access_token"])
        clock.advance(seconds=30)
    assert len(tokens) == 20
    assert timedelta(seconds=30) * 20 < timedelta(days=1)
    wanted = {
        "grant_type": "client_credential",
        "appid": fake.official.app_id,
        "secret": fake.official.secret,
        "force_refresh": True,
    }
    async with aiohttp.ClientSession() as session:
        assert (await post(session, fake, STABLE_TOKEN, wanted))["errcode"] == 45009
        wrong = {**wanted, "secret": "x"}
        assert (await post(session, fake, STABLE_TOKEN, wrong))["errcode"] == 40125
