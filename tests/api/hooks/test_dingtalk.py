"""/hooks/dingtalk/{account} over HTTP: what staff say to the robot, and how they are answered."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from api.hooks.dingtalk import Account, account, setup_dingtalk
from bot.delivery import deliver
from bot.dingtalk.callback import Callback
from bot.dingtalk.chat import FAULT, OUTSIDER, UNREADABLE, Chat
from bot.dingtalk.platform import Platform
from bot.dingtalk.pushing import App
from bot.dingtalk.settings import DingtalkApp
from bot.gateways import NotDelivered, Post
from bot.staff.gateways import ChatGateway
from bot.staff.hearing import Hearing
from bot.staff.platform import Answered, Button, Said
from bot.staff.quota import Quota
from bot.staff.reaching import CHAT
from models.accounts.binding import bind, new_code
from models.office import Office
from tests.bot.conftest import BASE
from tests.bot.dingtalk.conftest import QUICK
from tests.bot.dingtalk.fake_dingtalk import FakeDingtalk, check_message
from tests.bot.dingtalk.pushes import APP, USER, Subscription, headers, message, picture, rich
from tests.models.handling.desk import Desk as Handling
from tests.models.town import build
from tests.standing import StandingClock

PATH = "/hooks/dingtalk/city"
OURS = Subscription()


@dataclass
class Desk:
    """Answers what is said to it, and remembers it."""

    heard: list[Said] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    buttons: tuple[Button, ...] = ()
    late: bool = False

    async def answer(self, said: Said) -> Answered | None:
        self.heard.append(said)
        if self.late:
            return None
        if said.words == "故障":
            raise ValueError("a fault of ours")
        self.pictures += [await fetch() for fetch in said.pictures]
        return Answered(f"已收到：{said.words}", self.buttons)


@dataclass
class Hook:
    client: TestClient[web.Request, web.Application]
    clock: StandingClock

    async def push(self, said: dict[str, Any], path: str = PATH, **more: str) -> Any:
        signed = {**headers(self.clock.now()), **more}
        return await self.client.post(path, data=json.dumps(said).encode(), headers=signed)

    async def says(self, words: str = "待办", **changes: Any) -> dict[str, Any]:
        text = {"text": {"content": words}} if "msgtype" not in changes else {}
        answer = await self.push(message(self.clock.now(), **{**text, **changes}))
        assert answer.status == 200, await answer.text()
        said: dict[str, Any] = await answer.json()
        if said != {"msgtype": "empty"}:
            check_message(said)
        return said


@pytest.fixture
async def fake(clock: StandingClock) -> AsyncIterator[FakeDingtalk]:
    async with FakeDingtalk(clock.now) as fake:
        yield fake


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def app(fake: FakeDingtalk) -> DingtalkApp:
    return DingtalkApp.model_validate({**APP, "base_url": str(fake.url)})


@pytest.fixture
async def platform(
    office: Office, app: DingtalkApp, clock: StandingClock
) -> AsyncIterator[Platform]:
    async with aiohttp.ClientSession() as session:
        yield Platform(office, "city", app, session, clock.now, pace=QUICK)


@pytest.fixture
async def connect(clock: StandingClock) -> AsyncIterator[Callable[..., Any]]:
    clients: list[TestClient[web.Request, web.Application]] = []

    async def connect(**accounts: Account) -> Hook:
        served = web.Application()
        setup_dingtalk(served, accounts)
        clients.append(TestClient(TestServer(served)))
        await clients[-1].start_server()
        return Hook(clients[-1], clock)

    yield connect
    for client in clients:
        await client.close()


@pytest.fixture
async def hook(
    connect: Callable[..., Any],
    desk: Desk,
    app: DingtalkApp,
    platform: Platform,
    clock: StandingClock,
) -> Hook:
    chat = Chat("city", platform, desk.answer)
    connected: Hook = await connect(city=Account(Callback(app, clock.now), None, chat))
    return connected


async def test_what_is_said_is_answered(hook: Hook, desk: Desk) -> None:
    said = await hook.says("受理 1024", msgId="msg1==")
    assert said == {"msgtype": "text", "text": {"content": "已收到：受理 1024"}}
    (heard,) = desk.heard
    assert (heard.app, heard.platform, heard.user) == ("city", "dingtalk", USER)
    assert (heard.once, heard.words, heard.at) == ("msg1==", "受理 1024", hook.clock.now())


async def test_a_tap_says_its_command(hook: Hook, desk: Desk) -> None:
    desk.buttons = (Button("受理", "受理 1024"),)
    said = await hook.says()
    ((button,),) = [said["actionCard"]["btns"]]
    assert button["title"] == "受理"
    # The client opens the link by sending what it holds.
    command = URL(button["actionURL"]).query["content"]
    assert (await hook.says(command))["actionCard"]["text"] == "已收到：受理 1024"
    assert desk.heard[-1].words == "受理 1024"


async def test_pictures_are_fetched_where_they_are_wanted(
    hook: Hook, desk: Desk, fake: FakeDingtalk
) -> None:
    fake.pictures |= {"a": b"first", "b": b"second"}
    await hook.says(**rich({"text": "申诉 1024"}, {"type": "picture", "downloadCode": "a"}))
    await hook.says(**picture("b"))
    assert desk.pictures == [b"first", b"second"]


async def test_a_picture_that_is_gone_is_the_desks_matter(hook: Hook, desk: Desk) -> None:
    said = await hook.says(**picture("gone"))
    assert said["text"]["content"] == FAULT
    with pytest.raises(NotDelivered):
        await desk.heard[0].pictures[0]()


@pytest.mark.parametrize("sender", [None, ""])
async def test_an_outsider_is_told_so(hook: Hook, desk: Desk, sender: str | None) -> None:
    said = await hook.says(senderStaffId=sender)
    assert (said["text"]["content"], desk.heard) == (OUTSIDER, [])


async def test_a_recording_is_not_read(hook: Hook, desk: Desk) -> None:
    said = await hook.says(msgtype="audio", text=None, content={"recognition": "受理"})
    assert (said["text"]["content"], desk.heard) == (UNREADABLE, [])


async def test_a_fault_of_ours_is_said_in_words(hook: Hook) -> None:
    assert (await hook.says("故障"))["text"]["content"] == FAULT


async def test_what_takes_long_is_answered_later(hook: Hook, desk: Desk) -> None:
    desk.late = True
    assert await hook.says("受理 1024") == {"msgtype": "empty"}


FORGED: list[tuple[str, dict[str, str]]] = [
    ("/hooks/dingtalk/unknown", {}),
    (PATH, {"sign": "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA="}),
    (PATH, {"timestamp": "1577262236757"}),
    (PATH, {"sign": ""}),
    (PATH, headers(StandingClock().now() - timedelta(hours=2))),
    (f"{PATH}?msg_signature={'0' * 40}&timestamp=1577262236757&nonce=1", {}),
]


async def test_forged(hook: Hook, desk: Desk) -> None:
    for path, change in FORGED:
        answer = await hook.push(message(hook.clock.now()), path, **change)
        assert (answer.status, await answer.text()) == (403, "signature")
    assert desk.heard == []


async def test_malformed(hook: Hook, desk: Desk) -> None:
    for body in (b"", b"{}", b"[1]", b"\xff\xfe", b'{"msgtype":"text"}'):
        answer = await hook.client.post(PATH, data=body, headers=headers(hook.clock.now()))
        assert (answer.status, await answer.text()) == (400, "malformed")
    assert desk.heard == []


async def test_events_are_answered(
    connect: Callable[..., Any],
    office: Office,
    app: DingtalkApp,
    platform: Platform,
    clock: StandingClock,
) -> None:
    city = account(Hearing(office, BASE), "city", app, platform, clock.now)
    hook = await connect(city=city)
    push = OURS.push(clock.now())
    for _ in range(2):
        answer = await hook.client.post(PATH, params=push["query"], data=push["body"])
        assert answer.status == 200
        assert OURS.opened(await answer.json()) == "success"
    forged = {**push["query"], "msg_signature": "0" * 40}
    assert (await hook.client.post(PATH, params=forged, data=push["body"])).status == 403
    assert (await hook.client.post(PATH, params=push["query"], data=b"x")).status == 400


async def test_staff_are_answered_the_same_however_often_it_comes(
    connect: Callable[..., Any],
    office: Office,
    app: DingtalkApp,
    platform: Platform,
    clock: StandingClock,
) -> None:
    city = account(Hearing(office, BASE), "city", app, platform, clock.now)
    hook = await connect(city=city)
    first = await hook.says("待办", msgId="msg1==")
    assert first != {"msgtype": "empty"}
    assert await hook.says("待办", msgId="msg1==") == first


async def test_a_late_answer_reaches_the_person(
    connect: Callable[..., Any],
    office: Office,
    app: DingtalkApp,
    platform: Platform,
    clock: StandingClock,
    fake: FakeDingtalk,
) -> None:
    desk = await Handling.of(await build(office, "lingang"))
    await bind(office, "dingtalk", "city", USER, await new_code(office, desk.who["handler"]))
    hear = partial(Hearing(office, BASE).hear, patience=timedelta())
    chat = Chat("city", platform, hear)
    hook = await connect(city=Account(Callback(app, clock.now), None, chat))
    assert await hook.says("帮助", msgId="msg1==") == {"msgtype": "empty"}
    gateway = ChatGateway({"city": App(platform)}, Quota(office, clock.now))
    post = Post({CHAT: gateway}, BASE, staff_apps=("city",))
    assert await deliver(office, post) == 1
    (card,) = fake.cards
    assert card["user"] == USER
    assert card["param"]["text"].startswith("可以发送")
    assert await hook.says("帮助", msgId="msg1==") == {"msgtype": "empty"}
    assert await deliver(office, post) == 0
