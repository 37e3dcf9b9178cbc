"""An application's calls, at a Feishu played strictly (bot/feishu/client.py)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from bot.feishu import cards
from bot.feishu.client import Feishu
from bot.gateways import NotDelivered, Rejected, Unheard
from bot.staff.platform import Answered, Button, Card, StaffApp
from models.office import Office
from models.ratings.attachments import LARGEST
from models.tables import AccessToken
from tests.bot.feishu.conftest import QUICK, application
from tests.bot.feishu.fake_feishu import MESSAGES, TOKEN, FakeFeishu, Raw, Says
from tests.bot.feishu.theirs import MESSAGE, OPEN_ID
from tests.standing import StandingClock

CARD = Card(
    "新差评",
    "办理时间太长",
    "https://pj.example/staff/orders/1024",
    [Button("受理", "受理 1024")],
    key="notice:7",
)
REPLY = cards.answering(Answered("已受理"))


async def test_a_card_reaches_a_person(feishu: Feishu, fake: FakeFeishu) -> None:
    app: StaffApp = feishu
    number = await app.send([OPEN_ID], CARD)
    (message,) = fake.sent
    assert (message.number, message.to) == (number, OPEN_ID)
    assert message.card["header"]["title"]["content"] == "新差评"


async def test_again_it_is_not_sent_twice(feishu: Feishu, fake: FakeFeishu) -> None:
    first = await feishu.send([OPEN_ID], CARD)
    assert await feishu.send([OPEN_ID], CARD) == first
    assert len(fake.sent) == 1


async def test_one_notice_goes_to_two_persons(feishu: Feishu, fake: FakeFeishu) -> None:
    fake.people["ou_another"] = None
    await feishu.send([OPEN_ID], CARD)
    await feishu.send(["ou_another"], CARD)
    assert [each.to for each in fake.sent] == [OPEN_ID, "ou_another"]


async def test_sixty_at_once_fetch_one_token(feishu: Feishu, fake: FakeFeishu) -> None:
    await asyncio.gather(*(feishu.check() for _ in range(60)))
    assert fake.calls[TOKEN] == 1


async def test_the_token_lies_sealed(feishu: Feishu) -> None:
    await feishu.check()
    row = await AccessToken.get(app="city")
    assert row.token is not None
    assert "t-0" not in row.token


async def test_before_its_end_another_token_is_fetched(
    feishu: Feishu, fake: FakeFeishu, clock: StandingClock
) -> None:
    await feishu.send([OPEN_ID], CARD)
    clock.advance(minutes=115)
    await feishu.send([OPEN_ID], CARD)
    assert fake.calls[TOKEN] == 2


@pytest.mark.parametrize("code", [99991661, 99991663, 99991668])
async def test_a_refused_token_is_replaced_once(
    feishu: Feishu, fake: FakeFeishu, code: int
) -> None:
    await feishu.send([OPEN_ID], CARD)
    fake.end_tokens()
    fake.fail(MESSAGES, Says(code))
    await feishu.send([OPEN_ID], CARD)
    assert fake.calls[TOKEN] == 2
    fake.fail(MESSAGES, Says(code), Says(code))
    with pytest.raises(NotDelivered, match=str(code)) as refused:
        await feishu.send([OPEN_ID], CARD)
    assert not isinstance(refused.value, Rejected)


@pytest.mark.parametrize("code", [230013, 230029, 230034, 230053])
async def test_who_cannot_be_reached(feishu: Feishu, fake: FakeFeishu, code: int) -> None:
    fake.people[OPEN_ID] = code
    with pytest.raises(Rejected, match=f"{code}，log_id 20260302090000A1B2C3D4E5F6"):
        await feishu.send([OPEN_ID], CARD)


async def test_somebody_of_another_application(feishu: Feishu) -> None:
    with pytest.raises(Rejected, match="open_id 无效"):
        await feishu.send(["ou_stranger"], CARD)


@pytest.mark.parametrize(
    ("says", "wait"),
    [
        (Says(99991400, status=429, x_ogw_ratelimit_reset="52"), 52),
        (Says(99991400, x_ogw_ratelimit_reset="999999999"), 24 * 60 * 60),
        (Says(99991400, x_ogw_ratelimit_reset="soon"), 60),
        (Says(230020), 60),
        (Says(11232, status=200), 60),
        (Says(230049), 60),
        (Says(99991403), 24 * 60 * 60),
        (Raw(status=429, headers={"x-ogw-ratelimit-reset": "7"}), 7),
        (Raw(b"slow down", status=429), 60),
    ],
)
async def test_too_much(feishu: Feishu, fake: FakeFeishu, says: Says | Raw, wait: int) -> None:
    fake.fail(MESSAGES, says)
    with pytest.raises(NotDelivered) as refused:
        await feishu.send([OPEN_ID], CARD)
    assert not isinstance(refused.value, Rejected | Unheard)
    assert refused.value.wait == timedelta(seconds=wait)


async def test_the_limits_are_what_the_platform_takes(feishu: Feishu, clock: StandingClock) -> None:
    each = next(limit for limit in feishu.limits if limit.each)
    for number in range(each.count):
        await feishu.send([OPEN_ID], Card("催办", "今天到期", "https://a.cn", key=str(number)))
    with pytest.raises(NotDelivered, match="230020"):
        await feishu.send([OPEN_ID], CARD)
    clock.advance(seconds=each.within.total_seconds())
    await feishu.send([OPEN_ID], CARD)


@pytest.mark.parametrize("code", [230006, 230027, 99991672, 99991401, 4711])
async def test_what_waits_for_the_operator(feishu: Feishu, fake: FakeFeishu, code: int) -> None:
    fake.fail(MESSAGES, Says(code))
    with pytest.raises(NotDelivered, match=str(code)) as refused:
        await feishu.send([OPEN_ID], CARD)
    assert not isinstance(refused.value, Rejected)


@pytest.mark.parametrize(
    "raw",
    [
        Raw(b"", 502),
        Raw(b"<html>", 200),
        Raw(b"[]", 200),
        Raw(b'{"msg":"ok"}', 200),
        Raw(b"", 302, {"Location": "/elsewhere"}),
    ],
)
async def test_nobody_knows(feishu: Feishu, fake: FakeFeishu, raw: Raw) -> None:
    fake.fail(MESSAGES, raw)
    with pytest.raises(Unheard):
        await feishu.send([OPEN_ID], CARD)
    await feishu.send([OPEN_ID], CARD)
    assert len(fake.sent) == 1
    assert fake.calls["/elsewhere"] == 0


async def test_nobody_there(
    office: Office, session: aiohttp.ClientSession, clock: StandingClock
) -> None:
    app = application(base_url="http://127.0.0.1:1")
    feishu = Feishu(office, "city", app, session, clock.now, pace=QUICK)
    with pytest.raises(NotDelivered, match=r"^飞书：连接不上") as refused:
        await feishu.send([OPEN_ID], CARD)
    # There was no token: nothing was on its way.
    assert not isinstance(refused.value, Unheard)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"app_id": "cli_another000000"}, "app_id（10003"),
        ({"app_secret": "another"}, "app_secret 不对，或应用已停用（10014"),
    ],
)
async def test_settings_that_are_wrong(
    office: Office,
    fake: FakeFeishu,
    session: aiohttp.ClientSession,
    clock: StandingClock,
    more: dict[str, str],
    words: str,
) -> None:
    app = application(base_url=str(fake.url), **more)
    feishu = Feishu(office, "city", app, session, clock.now, pace=QUICK)
    with pytest.raises(NotDelivered) as refused:
        await feishu.check()
    assert words in refused.value.why
    assert refused.value.why.count("飞书：") == 1
    assert "微信" not in refused.value.why


@pytest.mark.parametrize("raw", [Raw(b'{"code":0}'), Raw(b'{"code":0,"expire":-1}'), Raw(b"", 500)])
async def test_no_token_is_no_token(feishu: Feishu, fake: FakeFeishu, raw: Raw) -> None:
    fake.fail(TOKEN, raw)
    with pytest.raises(NotDelivered, match=r"^飞书："):
        await feishu.check()


async def test_a_reply_is_given_once(feishu: Feishu, fake: FakeFeishu) -> None:
    fake.received[MESSAGE] = {}
    for _ in range(2):
        await feishu.reply(MESSAGE, REPLY, MESSAGE)
    (reply,) = fake.replies
    assert (reply.to, reply.card) == (MESSAGE, REPLY)


async def test_a_message_that_was_called_back(feishu: Feishu, fake: FakeFeishu) -> None:
    fake.received[MESSAGE] = {}
    fake.recalled.add(MESSAGE)
    with pytest.raises(Rejected, match="消息已撤回"):
        await feishu.reply(MESSAGE, REPLY, MESSAGE)


async def test_a_picture(feishu: Feishu, fake: FakeFeishu) -> None:
    fake.received[MESSAGE] = {"img_1": b"\xff\xd8\xff" * 1000}
    assert await feishu.picture(MESSAGE, "img_1") == b"\xff\xd8\xff" * 1000
    with pytest.raises(Rejected, match="234003"):
        await feishu.picture(MESSAGE, "img_2")


async def test_a_picture_too_large_for_evidence(feishu: Feishu, fake: FakeFeishu) -> None:
    fake.received[MESSAGE] = {"at most": bytes(LARGEST), "more": bytes(LARGEST + 1)}
    assert len(await feishu.picture(MESSAGE, "at most")) == LARGEST
    with pytest.raises(NotDelivered, match="过长"):
        await feishu.picture(MESSAGE, "more")


@pytest.mark.parametrize(
    "raw", [Raw(), Raw(b'{"code":0}', headers={"Content-Type": "application/json"}), Raw(b"x", 500)]
)
async def test_no_picture(feishu: Feishu, fake: FakeFeishu, raw: Raw) -> None:
    fake.fail(f"{MESSAGES}/{MESSAGE}/resources/img_1", raw)
    with pytest.raises(Unheard):
        await feishu.picture(MESSAGE, "img_1")
