"""From a notice to its words: to citizens their link, to staff never who rated (DESIGN §7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.delivery import deliver
from bot.errands import Errand, errand
from bot.letters import Letter, letter
from bot.ways import NOBODY, Way, ways
from models.calendar.beijing import BEIJING, spoken
from models.cases.facts import GroupKind
from models.notices import notice
from models.ratings.subjects import whole_subject
from models.ratings.submit import submit, submit_on
from models.tables import Agency, Invitation, Notice, OrderDeadline, StaticCode
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
    assert (to, letter.link) == ("政务服务局", None)
    assert letter.text.splitlines() == [
        "差评工单 1",
        "评价：不满意",
        "对象：事项之1",
        "内容：服务事项——没有提供材料样本；跑了三趟",
        "最近时限：2026年3月5日24:00",
    ]


async def test_a_term_that_was_met_is_named_no_more(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    await submit(town.office, invitation, rating(BAD, **reasons(item="慢")))
    await OrderDeadline.filter(kind="verify").update(met_at=town.office.now())
    _, letter = await words(town, kind="complaint", agency__code="bureau")
    assert letter.text.endswith("2026年3月9日24:00")


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
        assert message.link is None
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
