"""Which of the staff are told, and by which way: one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.delivery import deliver
from bot.errands import errand
from bot.gateways import Message, NotDelivered, Post, Rejected, Unheard
from bot.staff.gateways import ChatGateway, address
from bot.staff.platform import Card
from bot.staff.quota import Quota
from bot.ways import ways
from models.accounts.binding import bind, new_code
from models.notices import notice
from models.office import Office
from models.tables import Account, Agency, Attempt, ChatBinding, Notice, WorkOrder
from tests.bot.conftest import Recording
from tests.bot.staff.chatting import Chat, Group, Recorder
from tests.models.town import under
from tests.standing import MONDAY


async def found(chat: Chat, post: Post, kind: str = "complaint", **body: object) -> list[str]:
    """The ways of a notice to the handlers' agency, as `channel to`."""
    agency = await Agency.get(code="agency")
    about = notice(kind, "n", {"order": 1, **body}, now=chat.office.now(), agency=agency.id)
    return [f"{way.channel} {way.to}" for way in await ways(chat.office, post, await errand(about))]


async def test_persons_then_the_group_then_mail(chat: Chat) -> None:
    post = chat.post(hall=(Group(), ["agency"]), other=(Group(), ["agency-2"]))
    await Agency.filter(code="agency").update(email="office@city.example")
    assert await found(chat, post) == [
        "chat work/handler",
        "robot hall",
        "mail office@city.example",
    ]


async def test_all_of_an_agency_at_once_but_not_who_was_rated(chat: Chat) -> None:
    second = await Account.create(
        login="handler-2",
        name="承办乙",
        role="handler",
        agency=await Agency.get(code="agency"),
        created_at=chat.office.now(),
    )
    await bind(chat.office, "wecom", "work", "张 三/1", await new_code(chat.office, second))
    (way,) = await found(chat, chat.post())
    assert way == "chat work/%E5%BC%A0%20%E4%B8%89%2F1 work/handler"
    await deliver(chat.office, chat.post())
    await Account.filter(id=second.id).update(disabled_at=chat.office.now())
    assert await found(chat, chat.post()) == ["chat work/handler"]


async def test_the_desk_that_calls_back_is_told_of_what_it_may_have_to_call_for(chat: Chat) -> None:
    bureau = await Agency.get(code="bureau")
    for kind, told in (("complaint", True), ("order_step", True), ("overdue", False)):
        about = notice(kind, "n", {"order": 1}, now=chat.office.now(), agency=bureau.id)
        (way,) = await ways(chat.office, chat.post(), await errand(about))
        assert ("work/callback" in way.to) is told
        assert "work/bureau" in way.to
        assert "auditor" not in way.to


async def test_the_desk_alone_is_no_way_to_the_bureau(chat: Chat) -> None:
    """Who has to act is told, if by another way."""
    bureau = await Agency.get(code="bureau")
    acting = chat.desk.who["bureau"]
    await ChatBinding.filter(account_id=acting.id).update(ended_at=chat.office.now())
    about = notice("order_step", "n", {"order": 1}, now=chat.office.now(), agency=bureau.id)
    (way,) = await ways(chat.office, chat.post(), await errand(about))
    assert way.channel == "staff"


async def test_what_is_for_one_person_goes_to_nobody_else(chat: Chat) -> None:
    post = chat.post(hall=(Group(), ["agency"]))
    await Agency.filter(code="agency").update(email="office@city.example")
    rated = chat.desk.who["staff"]
    assert await found(chat, post, account=rated.id) == ["chat work/staff"]
    assert await found(chat, Post({}, "https://pj.example"), account=rated.id) == []


async def test_the_next_way_where_one_refuses_for_good(chat: Chat) -> None:
    group = Group()
    chat.app.fault = Rejected("应用已停用")
    await chat.desk.rated()
    bureau = await Agency.get(code="bureau")
    await Notice.exclude(agency_id=bureau.id).delete()
    assert await deliver(chat.office, chat.post(hall=(group, ["bureau"]))) == 1
    assert len(group.cards) == 1
    tries = await Attempt.all().order_by("number")
    assert [(each.route, each.taken) for each in tries] == [("chat", False), ("robot", True)]


@pytest.mark.parametrize("fault", [NotDelivered("系统繁忙"), Unheard("超时")])
async def test_a_fault_of_the_moment_is_tried_again(chat: Chat, fault: NotDelivered) -> None:
    chat.app.fault = fault
    await chat.desk.rated()
    assert await deliver(chat.office, chat.post()) == 0
    assert {each.state for each in await Notice.all()} == {"waiting"}


class Choosy(Recorder):
    """Reaches nobody but `known`."""

    async def send(self, users: Sequence[str], card: Card) -> str | None:
        if "known" not in users:
            raise Rejected("不在可见范围")
        return await super().send(users, card)


async def test_taken_as_soon_as_one_has_it(office: Office) -> None:
    app = Choosy(at_once=1)
    gateway = ChatGateway({"work": app}, Quota(office, office.now))
    to = address([("work", "known"), ("work", "a stranger")])
    message = Message(
        key="k",
        kind="complaint",
        channel="chat",
        to=to,
        title="t",
        text="x",
        link=None,
        due=MONDAY,
        at=MONDAY,
        buttons=(("受理", "受理 1"),),
    )
    assert await gateway.send(message) == "reference-1"
    (pushed,) = app.pushed
    assert pushed.users == ("known",)
    assert (pushed.card.key, pushed.card.buttons[0].command) == ("k", "受理 1")
    with pytest.raises(Rejected, match="不在可见范围"):
        await gateway.send(replace(message, to=address([("work", "a stranger")])))


@under("chaoan")
async def test_a_dispatch_that_was_overtaken_is_withdrawn(chat: Chat) -> None:
    order = await chat.desk.rated()
    await chat.ask("bureau", f"转办 {order} agency")
    await chat.ask("handler", f"退回 {order} 不归我们管")
    assert (await WorkOrder.get(id=order)).state == "opened"
    await deliver(chat.office, chat.post())
    dispatch = await Notice.get(kind="dispatch")
    assert (dispatch.state, dispatch.why) == ("withdrawn", "工单已转到别处")


async def test_in_the_official_account_whoever_is_bound_there(chat: Chat) -> None:
    handler, account = chat.desk.who["handler"], Recording()
    code = await new_code(chat.office, handler)
    await bind(chat.office, "official_account", "city", "o-1", code)
    post = Post({"official_account": account}, "https://pj.example", pushes={"city": {}})
    await Agency.filter(code="agency").update(email="office@city.example")
    assert await found(chat, post) == ["mail office@city.example"]
    post = replace(post, pushes={"city": {"complaint": False}})
    assert (await found(chat, post))[0] == "official_account city/o-1"
