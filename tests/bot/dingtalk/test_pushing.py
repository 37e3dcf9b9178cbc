"""Cards to persons and to groups, through the platform played strictly; its token, its refusals."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.dingtalk.platform import Platform
from bot.dingtalk.pushing import App, GroupRobot
from bot.dingtalk.settings import DingtalkApp, DingtalkRobot
from bot.gateways import NotDelivered, Rejected, Unheard
from bot.staff.platform import Button, Card
from models.office import Office
from models.tables import AccessToken
from tests.bot.dingtalk.conftest import QUICK
from tests.bot.dingtalk.fake_dingtalk import (
    ROBOT,
    ROBOT_SECRET,
    ROBOT_TOKEN,
    SEND,
    TOKEN,
    Cut,
    FakeDingtalk,
    Fault,
    Hang,
    Raw,
    refused,
    robot_says,
)
from tests.bot.dingtalk.pushes import APP, USER
from tests.standing import StandingClock

CARD = Card(
    title="新差评工单 1024",
    text="户籍窗口：不满意",
    link="https://pj.example/staff/orders/1024",
    buttons=(Button("受理", "受理 1024"), Button("退回", "退回 1024")),
)
BRIEF = timedelta(milliseconds=50)


def robot(
    fake: FakeDingtalk, session: aiohttp.ClientSession, clock: StandingClock, **changes: Any
) -> GroupRobot:
    given = {
        "kind": "dingtalk",
        "access_token": ROBOT_TOKEN,
        "secret": ROBOT_SECRET,
        "agencies": ["A1"],
        "base_url": str(fake.url),
    }
    return GroupRobot(DingtalkRobot.model_validate({**given, **changes}), session, clock.now)


@pytest.fixture
def group(fake: FakeDingtalk, session: aiohttp.ClientSession, clock: StandingClock) -> GroupRobot:
    return robot(fake, session, clock)


async def test_a_card_reaches_each(platform: Platform, fake: FakeDingtalk) -> None:
    fake.people.add("second")
    assert await App(platform).send([USER, "second"], CARD)
    assert [each["user"] for each in fake.cards] == [USER, "second"]
    assert fake.calls[SEND] == 1


async def test_as_many_as_one_call_takes(platform: Platform, fake: FakeDingtalk) -> None:
    users = [f"user{number}" for number in range(App.at_once)]
    fake.people.update(users)
    await App(platform).send(users, CARD)
    assert len(fake.cards) == App.at_once
    with pytest.raises(Rejected):
        await App(platform).send([*users, USER], CARD)


async def test_nobody_of_them_is_there(platform: Platform) -> None:
    with pytest.raises(Rejected, match="收信人"):
        await App(platform).send(["stranger", "another"], CARD)


async def test_one_of_them_is_there(platform: Platform, fake: FakeDingtalk) -> None:
    assert await App(platform).send(["stranger", USER], CARD)
    assert [each["user"] for each in fake.cards] == [USER]


async def test_who_has_got_too_much_gets_it_later(platform: Platform, fake: FakeDingtalk) -> None:
    fake.flooded.add(USER)
    with pytest.raises(NotDelivered) as raised:
        await App(platform).send(["stranger", USER], CARD)
    assert not isinstance(raised.value, Rejected)
    assert raised.value.wait == timedelta(minutes=1)


async def test_one_token_for_all(
    office: Office,
    app: DingtalkApp,
    fake: FakeDingtalk,
    session: aiohttp.ClientSession,
    clock: StandingClock,
) -> None:
    """Of several processes, each with a client of its own."""
    clients = [Platform(office, "city", app, session, clock.now, pace=QUICK) for _ in range(4)]
    await asyncio.gather(*(App(each).send([USER], CARD) for each in clients for _ in range(3)))
    assert (fake.calls[TOKEN], len(fake.cards)) == (1, 12)
    row = await AccessToken.get(app="city")
    assert row.token not in {None, fake.token}


async def test_a_token_ends(platform: Platform, fake: FakeDingtalk, clock: StandingClock) -> None:
    await App(platform).send([USER], CARD)
    clock.advance(hours=2)
    await App(platform).send([USER], CARD)
    assert (fake.calls[TOKEN], fake.calls[SEND]) == (2, 2)


async def test_a_refused_token_is_renewed_once(platform: Platform, fake: FakeDingtalk) -> None:
    await App(platform).send([USER], CARD)
    fake.end_token()
    await App(platform).send([USER], CARD)
    assert (fake.calls[TOKEN], fake.calls[SEND], len(fake.cards)) == (2, 3, 2)


async def test_a_token_refused_again_ends_the_matter(
    platform: Platform, fake: FakeDingtalk
) -> None:
    fake.fail(SEND, refused("InvalidAuthentication"), refused("InvalidAuthentication"))
    with pytest.raises(NotDelivered, match="访问凭据"):
        await App(platform).send([USER], CARD)
    assert fake.calls[SEND] == 2


async def test_a_wrong_secret(
    office: Office, fake: FakeDingtalk, session: aiohttp.ClientSession, clock: StandingClock
) -> None:
    wrong = {**APP, "app_secret": "wrong-secret-of-somebody", "base_url": str(fake.url)}
    app = DingtalkApp.model_validate(wrong)
    with pytest.raises(NotDelivered, match="app_secret") as raised:
        await Platform(office, "city", app, session, clock.now, pace=QUICK).check()
    assert wrong["app_secret"] not in raised.value.why
    assert not isinstance(raised.value, Rejected)


async def test_checked(platform: Platform, fake: FakeDingtalk) -> None:
    await platform.check()
    assert fake.calls == {TOKEN: 1}


@pytest.mark.parametrize(
    ("fault", "kind", "wait"),
    [
        (refused("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 403), NotDelivered, 1),
        (refused("send.too.fast"), NotDelivered, 1),
        (refused("anything", 429), NotDelivered, 1),
        (refused("Forbidden.AccessDenied.AccessTokenPermissionDenied", 403), NotDelivered, None),
        (refused("invalidParameter.robotCode.notExsit"), NotDelivered, None),
        (refused("template.stopped"), NotDelivered, None),
        (refused("never.heard.of"), NotDelivered, None),
        (refused("staffId.notExisted"), Rejected, None),
        (refused("invalidParameter.msgParam.invalid"), Rejected, None),
        (Raw(status=404), NotDelivered, None),
        (Raw(status=302, headers={"Location": "/elsewhere"}), NotDelivered, None),
        (Raw(status=502), Unheard, None),
        (Raw(b"[]"), Unheard, None),
        (Raw(b"<html>"), Unheard, None),
        (Cut(), Unheard, None),
    ],
)
async def test_what_the_platform_refuses(
    platform: Platform,
    fake: FakeDingtalk,
    fault: Fault,
    kind: type[NotDelivered],
    wait: int | None,
) -> None:
    fake.fail(SEND, fault)
    with pytest.raises(NotDelivered) as raised:
        await App(platform).send([USER], CARD)
    assert type(raised.value) is kind
    assert raised.value.wait == (timedelta(minutes=wait) if wait else None)
    assert raised.value.why.startswith("钉钉：")
    assert USER not in raised.value.why
    assert not fake.cards


async def test_no_answer_in_time(
    office: Office,
    app: DingtalkApp,
    fake: FakeDingtalk,
    session: aiohttp.ClientSession,
    clock: StandingClock,
) -> None:
    impatient = Platform(office, "city", app, session, clock.now, timeout=BRIEF, pace=QUICK)
    await impatient.check()
    fake.fail(SEND, Hang())
    with pytest.raises(Unheard):
        await App(impatient).send([USER], CARD)


async def test_nobody_listens(
    office: Office, session: aiohttp.ClientSession, clock: StandingClock, unused_tcp_port: int
) -> None:
    address = f"http://127.0.0.1:{unused_tcp_port}"
    app = DingtalkApp.model_validate({**APP, "base_url": address})
    with pytest.raises(NotDelivered) as raised:
        await Platform(office, "city", app, session, clock.now, pace=QUICK).check()
    assert not isinstance(raised.value, Unheard)


async def test_a_card_to_a_group(group: GroupRobot, fake: FakeDingtalk) -> None:
    await group.send(CARD)
    (said,) = fake.group
    assert said["actionCard"]["singleURL"] == CARD.link


async def test_the_twenty_first_in_a_minute_waits(
    group: GroupRobot, fake: FakeDingtalk, clock: StandingClock
) -> None:
    (limit,) = group.limits
    for _ in range(limit.count):
        await group.send(CARD)
    for _ in range(2):
        with pytest.raises(NotDelivered) as raised:
            await group.send(CARD)
        assert raised.value.wait == timedelta(minutes=10)
    clock.advance(minutes=10)
    await group.send(CARD)
    assert len(fake.group) == limit.count + 1


@pytest.mark.parametrize(
    "change", [{"secret": "SEC" + "2" * 61}, {"secret": None}, {"access_token": "f" * 64}]
)
async def test_a_robot_set_up_wrong(
    fake: FakeDingtalk,
    session: aiohttp.ClientSession,
    clock: StandingClock,
    change: dict[str, str | None],
) -> None:
    with pytest.raises(NotDelivered) as raised:
        await robot(fake, session, clock, **change).send(CARD)
    assert type(raised.value) is NotDelivered
    assert not any(each and each in raised.value.why for each in change.values())


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (robot_says(430102), Rejected),
        (robot_says(400013), Rejected),
        (robot_says(460101), Rejected),
        (robot_says(-1), NotDelivered),
        (robot_says(999999), NotDelivered),
        (Raw(b"{}"), Unheard),
        (Raw(status=503), Unheard),
        (Raw(status=403), NotDelivered),
        (Cut(), Unheard),
    ],
)
async def test_what_a_group_refuses(
    group: GroupRobot, fake: FakeDingtalk, fault: Fault, kind: type[NotDelivered]
) -> None:
    fake.fail(ROBOT, fault)
    with pytest.raises(NotDelivered) as raised:
        await group.send(CARD)
    assert type(raised.value) is kind
    assert ROBOT_TOKEN not in raised.value.why


async def test_a_long_card_is_cut_and_taken(
    platform: Platform, group: GroupRobot, fake: FakeDingtalk
) -> None:
    long = replace(CARD, text='很长的"意见"\n' * 2000)
    await App(platform).send([USER], long)
    await group.send(long)
    assert fake.cards[0]["param"]["text"].endswith("…")
    assert fake.group[0]["actionCard"]["text"].endswith("…")


async def test_a_picture_is_fetched(platform: Platform, fake: FakeDingtalk) -> None:
    fake.pictures["code"] = b"\xff\xd8picture"
    assert await platform.picture("code") == b"\xff\xd8picture"


async def test_a_picture_too_large(platform: Platform, fake: FakeDingtalk) -> None:
    fake.pictures["code"] = bytes(8 * 1024 * 1024 + 1)
    with pytest.raises(NotDelivered, match="过长"):
        await platform.picture("code")


async def test_a_picture_that_is_gone(platform: Platform, fake: FakeDingtalk) -> None:
    with pytest.raises(Rejected):
        await platform.picture("nothing")
    fake.pictures["code"] = b"x"
    fake.fail("/files/code", Raw(status=403))
    with pytest.raises(Rejected):
        await platform.picture("code")


ELSEWHERE = [
    "http://169.254.169.254",
    "http://127.0.0.1:1",
    "https://evil.example",
    "https://dingtalk.com.evil.example",
    "https://evildingtalk.com",
    "http://down.dingtalk.com",
    "https://down.dingtalk.com:8443",
    "https://user@oapi.dingtalk.com",
    "file:///etc",
    "//oapi.dingtalk.com",
    "https://[",
    "",
]


async def test_a_picture_elsewhere_is_not_fetched(platform: Platform, fake: FakeDingtalk) -> None:
    fake.pictures["code"] = b"x"
    for host in ELSEWHERE:
        fake.file_host = host
        with pytest.raises(Rejected, match="不是平台的"):
            await platform.picture("code")
