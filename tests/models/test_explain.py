"""Why: the version, the rule, the article, the days that were counted (DESIGN §5)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from models.because import Because, Explained, lines
from models.calendar.beijing import BEIJING
from models.cases.facts import GroupKind
from models.cases.reports import Report
from models.explain import explain
from models.ratings.submit import submit
from models.tables import Case
from models.words import CaseKind, Handling, Level
from tests.models.contents import everything
from tests.models.ratings.said import rating, reasons
from tests.models.town import DONE, VISITED, Town, case, done, member, under, visit


async def explained(town: Town, number: str = "C1") -> Explained:
    return await explain(town.office, await Case.get(number=number))


def by_rule(found: Explained) -> dict[str, Because]:
    return {each.rule: each for each in found.because}


async def test_what_is_rated_and_by_which_article(town: Town) -> None:
    await town.report(case(), visit(), done())
    found = await explained(town)
    assert (found.rulebook, found.version) == ("chaoan", 1)
    assert "潮安区" in found.title
    visited, completed = [each for each in found.because if each.rule == "window"]
    assert "可评价工作人员（到窗口一次）" in visited.what
    assert "可评价服务事项（办结）" in completed.what
    assert completed.source == "第五条、第十六条"
    assert completed.quote is not None
    assert "每次到窗口办理后" in completed.quote


async def test_the_days_that_were_counted(town: Town) -> None:
    """Completed on Monday 2 March: 7 natural days, 3 to 9 March."""
    await town.report(case(), done())
    rules = by_rule(await explained(town))
    silence, reminder = rules["silence"], rules["reminder"]
    assert silence.what == "2026年3月9日24:00前未评价的，默认为“非常满意”"
    assert (silence.source, reminder.source) == ("第十九条", "第十九条")
    assert "3月3日至3月9日 自然日，计7日" in silence.days
    assert "2026年3月3日08:00提醒" in reminder.what
    assert "60日内可追加评价1次" in rules["follow_up"].what


@under("tianjin")
async def test_working_days_are_named(town: Town) -> None:
    await town.report(case(), done())
    silence = by_rule(await explained(town))["silence"]
    assert silence.what == "2026年3月9日24:00前未评价的，标记为“未评”"
    assert "3月7日至3月8日 周末，不计" in silence.days


@under("tianjin")
async def test_what_is_not_rated_and_why(town: Town) -> None:
    await town.report(case(kind=CaseKind.CONSULTATION, handling=Handling.ONLINE), done())
    found = await explained(town)
    (why,) = found.because
    assert (why.rule, why.source) == ("consultation_online", "第十五条")
    # Judged all the same, by the version of that day.
    assert (found.judged_at, found.version) == (DONE, 1)


@under("lingang")
async def test_the_clocks_of_its_order(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    await submit(town.office, invitation, rating(Level.DISSATISFIED, **reasons(item="慢")))
    rules = by_rule(await explained(town))
    assert rules["appeal"].what == "差评工单1：申诉，2026年3月3日24:00止"
    assert rules["first_contact"].source == "二、三(二)1、三(二)2、三(二)3、附件"
    assert "3月3日 工作日，计1日" in rules["appeal"].days


LATER = DONE + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("reports", "judged_at"),
    [
        ([], None),
        ([visit()], VISITED),
        ([visit(), visit("C1", 2, at=LATER)], VISITED),
        ([visit(), done()], DONE),
        # 领证: a visit after the completion judges nothing.
        ([done(), visit("C1", 2, at=LATER)], DONE),
    ],
)
async def test_judged_at_completion_or_at_the_first_visit_before_it(
    town: Town, reports: list[Report], judged_at: datetime | None
) -> None:
    await town.report(case(), *reports)
    found = await explained(town)
    assert found.judged_at == judged_at
    assert found.version == (None if judged_at is None else 1)


async def test_a_case_of_a_group_is_told_of_the_whole(town: Town) -> None:
    kind = GroupKind.THEME
    await town.report(member("C1", kind), member("C2", kind, 2), done("C1"), done("C2", LATER))
    found = await explained(town)
    assert {"theme", "window"} <= by_rule(found).keys()
    assert found.judged_at == LATER
    assert sum("服务事项" in each.what for each in found.because) == 2


async def test_to_explain_changes_nothing(town: Town) -> None:
    await town.report(case(), visit(), done())
    before = await everything()
    await explained(town)
    assert await everything() == before


async def test_on_the_terminal_it_names_no_field_of_ours(town: Town) -> None:
    await town.report(case(), visit(), done())
    text = "\n".join(lines(await explained(town)))
    day = datetime(2026, 3, 2, 8, tzinfo=BEIJING)
    assert f"按{day.year}年{day.month}月{day.day}日08:00判断" in text
    assert "依据：第十九条" in text
    for word in ("follow_up", "silence", "window", "platform", "None"):
        assert word not in text


@pytest.mark.parametrize("handed_on", [True, False])
async def test_who_calls_back_by_hand(town: Town, handed_on: bool) -> None:
    """潮安第十四条: of cases that the hotline handed on, and of no others."""
    more = {"kind": CaseKind.TRANSFERRED} if handed_on else {}
    invitation = await town.invitation(case(handling=Handling.ONLINE, **more), done())
    target = "agency" if handed_on else "item"
    said = rating(Level.DISSATISFIED, **reasons(**{target: "慢"}))
    await submit(town.office, invitation, said)
    called_back = [
        (each.rule, each.source)
        for each in (await explained(town)).because
        if "人工回访" in each.what
    ]
    assert called_back == ([("hotline", "第十四条")] if handed_on else [])
