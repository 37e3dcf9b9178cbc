"""Notices by an official account and a mini-program, against a platform that is strict
(bot/wechat/pushing.py)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.delivery import deliver
from bot.gateways import Gateway, Message, NoConsent, NotDelivered, Post, Rejected, Unheard
from bot.wechat.platform import Platform
from bot.wechat.pushing import MiniProgramGateway, OfficialAccountGateway, pushes
from bot.wechat.settings import MiniProgram, OfficialAccount
from models.consents import consented
from models.raters import bind_phone, met
from models.tables import Notice, Rater
from models.words import Channel
from tests.bot.conftest import Recording
from tests.bot.wechat.conftest import OPENID
from tests.bot.wechat.fake_account import Says
from tests.bot.wechat.fake_platform import Cut, FakePlatform, Raw
from tests.models.town import PHONE, Town, case, visit
from tests.standing import MONDAY

TEMPLATE = "/cgi-bin/message/template/send"
NOTICE = "/cgi-bin/message/subscribe/bizsend"
SUBSCRIPTION = "/cgi-bin/message/subscribe/send"
REPLY = "/cgi-bin/message/custom/send"

INVITATION = {"id": "invitation-1", "fields": {"thing1": "{agency}：{subject}", "thing2": "{note}"}}
REMINDER = {"id": "reminder-1", "fields": {"thing1": "{subject}", "time2": "{until}"}}
ACCOUNT = OfficialAccount.model_validate(
    {
        "app_id": "wx0123456789abcdef",
        "token": "token",
        "mode": "plain",
        "app_secret": "a" * 32,
        "templates": {"invitation": INVITATION, "reminder": {**REMINDER, "by": "subscription"}},
    }
)
PROGRAM = MiniProgram.model_validate(
    {
        "app_id": "wxfedcba9876543210",
        "app_secret": "b" * 32,
        "templates": {"invitation": INVITATION, "reminder": REMINDER},
        "version": "trial",
    }
)
MESSAGE = Message(
    key="0123456789abcdef0123456789abcdef",
    kind="invitation",
    channel="official_account",
    to=f"city/{OPENID}",
    title="请您评价",
    text="请您评价",
    link="https://pj.example/r/nonce.signature",
    due=MONDAY,
    at=MONDAY,
    fields={
        "subject": "企业设立登记",
        "agency": "市场监督管理局",
        "note": "请您对这次服务作出评价",
        "until": "2026年3月9日24:00",
    },
)
ANSWER = replace(MESSAGE, kind="answer", text="您好。\n回复1至5评价。", link=None, fields={})


@dataclass
class Lines:
    fake: FakePlatform
    official: OfficialAccountGateway
    mini: MiniProgramGateway


@pytest.fixture
def lines(fake: FakePlatform, official: Platform, mini: Platform) -> Lines:
    things, until = {"thing1", "thing2"}, {"thing1", "time2"}
    fake.official.templates = {
        ("template", "invitation-1"): things,
        ("notice", "reminder-1"): until,
    }
    fake.mini.templates = {
        ("subscription", "invitation-1"): things,
        ("subscription", "reminder-1"): until,
    }
    return Lines(
        fake,
        OfficialAccountGateway({"city": (ACCOUNT, official)}),
        MiniProgramGateway({"mini": (PROGRAM, mini)}),
    )


def to_mini(kind: str = "invitation") -> Message:
    return replace(MESSAGE, kind=kind, channel="mini_program", to=f"mini/{OPENID}")


async def test_by_template_it_opens_the_link(lines: Lines) -> None:
    reference = await lines.official.send(MESSAGE)
    assert reference == "city/200228332"
    assert lines.fake.official.of(TEMPLATE) == [
        {
            "touser": OPENID,
            "template_id": "invitation-1",
            "url": MESSAGE.link,
            "client_msg_id": MESSAGE.key,
            "data": {
                "thing1": {"value": "市场监督管理局：企业设立登记"},
                "thing2": {"value": "请您对这次服务作出评价"},
            },
        }
    ]


async def test_sent_again_it_is_one_message(lines: Lines) -> None:
    for _ in range(3):
        await lines.official.send(MESSAGE)
    assert len(lines.fake.official.of(TEMPLATE)) == 1


async def test_a_subscription_of_the_account(lines: Lines) -> None:
    lines.fake.official.consented(OPENID, "reminder-1")
    reminder = replace(MESSAGE, kind="reminder")
    await lines.official.send(reminder)
    (body,) = lines.fake.official.of(NOTICE)
    assert body["page"] == MESSAGE.link
    # The platform's clock has no 24:00.
    assert body["data"]["time2"]["value"] == "2026年3月9日23:59"
    with pytest.raises(NoConsent):
        await lines.official.send(reminder)


async def test_a_subscription_opens_the_mini_program_at_the_case(lines: Lines) -> None:
    lines.fake.mini.consented(OPENID, "invitation-1")
    assert await lines.mini.send(to_mini()) == "mini/200228332"
    (body,) = lines.fake.mini.of(SUBSCRIPTION)
    assert body["page"] == "pages/rate/rate?scene=r%2Fnonce.signature"
    assert body["miniprogram_state"] == "trial"
    with pytest.raises(NoConsent):
        await lines.mini.send(to_mini())


async def test_an_answer_goes_into_the_chat(lines: Lines) -> None:
    lines.fake.official.wrote(OPENID)
    assert await lines.official.send(ANSWER) is None
    (body,) = lines.fake.official.of(REPLY)
    assert body["text"]["content"] == ANSWER.text


async def test_an_answer_that_is_too_late_is_never_taken(lines: Lines) -> None:
    with pytest.raises(Rejected):
        await lines.official.send(ANSWER)


async def test_what_is_longer_than_a_template_takes_is_cut(lines: Lines) -> None:
    await lines.official.send(replace(MESSAGE, fields={**MESSAGE.fields, "subject": "长" * 40}))
    (body,) = lines.fake.official.of(TEMPLATE)
    assert body["data"]["thing1"]["value"] == f"市场监督管理局：{'长' * 11}…"


@pytest.mark.parametrize("missing", ["until", "subject"])
async def test_a_template_that_wants_what_the_message_lacks(lines: Lines, missing: str) -> None:
    fields = {name: value for name, value in MESSAGE.fields.items() if name != missing}
    lines.fake.mini.consented(OPENID, "reminder-1")
    with pytest.raises(Rejected, match=missing):
        await lines.mini.send(replace(to_mini("reminder"), fields=fields))
    assert not lines.fake.mini.of(SUBSCRIPTION)


async def test_a_kind_without_a_template(lines: Lines) -> None:
    with pytest.raises(Rejected, match="thanks"):
        await lines.official.send(replace(MESSAGE, kind="thanks"))


async def test_an_account_that_is_gone_from_the_settings_may_come_back(lines: Lines) -> None:
    with pytest.raises(NotDelivered) as fault:
        await lines.mini.send(replace(to_mini(), to=f"another/{OPENID}"))
    assert not isinstance(fault.value, Rejected)


async def test_who_does_not_follow_any_more_is_reached_otherwise(lines: Lines) -> None:
    lines.fake.official.people[OPENID].follows = False
    with pytest.raises(Rejected):
        await lines.official.send(MESSAGE)


async def test_a_day_without_quota_ends_at_midnight(lines: Lines) -> None:
    lines.fake.daily[TEMPLATE] = 0
    with pytest.raises(NotDelivered) as fault:
        await lines.official.send(MESSAGE)
    assert not isinstance(fault.value, Rejected)
    assert fault.value.wait == timedelta(hours=15)


async def test_busy_it_is_tried_later(lines: Lines) -> None:
    lines.fake.fail(TEMPLATE, *[Says(-1, "system error")] * 3)
    with pytest.raises(NotDelivered) as fault:
        await lines.official.send(MESSAGE)
    assert not isinstance(fault.value, Rejected | Unheard)


@pytest.mark.parametrize("silence", [Cut(), Raw(b"", 502), Raw(b"<html>")])
async def test_without_an_answer_nobody_knows(lines: Lines, silence: Cut | Raw) -> None:
    lines.fake.mini.consented(OPENID, "invitation-1")
    lines.fake.fail(SUBSCRIPTION, silence)
    with pytest.raises(Unheard):
        await lines.mini.send(to_mini())


async def test_no_fault_names_anybody(lines: Lines) -> None:
    for message in (
        to_mini(),
        replace(to_mini(), kind="thanks"),
        replace(to_mini(), to=f"x/{OPENID}"),
    ):
        with pytest.raises(NotDelivered) as fault:
            await lines.mini.send(message)
        assert OPENID not in fault.value.why


async def test_out_of_the_outbox_as_far_as_the_platform_lets_it(
    town: Town, lines: Lines, sms: Recording
) -> None:
    """They follow, and then no more; two consents are recorded, the platform knows of one."""
    office = town.office
    visitor = await met(office, "mini", Channel.MINI_PROGRAM, OPENID)
    follower = await met(office, "city", Channel.OFFICIAL_ACCOUNT, OPENID)
    await Rater.filter(id=follower.id).update(follows=True)
    for rater in (visitor, follower):
        await bind_phone(office, rater, PHONE)
    for once in "12":
        await consented(visitor, "invitation", once, lasting=False, at=MONDAY)
    lines.fake.mini.consented(OPENID, "invitation-1")
    gateways: dict[str, Gateway] = {
        "official_account": lines.official,
        "mini_program": lines.mini,
        "sms": sms,
    }
    settings = pushes({"city": ACCOUNT}, {"mini": PROGRAM})
    by_both = Post(gateways, "https://pj.example", pushes=settings)
    by_mini = replace(by_both, pushes={"mini": settings["mini"]})
    routes = []
    for number, by in enumerate((by_both, by_mini, by_mini, by_mini, by_both)):
        lines.fake.official.people[OPENID].follows = number == 0
        await town.report(case(f"C{number}"), visit(f"C{number}"))
        assert await deliver(office, by) == 1
        routes.append((await Notice.all().order_by("-id").limit(1))[0].route)
    assert routes == ["official_account", "mini_program", "sms", "sms", "sms"]
    assert len(lines.fake.official.of(TEMPLATE)) == len(lines.fake.mini.of(SUBSCRIPTION)) == 1
    # Of the second consent the platform was asked once.
    assert lines.fake.calls[SUBSCRIPTION] == 2
    assert len(sms.sent) == 3


def test_what_the_settings_push() -> None:
    dumb = ACCOUNT.model_copy(update={"app_secret": None})
    assert pushes({"city": ACCOUNT, "dumb": dumb}, {"mini": PROGRAM}) == {
        "city": {"invitation": False, "reminder": True},
        "mini": {"invitation": True, "reminder": True},
    }
