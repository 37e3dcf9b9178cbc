"""From a notice to its words: to citizens their link, to staff never who rated (DESIGN §7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.delivery import deliver
from bot.errands import Errand, errand
from bot.letter import Letter
from bot.letters import letter
from bot.sms.settings import Template
from bot.sms.variables import variables
from bot.staff.reaching import NOBODY
from bot.ways import Overtaken, Way, ways
from models.calendar.beijing import BEIJING, spoken
from models.cases.facts import GroupKind
from models.notices import notice
from models.phone_checks import Checked, begin_check, end_check
from models.raters import met
from models.ratings.subjects import whole_subject
from models.ratings.submit import submit, submit_on
from models.tables import (
    Agency,
    ChatMessage,
    Invitation,
    Notice,
    OrderDeadline,
    PhoneCheck,
    Rater,
    StaticCode,
)
from models.words import Channel, Level, Node
from tests.bot.conftest import BASE, Recording, post
from tests.models.ratings.said import rating, reasons
from tests.models.town import Town, call, case, done, member, under, visit
from tests.standing import StandingClock

BAD = Level.DISSATISFIED
PERSONAL: dict[str, Any] = {
    "applicant": {
        "name": "欧阳小明",
        "phone": "13800138000",
        "identity": "11010119900101001X",
        "email": "ouyang@example.cn",
    },
    "agent": {"name": "司马代理", "phone": "13700137000"},
}
TRACES = (
    "欧阳",
    "司马",
    "上官",
    "13800138000",
    "13700137000",
    "13900139000",
    "13600136000",
    "19900101",
    "ouyang",
)
ME = {"rater_name": "上官评价", "rater_phone": "13900139000"}


async def words(town: Town, **which: Any) -> tuple[str, Letter]:
    """Whom it goes to first, and what it says."""
    notice = await Notice.get(**which)
    about = await errand(notice)
    way = (await ways(town.office, post(), about))[0]
    return way.to, await letter(town.office, post(), about, way)


async def test_a_citizen_gets_the_link_of_the_service(town: Town) -> None:
    await town.report(case(), visit())
    invitation = await Invitation.get()
    to, said = await words(town)
    token = town.office.links.rating(invitation.nonce, Channel.SMS)
    assert (to, said.link) == ("+8613800138000", f"{BASE}/r/{token}")
    assert len(f"/r/{token}") <= 30
    assert f"{BASE}/r/{token} " in said.text
    assert said.fields == {
        "subject": "事项之1",
        "agency": "市场监管局",
        "link": said.link,
        "until": spoken(invitation.until),
        "note": "请您对这次服务作出评价",
    }
    assert "事项之1" in said.text
    assert "市场监管局" in said.text


IN_CHAT = Way("official_account", "city/openid")


@under("chaoan")
async def test_a_template_can_say_what_silence_counts_as(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    about = await errand(notice("reminder", "n", {"invitation": invitation.id}, now=clock.now()))
    said = await letter(town.office, post(), about, IN_CHAT)
    token = town.office.links.rating(invitation.nonce, Channel.OFFICIAL_ACCOUNT)
    assert said.link == f"{BASE}/r/{token}"
    assert invitation.timely_until is not None
    assert said.fields["until"] == spoken(invitation.timely_until)
    assert (said.fields["level"], said.fields["note"]) == ("非常满意", "逾期默认为“非常满意”")


@under("chaoan")
async def test_thanks_in_a_template_say_for_what(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    await submit(town.office, invitation, rating(BAD, **reasons(item="慢")))
    about = await errand(await Notice.get(kind="thanks"))
    said = await letter(town.office, post(), about, IN_CHAT)
    await invitation.refresh_from_db()
    assert invitation.follow_up_until is not None
    assert said.fields == {
        "subject": "事项之1",
        "agency": "市场监管局",
        "level": "不满意",
        "until": spoken(invitation.follow_up_until),
        "note": "已转交处理，工单1号",
        "link": said.link,
    }


async def answered(town: Town, words: str | None, **since: float) -> Letter:
    """What somebody gets who wrote to the account a while ago."""
    office = town.office
    rater = await met(office, "city", Channel.OFFICIAL_ACCOUNT, "openid-1")
    wrote = office.now() - timedelta(**since)
    await Rater.filter(id=rater.id).update(service_until=wrote + timedelta(hours=48))
    chat = await ChatMessage.create(
        app="city",
        once="1",
        rater=rater,
        content="-",
        answer=office.keys.seal(words, "chat_message.answer") if words is not None else None,
        received_at=wrote,
    )
    about = Errand(notice("answer", "1", {"chat": chat.id}, now=wrote), None)
    (way,) = await ways(office, post(), about)
    assert way == Way("official_account", "city/openid-1")
    return await letter(office, post(), about, way)


async def test_an_answer_goes_into_the_chat(town: Town) -> None:
    said = await answered(town, "您的评价“满意”已收到。", hours=47)
    assert (said.text, said.link) == ("您的评价“满意”已收到。", None)


@pytest.mark.parametrize(
    ("words", "since", "why"),
    [
        ("您好", {"hours": 48}, "已超过微信允许回复的时间"),
        (None, {"hours": 1}, "没有需要回复的内容"),
        ("", {"hours": 1}, "没有需要回复的内容"),
    ],
)
async def test_an_answer_that_comes_too_late_or_says_nothing_is_none(
    town: Town, words: str | None, since: dict[str, float], why: str
) -> None:
    with pytest.raises(Overtaken) as overtaken:
        await answered(town, words, **since)
    assert overtaken.value.why == why


async def test_a_code_goes_to_the_number_that_is_to_be_bound(
    town: Town, sms: Recording, staff: Recording
) -> None:
    """By SMS, whatever other ways there are, and whatever the number is written to otherwise."""
    rater = await met(town.office, "city", Channel.OFFICIAL_ACCOUNT, "openid-1")
    await begin_check(town.office, rater, "+8613900139000")
    everything = replace(
        post(sms=sms, official_account=staff), pushes={"city": {"bind_code": False}}
    )
    assert await deliver(town.office, everything) == 1
    (message,) = sms.sent
    assert (message.to, message.link) == ("+8613900139000", None)
    code = message.fields["code"]
    assert message.text == (
        f"您的验证码是{code}，10分钟内有效，用于绑定手机号查看待评价的办件。如非本人操作请忽略。"
    )
    template = Template(id="SMS_1", variables=("code",))
    assert variables(message, template.variables, 35) == {"code": code}
    assert await end_check(town.office, rater, code) is Checked.BOUND


@pytest.mark.parametrize("why", ["used", "late"])
async def test_a_code_that_opens_nothing_any_more_is_not_sent(
    town: Town, sms: Recording, clock: StandingClock, why: str
) -> None:
    rater = await met(town.office, "city", Channel.OFFICIAL_ACCOUNT, "openid-1")
    await begin_check(town.office, rater, "+8613900139000")
    if why == "used":
        await PhoneCheck.all().update(ended_at=clock.now())
    else:
        clock.advance(minutes=10)
    assert await deliver(town.office, post(sms=sms)) == 0
    assert ((await Notice.get()).state, sms.tried) == ("withdrawn", 0)


async def test_the_agent_who_came_is_asked_and_not_the_applicant(town: Town) -> None:
    await town.report(case(**PERSONAL), visit())
    to, said = await words(town)
    assert to == "+8613700137000"
    assert not [trace for trace in TRACES if trace in f"{said!r}"]


async def test_a_complaint_says_what_is_wrong_and_the_soonest_term(town: Town) -> None:
    """三明二(三)1: verified within 3 working days of the rating, Monday the 2nd."""
    invitation = await town.invitation(case(), done())
    said = rating(BAD, reasons={"item": {"indicators": ["207"], "words": "跑了三趟"}})
    await submit(town.office, invitation, said)
    to, letter = await words(town, kind="complaint", agency__code="bureau")
    assert (to, letter.link) == ("政务服务局", f"{BASE}/staff/orders/1")
    assert letter.text.splitlines() == [
        "差评工单 1",
        "评价：不满意",
        "对象：事项之1",
        "最近时限：2026年3月5日24:00",
        "内容：服务事项——没有提供材料样本；跑了三趟",
    ]


@under("chaoan")
async def test_a_complaint_of_the_hotline_says_who_calls_back(town: Town) -> None:
    """潮安第十四条 人工回访."""
    invitation = await town.invitation(call(), node=Node.CALL)
    await submit(town.office, invitation, rating(BAD, **reasons(staff="没有听完")))
    _, letter = await words(town, kind="complaint")
    assert "回访：由热线人工回访评价人（第十四条）" in letter.text.splitlines()


async def test_a_term_that_was_met_is_named_no_more(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    await submit(town.office, invitation, rating(BAD, **reasons(item="慢")))
    await OrderDeadline.filter(kind="verify").update(met_at=town.office.now())
    _, letter = await words(town, kind="complaint", agency__code="bureau")
    # The term of the appeal runs on; nobody is late who leaves it.
    assert "时限" not in letter.text


async def test_who_took_part_gets_a_copy(town: Town) -> None:
    kind = GroupKind.PARALLEL
    await town.report(member("C1", kind), member("C2", kind, 2, agency="agency-2"))
    await town.report(done("C1"), done("C2"))
    overall = await Invitation.get(key="group:1/completion")
    await submit(town.office, overall, rating(BAD, **reasons(item="慢")))
    to, letter = await words(town, kind="complaint_copy")
    assert to == "税务局"
    assert letter.text.splitlines()[0] == "抄送：差评工单 1"
    assert "事项之1等2件" in letter.text


@under("chaoan")
async def test_where_no_bureau_is_named_the_notice_says_so(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    await Agency.filter(code="bureau").update(party="agency")
    await submit(town.office, invitation, rating(BAD, **reasons(item="慢")))
    to, _ = await words(town, kind="complaint")
    assert to == NOBODY


@under("chaoan")
async def test_a_complaint_about_a_whole_hall_goes_by_the_agency(town: Town) -> None:
    code = await StaticCode.get(code="H1")
    about = await whole_subject(code, "chaoan", 1)
    await submit_on(town.office, about, rating(BAD, **reasons(hall="太吵")))
    _, letter = await words(town, kind="complaint")
    assert "对象：市场监管局" in letter.text
    assert "政务服务大厅——太吵" in letter.text


@under("chaoan", "sanming", "qijiang", "lingang", "tianjin")
async def test_staff_never_learn_who_rated(
    town: Town, staff: Recording, clock: StandingClock
) -> None:
    """Every staff message of every kind of rating: none of what is known of any person."""
    await town.report(case(**PERSONAL), visit(), done(), call(caller="13600136000"))
    kind = GroupKind.PARALLEL
    for place, agency in enumerate(("agency", "agency-2"), start=1):
        of = {**PERSONAL, "agency": agency}
        await town.report(member(f"G{place}", kind, place, **of), done(f"G{place}"))
    for invitation in await Invitation.all().order_by("id"):
        await invitation.refresh_from_db()
        if invitation.closed_at is None:
            targets = {target: {"words": "等了很久"} for target in invitation.targets}
            await submit(town.office, invitation, rating(BAD, reasons=targets, **ME))
    clock.at = datetime(2026, 3, 3, 3, tzinfo=BEIJING)
    assert await deliver(town.office, post(staff=staff)) == len(staff.sent) > 2
    for message in staff.sent:
        assert "等了很久" in message.text
        assert not [trace for trace in TRACES if trace in f"{message!r}"]
        assert message.link == f"{BASE}/staff/orders/{message.fields['order']}"
    for each in await Notice.all():
        assert not [trace for trace in TRACES if trace in f"{each.body}{each.once}"]


async def test_staff_are_told_by_night_as_well(
    town: Town, staff: Recording, clock: StandingClock
) -> None:
    """The quiet hours are the citizen's (reading 28); clocks of an order do not sleep."""
    invitation = await town.invitation(case(), visit(), done(), node=Node.COMPLETION)
    await submit(town.office, invitation, rating(BAD, **reasons(item="慢")))
    clock.at = datetime(2026, 3, 2, 23, tzinfo=BEIJING)
    assert await deliver(town.office, post(staff=staff)) == len(staff.sent) == 2


async def test_a_kind_that_nobody_words_is_a_fault(town: Town) -> None:
    now = town.office.now()
    unknown = Errand(notice("praise", "1", {}, now=now), None)
    with pytest.raises(KeyError):
        await letter(town.office, post(), unknown, Way("sms", "+86"))
