"""/hooks/feishu/{account} over HTTP: from a push of Feishu to what its user sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.hooks.feishu import Account, setup_feishu
from bot.delivery import deliver
from bot.feishu.callback import Callback
from bot.feishu.client import Feishu
from bot.feishu.receiving import FAILED, LATER, PATIENCE, UNREAD, Chat
from bot.gateways import Post
from bot.staff.gateways import ChatGateway
from bot.staff.hearing import Hearing
from bot.staff.platform import Answered, Button, Card, Said
from bot.staff.quota import Quota
from bot.staff.reaching import CHAT
from models.accounts.binding import bind, new_code
from models.office import Office
from tests.bot.conftest import BASE
from tests.bot.feishu import fake_cards, theirs
from tests.bot.feishu.conftest import QUICK, application
from tests.bot.feishu.fake_feishu import APP_ID, MESSAGES, FakeFeishu, Raw, Says
from tests.bot.feishu.theirs import MESSAGE, OPEN_ID, Push
from tests.models.handling.desk import Desk
from tests.models.town import build
from tests.standing import StandingClock

ANSWERED = Answered("已受理 1024。\n限3月9日前答复。", [Button("整改", "整改 1024")])
REPLY = f"{MESSAGES}/{MESSAGE}/reply"


@dataclass
class Clerk:
    """Answers staff, or falters; remembers what they said."""

    said: list[Said] = field(default_factory=list)
    faltering: int = 0
    late: bool = False

    async def answer(self, said: Said) -> Answered | None:
        self.said.append(said)
        if self.faltering:
            self.faltering -= 1
            raise ConnectionError("the database is away")
        return None if self.late else ANSWERED


@dataclass
class Hook:
    client: TestClient[web.Request, web.Application]
    clock: StandingClock
    clerk: Clerk

    async def push(self, said: object) -> aiohttp.ClientResponse:
        return await self.post(theirs.push(said, self.clock.now()))

    async def post(self, push: Push, account: str = "city") -> aiohttp.ClientResponse:
        path = f"/hooks/feishu/{account}"
        return await self.client.post(path, data=push.body, headers=push.headers)


Opening = Callable[..., Awaitable[Hook]]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def fake(clock: StandingClock) -> AsyncIterator[FakeFeishu]:
    async with FakeFeishu(clock.now) as fake:
        fake.people[OPEN_ID] = None
        fake.received[MESSAGE] = {"img_1": b"\xff\xd8\xff"}
        yield fake


@pytest.fixture
def feishu(
    office: Office, fake: FakeFeishu, session: aiohttp.ClientSession, clock: StandingClock
) -> Feishu:
    app = application(base_url=str(fake.url))
    return Feishu(office, "city", app, session, clock.now, pace=QUICK)


@pytest.fixture
async def opened(feishu: Feishu, clock: StandingClock) -> AsyncIterator[Opening]:
    clients = []

    async def opening(
        hear: Callable[[Said], Awaitable[Answered | None]] | None = None,
    ) -> Hook:
        clerk = Clerk()
        app = web.Application()
        chat = Chat("city", feishu, hear or clerk.answer)
        setup_feishu(app, {"city": Account(Callback(application(), clock.now), chat)})
        client = TestClient(TestServer(app))
        await client.start_server()
        clients.append(client)
        return Hook(client, clock, clerk)

    yield opening
    for client in clients:
        await client.close()


async def test_a_message_is_replied_to(opened: Opening, fake: FakeFeishu) -> None:
    hook = await opened()
    response = await hook.push(theirs.text(APP_ID, "受理 1024"))
    assert (response.status, await response.json()) == (200, {})
    (said,) = hook.clerk.said
    assert (said.app, said.platform, said.user) == ("city", "feishu", OPEN_ID)
    assert (said.once, said.words, said.pictures) == (MESSAGE, "受理 1024", [])
    (reply,) = fake.replies
    assert reply.card["elements"][0]["text"]["content"] == ANSWERED.text
    assert reply.card["elements"][1]["actions"][0]["value"]["command"] == "整改 1024"


async def test_what_comes_again_is_answered_the_same_and_sent_once(
    opened: Opening, fake: FakeFeishu
) -> None:
    hook = await opened()
    push = theirs.push(theirs.text(APP_ID, "受理 1024"), hook.clock.now())
    answers = [await hook.post(push) for _ in range(3)]
    answers.append(await hook.push(theirs.text(APP_ID, "受理 1024", event_id="another")))
    assert {each.status for each in answers} == {200}
    assert {each.once for each in hook.clerk.said} == {MESSAGE}
    assert len(fake.replies) == 1


async def test_the_same_at_once(opened: Opening, fake: FakeFeishu) -> None:
    hook = await opened()
    push = theirs.push(theirs.text(APP_ID, "受理 1024"), hook.clock.now())
    answers = await asyncio.gather(*(hook.post(push) for _ in range(4)))
    assert {each.status for each in answers} == {200}
    assert len(fake.replies) == 1


async def test_a_picture_is_fetched_if_it_is_wanted(opened: Opening, fake: FakeFeishu) -> None:
    hook = await opened()
    await hook.push(theirs.message(APP_ID, "image", {"image_key": "img_1"}))
    (said,) = hook.clerk.said
    assert said.words == ""
    (fetch,) = said.pictures
    path = f"{MESSAGES}/{MESSAGE}/resources/img_1"
    assert fake.calls[path] == 0
    assert await fetch() == b"\xff\xd8\xff"
    assert fake.calls[path] == 1


async def test_a_recording_is_answered_that_it_cannot_be_heard(
    opened: Opening, fake: FakeFeishu
) -> None:
    hook = await opened()
    await hook.push(theirs.message(APP_ID, "audio", {"file_key": "f", "duration": 2000}))
    assert fake.replies[0].card["elements"][0]["text"]["content"] == UNREAD.text
    assert hook.clerk.said == []


async def test_a_tap_is_answered_in_the_response(
    opened: Opening, fake: FakeFeishu, feishu: Feishu
) -> None:
    hook = await opened()
    link = "https://pj.example/staff/orders/1024"
    await feishu.send([OPEN_ID], Card("新差评", "等了很久", link, [Button("受理", "受理 1024")]))
    button = fake.sent[0].card["elements"][-1]["actions"][0]
    tap = theirs.tap(APP_ID, button["value"])
    tap["event"]["context"]["open_message_id"] = fake.sent[0].number
    response = await hook.push(tap)
    body = await response.json()
    assert response.status == 200
    assert body["toast"] == {"type": "info", "content": "已受理 1024。"}
    assert body["card"]["type"] == "raw"
    fake_cards.check(body["card"]["data"])
    texts = [each["text"]["content"] for each in body["card"]["data"]["elements"] if "text" in each]
    assert texts == ["等了很久", ANSWERED.text]
    (said,) = hook.clerk.said
    assert (said.words, said.once) == ("受理 1024", "f7984f25108f8137722bb63c")
    assert fake.replies == []
    again = await hook.push(tap)
    assert await again.json() == body


async def test_what_takes_long_is_answered_later(opened: Opening, fake: FakeFeishu) -> None:
    hook = await opened()
    hook.clerk.late = True
    response = await hook.push(theirs.tap(APP_ID, {"command": "受理 1024"}))
    assert await response.json() == {"toast": {"type": "info", "content": LATER.text}}
    response = await hook.push(theirs.text(APP_ID, "受理 1024"))
    assert (response.status, await response.json()) == (200, {})
    assert fake.replies == []


async def test_a_tap_that_fails_says_so(opened: Opening) -> None:
    hook = await opened()
    hook.clerk.faltering = 1
    response = await hook.push(theirs.tap(APP_ID, {"command": "受理 1024"}))
    assert response.status == 200
    assert await response.json() == {"toast": {"type": "error", "content": FAILED}}


async def test_what_fails_is_to_come_again(opened: Opening, fake: FakeFeishu) -> None:
    hook = await opened()
    message = theirs.text(APP_ID, "受理 1024")
    hook.clerk.faltering = 1
    assert (await hook.push(message)).status == 503
    for fault in (Says(99991400, status=429), Raw(b"", 502)):
        fake.fail(REPLY, fault)
        assert (await hook.push(message)).status == 503
    assert (await hook.push(message)).status == 200
    assert len(fake.replies) == 1


async def test_nobody_waits_for_the_answer_to_what_was_called_back(
    opened: Opening, fake: FakeFeishu
) -> None:
    hook = await opened()
    fake.recalled.add(MESSAGE)
    assert (await hook.push(theirs.text(APP_ID, "受理 1024"))).status == 200
    assert fake.replies == []


@pytest.mark.parametrize("encrypted", [True, False])
async def test_the_address_is_verified(opened: Opening, encrypted: bool) -> None:
    hook = await opened()
    said = theirs.challenge()
    if encrypted:
        response = await hook.post(Push({}, theirs.envelope(said)))
    else:
        response = await hook.client.post("/hooks/feishu/city", json=said)
    assert (response.status, await response.json()) == (200, {"challenge": "ajls384kdj1234"})


async def test_what_is_passed_over_does_not_come_again(opened: Opening) -> None:
    hook = await opened()
    event = theirs.event("im.chat.member.bot.added_v1", {}, APP_ID, "1609073151345")
    response = await hook.push(event)
    assert (response.status, await response.json()) == (200, {})
    assert hook.clerk.said == []


async def test_refusals(opened: Opening) -> None:
    hook = await opened()
    good = theirs.push(theirs.text(APP_ID, "受理 1024"), hook.clock.now())
    old = theirs.push(theirs.text(APP_ID, "受理 1024"), hook.clock.now() - timedelta(days=1))
    wrong = Push(good.headers | {"X-Lark-Signature": "0" * 64}, good.body)
    refused = [
        await hook.post(wrong),
        await hook.post(old),
        await hook.post(good, account="unknown"),
    ]
    assert [(each.status, await each.text()) for each in refused] == [(403, "signature")] * 3
    nonsense = await hook.post(theirs.signed(b"{}", hook.clock.now()))
    assert (nonsense.status, await nonsense.text()) == (400, "malformed")
    assert (await hook.client.get("/hooks/feishu/city")).status == 405
    assert hook.clerk.said == []


async def test_whoever_is_not_bound_is_answered(
    opened: Opening, office: Office, fake: FakeFeishu
) -> None:
    """By the chat of the staff as it is."""
    hook = await opened(partial(Hearing(office, BASE).hear, patience=PATIENCE))
    assert (await hook.push(theirs.text(APP_ID, "待办"))).status == 200
    (reply,) = fake.replies
    words: Any = reply.card["elements"][0]["text"]["content"]
    assert words


async def test_a_late_answer_reaches_the_person(
    opened: Opening, office: Office, fake: FakeFeishu, feishu: Feishu, clock: StandingClock
) -> None:
    desk = await Desk.of(await build(office, "lingang"))
    await bind(office, "feishu", "city", OPEN_ID, await new_code(office, desk.who["handler"]))
    hook = await opened(partial(Hearing(office, BASE).hear, patience=timedelta()))
    assert (await hook.push(theirs.text(APP_ID, "帮助"))).status == 200
    assert fake.replies == []
    gateway = ChatGateway({"city": feishu}, Quota(office, clock.now))
    assert await deliver(office, Post({CHAT: gateway}, BASE, staff_apps=("city",))) == 1
    (sent,) = fake.sent
    assert sent.to == OPEN_ID
    assert sent.card["elements"][0]["text"]["content"].startswith("可以发送")
