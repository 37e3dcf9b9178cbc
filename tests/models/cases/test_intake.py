"""What business systems report: once however often, whole or not at all, by whom it may be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.cases.facts import GroupKind
from models.cases.reports import Applicant, CaseReport, Report
from models.refusals import Conflict, Invalid, Refused, UnknownReference
from models.tables import Call, Case, Completion, Integrator, Invitation, Notice, Visit
from models.words import CaseKind, Handling
from tests.models.contents import contents, everything
from tests.models.town import (
    DONE,
    PHONE,
    VISITED,
    Town,
    call,
    case,
    done,
    member,
    take,
    under,
    visit,
)
from tests.standing import MONDAY, StandingClock

EACH: list[Report] = [case(), visit(), done(), call()]
IDS = ["case", "visit", "completion", "call"]


@under("chaoan", "sanming", "tianjin")
async def test_the_same_report_is_answered_again_and_stored_once(
    town: Town, clock: StandingClock
) -> None:
    first = {each: await town.report(each) for each in EACH}
    stored = await everything()
    for _ in range(2):
        clock.advance(days=1)
        for each in EACH:
            again = await town.report(each)
            assert first[each].fresh
            assert not again.fresh
            assert not again.held
    assert await everything() == stored
    last = await town.report(done())
    assert {each.nonce for each in last.invitations} == {
        each.nonce for each in first[done()].invitations
    }


@pytest.mark.parametrize(
    ("report", "other"),
    [
        (case(), case(item="item-2")),
        (case(), case(applicant={"phone": "13900139000"})),
        (visit(), visit(staff="staff-2")),
        (visit(), visit(at=VISITED + timedelta(microseconds=1))),
        (done(), done(at=DONE - timedelta(days=1))),
        (call(), call(caller=PHONE)),
    ],
)
async def test_another_content_under_the_same_number_is_a_conflict(
    town: Town, report: Report, other: Report
) -> None:
    await town.report(case(), report)
    stored = await everything()
    with pytest.raises(Conflict, match="内容与这次不一致"):
        await town.report(other)
    assert await everything() == stored


async def test_events_wait_for_their_case(town: Town) -> None:
    for event in (done(), visit(), visit("C1", 2, staff="staff-2")):
        taken = await town.report(event)
        assert (taken.fresh, taken.held, taken.invitations) == (True, True, ())
        again = await town.report(event)
        assert (again.fresh, again.held) == (False, True)
    assert await Invitation.all().count() == 0
    taken = await town.report(case())
    assert (taken.fresh, taken.held) == (True, False)
    assert [each.node for each in taken.invitations] == ["visit", "visit", "completion"]


async def test_the_answer_names_what_was_opened(town: Town) -> None:
    taken = await town.report(case(), visit(), done())
    visited, completed = taken.invitations
    assert (visited.targets, visited.opened_at, visited.visit_number) == (["staff"], VISITED, 1)
    assert (completed.targets, completed.opened_at) == (["item"], DONE)
    assert (visited.source, completed.rule) == ("第五条、第十六条", "window")
    assert visited.timely_until is None
    assert completed.remind_at == DONE + timedelta(hours=24)
    assert len({visited.nonce, completed.nonce}) == 2


@under("tianjin")
async def test_what_is_not_rated_is_said_with_its_article(town: Town) -> None:
    """第十五条: a code for machines, and no fault."""
    asked = case(kind=CaseKind.CONSULTATION, handling=Handling.ONLINE)
    taken = await town.report(asked, done())
    assert taken.invitations == ()
    assert [(why.code, why.source) for why in taken.closed] == [("consultation_online", "第十五条")]


@under("lingang")
async def test_a_call_where_no_text_rates_it_is_kept_all_the_same(town: Town) -> None:
    taken = await town.report(call())
    assert taken.invitations == ()
    assert [why.code for why in taken.closed] == ["hotline_call_not_rated"]
    assert await Call.all().count() == 1


async def test_a_call_and_the_case_it_was_handed_on_as(town: Town) -> None:
    await town.report(call(caller=PHONE))
    handed_on = case(kind=CaseKind.TRANSFERRED, handling=Handling.ONLINE, call="T1")
    taken = await town.report(handed_on, done())
    (invitation,) = taken.invitations
    assert (invitation.rule, invitation.targets) == ("hotline", ["agency"])


@under("chaoan")
async def test_a_case_handed_on_before_its_call_is_reported_is_told_when_it_comes(
    town: Town,
) -> None:
    handed_on = case(
        kind=CaseKind.TRANSFERRED, handling=Handling.ONLINE, call="T1", applicant=Applicant()
    )
    await town.report(handed_on, done())
    assert await Notice.all().count() == 0
    await town.report(call(caller=PHONE))
    (notice,) = await Notice.all()
    assert notice.kind == "invitation"


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (case(agency="nowhere"), "agency"),
        (case(item="nothing"), "item"),
        (member("C1", GroupKind.THEME, lead="nowhere"), "group.lead_agency"),
        (visit(staff="nobody"), "staff"),
        (visit(window="wall"), "window"),
        (call(platform="none"), "platform"),
        (call(staff="nobody"), "staff"),
    ],
)
async def test_an_unknown_code_names_its_field_and_stores_nothing(
    town: Town, report: Report, field: str
) -> None:
    before = await everything()
    with pytest.raises(UnknownReference) as refused:
        await town.report(report)
    assert refused.value.field == field
    assert await everything() == before


@pytest.mark.parametrize("known", [True, False], ids=["of a known case", "held"])
@pytest.mark.parametrize(
    ("report", "field"),
    [
        (visit(at=MONDAY + timedelta(minutes=10, seconds=1)), "at"),
        (done(at=MONDAY + timedelta(minutes=10, seconds=1)), "at"),
        (call(ended_at=MONDAY + timedelta(hours=8)), "ended_at"),
        (case("C2", accepted_at=MONDAY + timedelta(days=1)), "accepted_at"),
    ],
)
async def test_what_has_not_happened_yet_is_refused(
    town: Town, report: Report, field: str, known: bool
) -> None:
    if known:
        await town.report(case())
    before = await everything()
    with pytest.raises(Invalid, match="晚于当前时间") as refused:
        await town.report(report)
    assert refused.value.field == field
    assert await everything() == before


async def test_a_clock_that_is_a_little_ahead_is_forgiven(town: Town) -> None:
    soon = MONDAY + timedelta(minutes=10)
    taken = await town.report(case(), visit(at=soon), done(at=soon))
    assert len(taken.invitations) == 2


SEALED: dict[str, Any] = {
    "applicant": {
        "name": "欧" * 100,
        "phone": PHONE,
        "identity": "11010119900101001X",
        "email": "欧阳" * 30 + "@example.cn",
    },
    "agent": {"name": "代理人", "phone": "13900139000"},
}


async def test_personal_data_lies_sealed_and_is_found_by_hash(town: Town) -> None:
    report = case(**SEALED)
    await town.report(report)
    row = await Case.get(number="C1")
    keys = town.office.keys
    assert row.applicant_name is not None
    assert keys.open(row.applicant_name, "case_file.applicant_name") == "欧" * 100
    assert row.phone_hash == keys.find(PHONE, "phone")
    assert row.agent_phone_hash == keys.find("+8613900139000", "phone")
    assert row.identity_hash == keys.find("11010119900101001X", "identity")
    stored = str(await contents(Case))
    for plain in ("欧", "13800138000", "13900139000", "19900101", "example.cn", "代理人"):
        assert plain not in stored


@under("sanming")
async def test_a_notice_names_nobody(town: Town) -> None:
    await town.report(case(), visit(), done())
    notices = await Notice.all().order_by("id")
    assert [each.kind for each in notices] == ["invitation", "invitation"]
    for each in notices:
        assert "13800138000" not in f"{each.body}{each.once}"


async def test_a_region_without_a_rulebook_takes_no_cases(town: Town) -> None:
    town.region.rulebook = None
    await town.region.save()
    before = await everything()
    with pytest.raises(Invalid, match="没有指定规则书") as refused:
        await town.report(case())
    assert refused.value.field == "agency"
    assert await everything() == before


async def test_refusals_carry_a_code(town: Town) -> None:
    reports: list[tuple[CaseReport, Integrator, str]] = [
        (case(agency="nowhere"), town.integrator, "unknown_reference"),
        (case(), town.stranger, "forbidden"),
    ]
    for report, integrator, code in reports:
        with pytest.raises(Refused) as refused:
            await take(town.office, integrator, report)
        assert refused.value.code == code
    assert not await Visit.exists()
    assert not await Completion.exists()
