"""/hooks/wecom/{account} over HTTP: from a push of WeCom to what its user sees."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.hooks.wecom import Account, setup_wecom
from bot.delivery import deliver
from bot.gateways import Post
from bot.staff.gateways import ChatGateway
from bot.staff.hearing import Hearing
from bot.staff.platform import Answered, Button, Card, Said
from bot.staff.quota import Quota
from bot.staff.reaching import CHAT
from bot.wecom.app import WeCom
from bot.wecom.callback import Callback
from bot.wecom.receiving import PATIENCE, UNREADABLE, Chat, Hear
from models.accounts.binding import bind, new_code
from models.office import Office
from models.tables import OrderFile, WorkOrder
from tests.bot.conftest import BASE
from tests.bot.wechat.crypto import element
from tests.bot.wecom.conftest import platform_of, settings
from tests.bot.wecom.fake_corporation import Json
from tests.bot.wecom.fake_wecom import SEND, FakeWeCom, Push, Raw
from tests.bot.wecom.pushes import event, message, picture, tap
from tests.models.handling.desk import PICTURE, Desk
from tests.models.town import build
from tests.standing import StandingClock

ANSWERED = Answered("已受理 1024。\n限3月9日前答复。")
BUTTONS = (Button("整改", "整改 1024"),)
_numbers = count(1)


@dataclass
class Clerk:
    """Answers staff, now or later, or falters; remembers what they said."""

    answered: Answered = ANSWERED
    said: list[Said] = field(default_factory=list)
    faltering: bool = False
    late: bool = False

    async def answer(self, said: Said) -> Answered | None:
        self.said.append(said)
        if self.faltering:
            raise ConnectionError("the database is away")
        return None if self.late else self.answered


@dataclass
class Hook:
    client: TestClient[web.Request, web.Application]
    fake: FakeWeCom
    clerk: Clerk

    async def push(self, xml: str) -> aiohttp.ClientResponse:
        return await self.post(self.fake.push(xml))

    async def post(self, push: Push, name: str = "bureau") -> aiohttp.ClientResponse:
        return await self.client.post(f"/hooks/wecom/{name}", params=push.query, data=push.body)

    async def tells(self, xml: str) -> str:
        """The words of the passive answer."""
        response = await self.push(xml)
        body = await response.read()
        assert response.status == 200, body
        return element(self.fake.crypto.opened(body), "Content") if body else ""

    @property
    def got(self) -> list[Json]:
        """The messages that have reached 张三."""
        return self.fake.corp.members["zhangsan"].got

    async def says(self, xml: str) -> str:
        """The answer, whichever way it comes."""
        if words := await self.tells(xml):
            return words
        return "\n".join(_shown(self.got))

    def own(self) -> dict[str, str]:
        """Elements that make it a message of its own."""
        number = next(_numbers)
        at = int(self.fake.now().timestamp()) + number
        return {"MsgId": str(number), "CreateTime": str(at)}


def _shown(got: list[Json]) -> list[str]:
    """Of the last message."""
    last = got[-1]
    if "text" in last:
        return [last["text"]["content"]]
    card = last["template_card"]
    return [card["main_title"]["title"], card.get("sub_title_text", "")]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def fake(clock: StandingClock) -> AsyncIterator[FakeWeCom]:
    async with FakeWeCom(clock.now) as fake:
        fake.corp.member("zhangsan")
        yield fake


@pytest.fixture
def app(
    office: Office, fake: FakeWeCom, session: aiohttp.ClientSession, clock: StandingClock
) -> WeCom:
    return WeCom(platform_of(office, fake, session, clock.now), fake.corp.agent_id)


Opening = Callable[..., Awaitable[Hook]]


@pytest.fixture
async def opened(app: WeCom, fake: FakeWeCom, clock: StandingClock) -> AsyncIterator[Opening]:
    """With a clerk of the test's, or with `real` answers."""
    clients = []

    async def opening(
        clerk: Clerk | None = None, *, real: Office | None = None, patience: timedelta = PATIENCE
    ) -> Hook:
        clerk = clerk or Clerk()
        hear: Hear = clerk.answer
        if real is not None:
            hear = partial(Hearing(real, BASE).hear, patience=patience)
        found = Account(Callback(settings(fake), clock.now), Chat(app, hear))
        web_app = web.Application()
        setup_wecom(web_app, {"bureau": found})
        client = TestClient(TestServer(web_app))
        await client.start_server()
        clients.append(client)
        return Hook(client, fake, clerk)

    yield opening
    for client in clients:
        await client.close()


def ready(answered: Answered = ANSWERED, *, faltering: bool = False) -> Clerk:
    return Clerk(answered, faltering=faltering)


async def test_the_address_is_verified(opened: Opening, fake: FakeWeCom) -> None:
    hook = await opened()
    echo = fake.crypto.encrypt(b"1616140317555161061")
    query = {**fake.signed(echo), "echostr": echo}
    answer = await hook.client.get("/hooks/wecom/bureau", params=query)
    assert (answer.status, await answer.text()) == (200, "1616140317555161061")
    for wrong in ({**query, "msg_signature": "0" * 40}, {**query, "nonce": "1"}):
        assert (await hook.client.get("/hooks/wecom/bureau", params=wrong)).status == 403
    no_echo = {**fake.signed("x"), "echostr": "x"}
    assert (await hook.client.get("/hooks/wecom/bureau", params=no_echo)).status == 400


async def test_a_text_is_answered_at_once(opened: Opening) -> None:
    hook = await opened(ready())
    assert await hook.tells(message("受理 1024")) == ANSWERED.text
    (said,) = hook.clerk.said
    assert (said.app, said.platform, said.user) == ("bureau", "wecom", "zhangsan")
    assert (said.words, said.pictures) == ("受理 1024", [])
    assert not hook.got


async def test_what_comes_again_is_the_same_message(opened: Opening) -> None:
    hook = await opened(ready())
    for _ in range(3):
        assert await hook.tells(message("受理 1024")) == ANSWERED.text
    assert len({said.once for said in hook.clerk.said}) == 1


async def test_an_answer_with_buttons_is_a_message(opened: Opening) -> None:
    hook = await opened(ready(Answered(ANSWERED.text, BUTTONS)))
    assert await hook.tells(message("受理 1024")) == ""
    assert await hook.tells(message("受理 1024")) == ""
    (got,) = hook.got
    assert got["template_card"]["button_list"][0]["key"] == "整改 1024"


async def test_what_takes_long_is_answered_later(opened: Opening) -> None:
    hook = await opened(Clerk(late=True))
    assert await hook.tells(message("受理 1024")) == ""
    assert await hook.tells(tap("受理 1024", hook.fake.corp.tap("zhangsan"))) == ""
    assert not hook.got
    # It may be tapped again.
    assert not hook.fake.corp.settled


async def test_what_fails_in_time_comes_again(opened: Opening) -> None:
    hook = await opened(ready(faltering=True))
    assert (await hook.push(message("受理 1024"))).status == 500
    assert (await hook.push(tap("受理 1024", hook.fake.corp.tap("zhangsan")))).status == 500
    assert not hook.got
    hook.clerk.faltering = False
    assert await hook.tells(message("受理 1024")) == ANSWERED.text


async def test_a_tap_is_answered_by_a_message_and_takes_the_buttons_away(
    opened: Opening,
) -> None:
    hook = await opened(ready())
    code = hook.fake.corp.tap("zhangsan")
    for _ in range(2):
        assert await hook.tells(tap("受理 1024", code)) == ""
        (got,) = hook.got
    assert got["text"]["content"] == ANSWERED.text
    (settled,) = hook.fake.corp.settled
    assert (settled["userids"], settled["response_code"]) == (["zhangsan"], code)
    assert [said.words for said in hook.clerk.said] == ["受理 1024"] * 2


async def test_an_answer_that_nobody_takes_comes_again(opened: Opening) -> None:
    hook = await opened(ready())
    hook.fake.fail(SEND, Raw(status=502))
    tapped = tap("受理 1024", hook.fake.corp.tap("zhangsan"))
    response = await hook.push(tapped)
    assert (response.status, await response.text()) == (503, "again")
    assert not hook.got
    assert not hook.fake.corp.settled
    assert await hook.tells(tapped) == ""
    assert len(hook.got) == len(hook.fake.corp.settled) == 1


async def test_the_menu_and_the_first_greeting(opened: Opening) -> None:
    hook = await opened(ready())
    assert await hook.tells(event("click", "待办")) == ANSWERED.text
    assert await hook.tells(event("subscribe")) == ANSWERED.text
    assert [said.words for said in hook.clerk.said] == ["待办", "帮助"]


async def test_who_only_looks_is_left_alone(opened: Opening) -> None:
    hook = await opened(ready())
    for name in ("enter_agent", "unsubscribe", "view", "LOCATION"):
        assert await hook.tells(event(name)) == ""
    assert await hook.tells(message("", MsgType="voice", MediaId="m")) == UNREADABLE
    assert not hook.clerk.said


@pytest.mark.parametrize(
    "body", ["", "<xml>", "<xml></xml>", "{}", "\0", "<xml><MsgType/></xml>", "x" * 100_000]
)
async def test_what_is_no_message_is_a_bad_request(opened: Opening, body: str) -> None:
    hook = await opened(ready())
    query, _ = hook.fake.push(body)
    answers = [await hook.push(body), await hook.post(Push(query, body.encode()))]
    assert {answer.status for answer in answers} <= {400, 403}
    assert not hook.clerk.said


async def test_applications_are_not_told_apart_from_wrong_signatures(opened: Opening) -> None:
    hook = await opened(ready())
    push = hook.fake.push(message())
    forged = push._replace(query={**push.query, "msg_signature": "0" * 40})
    other = hook.fake.push(message(AgentID="219"))
    for answer in (
        await hook.post(push, "nobody"),
        await hook.post(forged),
        await hook.post(other),
    ):
        assert (answer.status, await answer.text()) == (403, "signature")
    assert not hook.clerk.said


async def test_an_order_is_handled_in_wecom(
    opened: Opening, app: WeCom, office: Office, fake: FakeWeCom
) -> None:
    """With real answers: bound by a code, pushed to, tapped, written to, shown a picture."""
    desk = await Desk.of(await build(office, "lingang"))
    hook = await opened(real=office)
    assert "绑定" in await hook.tells(event("subscribe"))
    code = await new_code(office, desk.who["handler"])
    assert "绑定成功" in await hook.says(message(f"绑定 {code}", **hook.own()))
    order = await desk.rated()
    if (await WorkOrder.get(id=order)).state == "opened":
        await desk.step(order, "bureau", "dispatch", to="agency")
    accept = Button("受理", f"受理 {order}")
    card = Card("新的差评工单", "等了两个小时", f"{BASE}/staff/orders/{order}", (accept,), key="1")
    await app.send(["zhangsan"], card)
    tapped = tap(accept.command, fake.corp.tap("zhangsan"), **hook.own())
    assert f"工单{order}：已受理" in await hook.says(tapped)
    # The platform asks again.
    await hook.says(tapped)
    assert fake.corp.settled[0]["button"]["replace_name"] == "已选：受理"
    assert (await desk.kinds(order)).count("accepted") == 1
    asked = await hook.says(message(f"误评 {order} 误评 评价人说的不是本窗口", **hook.own()))
    assert "请附上证据" in asked
    fake.corp.media["media-1"] = PICTURE
    assert "附1个文件" in await hook.says(picture("media-1", **hook.own()))
    assert await OrderFile.filter(event__order_id=order).count() == 1


async def test_a_late_answer_reaches_the_person(
    opened: Opening, app: WeCom, office: Office, clock: StandingClock
) -> None:
    desk = await Desk.of(await build(office, "lingang"))
    await bind(office, "wecom", "bureau", "zhangsan", await new_code(office, desk.who["handler"]))
    hook = await opened(real=office, patience=timedelta())
    post = Post(
        {CHAT: ChatGateway({"bureau": app}, Quota(office, clock.now))}, BASE, staff_apps=("bureau",)
    )
    for words, shown in (("取消", "没有等待补充的指令"), ("帮助", "请选择")):
        pushed = message(words, **hook.own())
        assert await hook.tells(pushed) == ""
        assert await deliver(office, post) == 1
        assert shown in _shown(hook.got)[0]
        assert await hook.tells(pushed) == ""
        assert await deliver(office, post) == 0
    assert "可以发送" in hook.got[-2]["text"]["content"]
