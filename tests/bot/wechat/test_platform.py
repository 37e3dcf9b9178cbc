"""Whatever the platform does is NotDelivered: bot/wechat/platform.py, bot/exchange.py."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot import gateways
from bot.exchange import ANSWER_LIMIT
from bot.gateways import NotDelivered, Rejected, Unheard
from bot.wechat.codes import mini_program_code
from bot.wechat.errors import (
    Busy,
    CodeRefused,
    NoConsent,
    NotReachable,
    OverQuota,
    PlatformError,
    Refused,
    TokenEnded,
    TokenRefused,
    WindowClosed,
    fault,
)
from bot.wechat.media import recording
from bot.wechat.messages import by_reply
from bot.wechat.people import logged_in
from bot.wechat.platform import Patience, Platform
from bot.wechat.scenes import Leads, Scene
from models.office import Office
from models.texts import WHY_LENGTH
from tests.bot.wechat.conftest import OPENID, QUICK, follower
from tests.bot.wechat.fake_platform import Cut, FakePlatform, Fault, Hang, Raw, Says
from tests.standing import MONDAY, StandingClock

USER_INFO = "/cgi-bin/user/info"
MEDIA = "/cgi-bin/media/get"
REPLY = "/cgi-bin/message/custom/send"
CODE = "/wxa/getwxacodeunlimit"
LOGIN = "/sns/jscode2session"

MINUTE = timedelta(minutes=1)
UNTIL_MIDNIGHT = timedelta(hours=15)
"""From nine in the morning."""


async def refused(official: Platform) -> NotDelivered:
    with pytest.raises(NotDelivered) as found:
        await follower(official, OPENID)
    assert found.value.__suppress_context__ or found.value.__context__ is None
    return found.value


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Raw(status=500), "HTTP 500"),
        (Raw(b"{}", status=404), "HTTP 404"),
        (Raw(status=302, headers={"Location": "/elsewhere"}), "HTTP 302"),
        (Raw(b""), "无法读取"),
        (Raw(b"<html>502</html>"), "无法读取"),
        (Raw(b"[]"), "无法读取"),
        (Raw(b"null"), "无法读取"),
        (Raw(b"[" * 50_000), "无法读取"),
        (Raw(b"\xff\xfe\x00"), "无法读取"),
        (Raw(b'{"errcode":null}'), "无法读取"),
        (Raw(b'{"errcode":[1]}'), "无法读取"),
        (Raw(b'{"errcode":"many"}'), "无法读取"),
        (Raw(b'{"errcode":0.5}'), "无法读取"),
        (Raw(b"{}".ljust(ANSWER_LIMIT + 1)), "过长"),
        (Raw(b"none", headers={"Content-Encoding": "gzip"}), "不完整"),
        (Cut(), "不完整"),
    ],
)
async def test_no_answer_of_the_platform(
    official: Platform, fake: FakePlatform, said: Fault, words: str
) -> None:
    fake.fail(USER_INFO, said)
    found = await refused(official)
    assert isinstance(found, Unheard)
    assert words in found.why
    assert fake.calls[USER_INFO] == 1
    assert not fake.calls["/elsewhere"]
    assert await follower(official, OPENID)


async def test_an_answer_as_long_as_may_be(official: Platform, fake: FakePlatform) -> None:
    fake.fail(USER_INFO, Raw(b"{}".ljust(ANSWER_LIMIT)))
    assert not await follower(official, OPENID)


async def test_it_does_not_wait_for_ever(
    official: Platform, office: Office, fake: FakePlatform, session: aiohttp.ClientSession
) -> None:
    await follower(official, OPENID)
    hasty = Platform(
        office,
        "official",
        fake.official.app_id,
        fake.official.secret,
        fake.url,
        session,
        official.now,
        patience=Patience(timeout=timedelta(milliseconds=30)),
    )
    fake.fail(USER_INFO, Hang())
    assert "没有按时" in (await refused(hasty)).why


@pytest.mark.parametrize(
    ("address", "words"), [("http://127.0.0.1:{port}", "连接不上"), ("https://{fake}", "TLS")]
)
async def test_nobody_there(
    office: Office,
    fake: FakePlatform,
    session: aiohttp.ClientSession,
    clock: StandingClock,
    address: str,
    words: str,
) -> None:
    there = URL(address.format(port=unused_port(), fake=fake.url.authority))
    lost = Platform(office, "a", "wx0", "s", there, session, clock.now, patience=QUICK)
    assert words in (await refused(lost)).why


async def test_an_api_behind_a_path(
    office: Office, fake: FakePlatform, session: aiohttp.ClientSession, clock: StandingClock
) -> None:
    """A proxy of the hall's own network."""
    there = fake.url / "weixin"
    lost = Platform(office, "a", "wx0", "s", there, session, clock.now, patience=QUICK)
    with pytest.raises(PlatformError):
        await follower(lost, OPENID)
    assert fake.calls["/weixin/cgi-bin/stable_token"] == 1


async def test_busy_is_tried_three_times(official: Platform, fake: FakePlatform) -> None:
    fake.fail(USER_INFO, *[Says(-1, "system error")] * 2)
    assert await follower(official, OPENID)
    fake.fail(USER_INFO, *[Says(-1, "system error")] * 3)
    assert isinstance(await refused(official), Busy)
    assert fake.calls[USER_INFO] == 6


async def test_an_errcode_as_a_string(official: Platform, fake: FakePlatform) -> None:
    """Some pages of the documentation have it so."""
    fake.fail(USER_INFO, Raw(b'{"errcode":"-1","errmsg":"system error"}'))
    fake.fail(USER_INFO, Raw(b'{"errcode":"40003","errmsg":"invalid openid"}'))
    assert isinstance(await refused(official), NotReachable)


async def test_a_quota_used_up_leaves_its_endpoint_alone(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    fake.daily[USER_INFO] = 1
    await follower(official, OPENID)
    for _ in range(3):
        found = await refused(official)
        assert isinstance(found, OverQuota)
        assert found.wait == UNTIL_MIDNIGHT
    assert fake.calls[USER_INFO] == 2
    clock.advance(hours=14)
    assert (await refused(official)).wait == timedelta(hours=1)
    fake.official.wrote(OPENID)
    await by_reply(official, OPENID, "您好")
    clock.advance(hours=1)
    await follower(official, OPENID)
    assert fake.calls[USER_INFO] == 3


async def test_too_often_in_a_minute(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    fake.minutely[USER_INFO] = 2
    await follower(official, OPENID)
    await follower(official, OPENID)
    assert (await refused(official)).wait == MINUTE
    clock.advance(seconds=60)
    await follower(official, OPENID)


async def test_codes_of_mini_programs_are_limited_by_the_minute(
    mini: Platform, fake: FakePlatform
) -> None:
    fake.minutely[CODE] = 0
    with pytest.raises(OverQuota) as found:
        await mini_program_code(
            mini, Scene(Leads.PLACE, "W1"), page="pages/rate/rate", version="release"
        )
    assert (found.value.code, found.value.wait) == (45009, MINUTE)


async def test_one_who_logs_in_too_often_keeps_nobody_out(
    mini: Platform, fake: FakePlatform
) -> None:
    fake.fail(LOGIN, Says(45011, "api minute-quota reach limit"))
    with pytest.raises(OverQuota):
        await logged_in(mini, fake.mini.log_in(OPENID))
    assert (await logged_in(mini, fake.mini.log_in(OPENID))) == OPENID


async def test_a_file_is_told_from_a_refusal_by_what_is_in_it(
    official: Platform, fake: FakePlatform
) -> None:
    fake.official.media["voice"] = b"#!AMR\n\x3c\x91"
    assert await recording(official, "voice") == b"#!AMR\n\x3c\x91"
    fake.official.media["braces"] = b"{not JSON"
    assert await recording(official, "braces") == b"{not JSON"
    with pytest.raises(Refused, match="40007"):
        await recording(official, "unknown")


@pytest.mark.parametrize("body", [b"", b'{"video_url":"http://x/"}', b'{"errcode":0}'])
async def test_no_file(official: Platform, fake: FakePlatform, body: bytes) -> None:
    fake.fail(MEDIA, Raw(body))
    with pytest.raises(Unheard, match="没有文件"):
        await recording(official, "voice")


async def test_a_file_with_a_stale_token(official: Platform, fake: FakePlatform) -> None:
    fake.official.media["voice"] = b"#!AMR\n"
    await follower(official, OPENID)
    fake.official.revoke()
    assert await recording(official, "voice") == b"#!AMR\n"


async def test_chinese_goes_out_as_it_is(official: Platform, fake: FakePlatform) -> None:
    """The fake refuses \\uXXXX, as the platform does (40033)."""
    fake.official.wrote(OPENID)
    await by_reply(official, OPENID, "“您好”\n谢谢😀\\u4f60")
    assert fake.official.of(REPLY)[0]["text"] == {"content": "“您好”\n谢谢😀\\u4f60"}


CODES = {
    Busy: [-1],
    TokenEnded: [40001, 40014, 42001],
    TokenRefused: [40013, 40125, 40164, 40243, 61024],
    OverQuota: [45009, 45011, 45028],
    NotReachable: [40003, 43004, 43019, 46004, 48002],
    NoConsent: [43101],
    WindowClosed: [45015, 45047],
    CodeRefused: [40029, 40163, 40226],
    Refused: [40007, 40037, 41030, 45168, 47001, 47003, 48001],
    PlatformError: [43108, 99999],
}
WORDS = "invalid openid o6_bmjrPTlm6_2sgVt7hMZOPfL2M of 13800138000 at https://pj.example/r/x?a=b"


@pytest.mark.parametrize(
    ("kind", "code"), [(kind, code) for kind, codes in CODES.items() for code in codes]
)
def test_what_each_code_means(kind: type[PlatformError], code: int) -> None:
    found = fault("/cgi-bin/x", code, f"{WORDS} rid: 5f7d4b1c-0a1b2c3d-4e5f6a7b", MONDAY)
    assert type(found) is kind
    assert isinstance(found, Rejected) == issubclass(kind, Refused)
    assert isinstance(found, gateways.NoConsent) == (kind is NoConsent)
    assert not isinstance(found, Unheard)
    assert found.code == code
    assert re.search(rf"（{code}，rid 5f7d4b1c-0a1b2c3d-4e5f6a7b）$", found.why)
    for secret in ("o6_", "138", "pj.example"):
        assert secret not in found.why
    assert len(found.why) <= WHY_LENGTH


@pytest.mark.parametrize(
    ("code", "wait"),
    [(45009, UNTIL_MIDNIGHT), (45028, UNTIL_MIDNIGHT), (45011, MINUTE), (43108, MINUTE)],
)
def test_how_long_to_wait(code: int, wait: timedelta) -> None:
    assert fault("/cgi-bin/x", code, "", MONDAY).wait == wait


def test_at_midnight_the_whole_next_day_is_left() -> None:
    midnight = MONDAY + UNTIL_MIDNIGHT
    assert fault("/cgi-bin/x", 45009, "", midnight).wait == timedelta(days=1)


@pytest.mark.parametrize(
    ("code", "errmsg", "words"),
    [
        (47003, "argument invalid! data.thing4.value invalid rid: 6685312c-738a8045-6", "thing4，"),
        (40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in", "203.0.113.7"),
        (40164, "invalid ip 2001:db8::1, not in whitelist", "2001:db8::1"),
        (40164, "invalid ip dead.beef, not in whitelist", "（40164）"),
    ],
)
def test_what_the_operator_is_told(code: int, errmsg: str, words: str) -> None:
    assert words in fault("/cgi-bin/x", code, errmsg, MONDAY).why


@given(st.integers(-100_000, 100_000).filter(bool), st.text())
def test_no_words_of_theirs_break_ours(code: int, errmsg: str) -> None:
    why = fault("/cgi-bin/x", code, errmsg, MONDAY).why
    assert why.isprintable()
    assert len(why) <= WHY_LENGTH


async def test_neither_secret_nor_token_is_in_a_fault(
    official: Platform, fake: FakePlatform
) -> None:
    def held(value: Any) -> str:
        return f"{value!r} {value.__cause__!r} {value.__context__!r}"

    fake.fail(USER_INFO, Cut())
    found = held(await refused(official))
    assert fake.official.issued[-1].value not in found
    assert fake.official.secret not in found
