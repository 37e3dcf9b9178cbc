"""沉默: 默认 in 潮安 after 7 natural days, 未评 in 天津 after 5 working days, nothing elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.calendar.beijing import BEIJING
from models.calendar.working_days import WorkingDays
from models.calendar.year_plan import library_plans
from models.cases.facts import GroupKind
from models.ledger import leaf
from models.office import Office
from models.ratings.submit import submit
from models.sweeps.silence import record_silence
from models.tables import Coverage, Evaluation, Invitation, LedgerLeaf, Notice, WorkOrder
from models.words import Closing, Node, Silence
from tests.models.contents import everything
from tests.models.own_rules import amended, switched_on
from tests.models.ratings.said import rating
from tests.models.town import Town, build, call, case, done, member, under, visit
from tests.standing import StandingClock

SECOND = timedelta(seconds=1)
SEVEN_DAYS = datetime(2026, 3, 10, tzinfo=BEIJING)
"""Completed on 2 March: the seventh day after it is the 9th, until 24:00."""


async def test_in_chaoan_seven_days_are_a_default(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    clock.at = SEVEN_DAYS - SECOND
    assert await record_silence(town.office) == 0
    clock.at = SEVEN_DAYS
    before = await everything()
    assert await record_silence(town.office) == 1
    said = await Evaluation.get()
    assert (said.provenance, said.ordinal, said.level, said.at) == ("default", 0, 5, SEVEN_DAYS)
    assert (said.late, said.real_name, said.channel, said.rater_hash) == (False, False, None, None)
    assert (said.rulebook, said.version, said.invitation_id) == ("chaoan", 1, invitation.id)
    covered = await Coverage.get()
    assert (covered.slot, covered.evaluation_id) == ("case-1/completion/item/0", said.id)
    row = (await Evaluation.all().values())[0]
    plain = {name: row[name] for name in row if name not in ("rater_name", "rater_phone")}
    assert (await LedgerLeaf.get()).hash == leaf(plain, [covered.slot])
    await invitation.refresh_from_db()
    assert (invitation.silence, invitation.closed_at) == (Silence.DEFAULT, None)
    assert invitation.follow_up_until is None
    after = await everything()
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {"Invitation", "Evaluation", "Coverage", "LedgerLeaf"}
    assert await record_silence(town.office) == 0


@under("tianjin")
async def test_in_tianjin_five_working_days_are_a_mark(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    clock.at = datetime(2026, 3, 10, tzinfo=BEIJING) - SECOND
    assert await record_silence(town.office) == 0
    clock.at += SECOND
    before = await everything()
    assert await record_silence(town.office) == 1
    await invitation.refresh_from_db()
    assert (invitation.silence, invitation.closed_at) == (Silence.UNRATED, None)
    after = await everything()
    assert {table for table in after if after[table] != before[table]} == {"Invitation"}


async def test_working_days_over_a_holiday_and_a_make_up_day(
    office: Office, clock: StandingClock
) -> None:
    """春节 2026: of 12 February the 13th, Saturday the 14th, then the 24th, 25th and 26th."""
    clock.at = datetime(2026, 2, 12, 10, tzinfo=BEIJING)
    town = await build(office, "tianjin")
    invitation = await town.invitation(case(), done(at=clock.at))
    clock.at = datetime(2026, 2, 27, tzinfo=BEIJING) - SECOND
    assert await record_silence(office) == 0
    clock.at += SECOND
    assert await record_silence(office) == 1
    await invitation.refresh_from_db()
    assert invitation.silence == Silence.UNRATED


@under("lingang", "qijiang", "sanming")
async def test_where_the_text_is_silent_silence_says_nothing(
    town: Town, clock: StandingClock
) -> None:
    await town.report(case(), visit(), done())
    before = await everything()
    clock.advance(days=400)
    assert await record_silence(town.office) == 0
    assert await everything() == before


@under("chaoan", "tianjin")
async def test_visits_and_calls_have_no_silence(town: Town, clock: StandingClock) -> None:
    await town.report(case(), visit(), call())
    clock.advance(days=170)
    assert await record_silence(town.office) == 0


async def test_who_has_rated_was_not_silent(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    await submit(town.office, invitation, rating())
    clock.at = SEVEN_DAYS
    assert await record_silence(town.office) == 0
    assert await Evaluation.filter(provenance="default").count() == 0


async def test_a_batch_is_silent_once_for_all_its_cases(town: Town, clock: StandingClock) -> None:
    for number in ("C1", "C2", "C3"):
        await town.report(member(number, GroupKind.BATCH, size=3), done(number))
    clock.at = SEVEN_DAYS
    assert await record_silence(town.office) == 1
    said = await Evaluation.get()
    slots = [row.slot for row in await Coverage.filter(evaluation=said).order_by("slot")]
    assert slots == [f"case-{number}/completion/item/0" for number in (1, 2, 3)]
    assert await LedgerLeaf.all().count() == 1


async def test_a_theme_is_silent_case_by_case(town: Town, clock: StandingClock) -> None:
    """总体评价 beside 分别评价: nothing is counted twice."""
    for place, number in enumerate(("C1", "C2"), start=1):
        await town.report(member(number, GroupKind.THEME, place), done(number))
    clock.at = SEVEN_DAYS
    assert await record_silence(town.office) == 3
    slots = [row.slot for row in await Coverage.all().order_by("slot")]
    assert slots == ["case-1/completion/item/0", "case-2/completion/item/0"]
    assert await Evaluation.all().count() == await LedgerLeaf.all().count() == 2
    overall = await Invitation.get(key="group:1/completion")
    assert overall.silence == Silence.ONE_BY_ONE
    apart = await Invitation.filter(group_id=None, node=Node.COMPLETION)
    assert {each.silence for each in apart} == {Silence.DEFAULT}


async def test_of_a_theme_only_what_nobody_rated(town: Town, clock: StandingClock) -> None:
    for place, number in enumerate(("C1", "C2"), start=1):
        await town.report(member(number, GroupKind.THEME, place), done(number))
    await submit(town.office, await Invitation.get(key="case:1/completion"), rating())
    clock.at = SEVEN_DAYS
    assert await record_silence(town.office) == 1
    slots = [row.slot for row in await Coverage.all().order_by("slot")]
    assert slots == ["case-1/completion/item/1", "case-2/completion/item/0"]
    overall = await Invitation.get(key="group:1/completion")
    assert overall.closed_why == Closing.RATED_OTHERWISE


async def test_staff_is_left_out(office: Office, clock: StandingClock, tmp_path: Path) -> None:
    """Reading 4, where a rulebook lets completion open both."""
    at_window = 'visit = ["staff"]\ncompletion = ["item"]'
    both = at_window.replace('["item"]', '["item", "staff"]')
    shelf = amended(tmp_path, "chaoan", (at_window, both))
    town = await build(replace(office, shelf=shelf))
    invitation = await town.invitation(case(), visit(), done())
    assert invitation.targets == ["item", "staff"]
    clock.at = SEVEN_DAYS
    assert await record_silence(town.office) == 1
    assert [row.target for row in await Coverage.all()] == ["item"]
    await invitation.refresh_from_db()
    assert invitation.silence == Silence.DEFAULT


async def test_an_estimated_day_is_waited_out(office: Office, clock: StandingClock) -> None:
    """DESIGN §6: without the year's notice nothing is said for anybody."""
    known = {year: plan for year, plan in library_plans().items() if year <= 2026}
    clock.at = datetime(2026, 12, 29, 10, tzinfo=BEIJING)
    office = replace(office, days=WorkingDays(library=known))
    town = await build(office, "tianjin")
    invitation = await town.invitation(case(), done(at=clock.at))
    assert invitation.provisional
    clock.advance(days=30)
    assert await record_silence(office) == 0


async def test_a_rulebook_may_switch_it_on(
    office: Office, clock: StandingClock, tmp_path: Path
) -> None:
    """The platform's own period has no default level: 未评."""
    shelf = switched_on(tmp_path, "lingang", "silence")
    town = await build(replace(office, shelf=shelf), "lingang")
    invitation = await town.invitation(case(), done())
    clock.at = SEVEN_DAYS
    assert await record_silence(town.office) == 1
    await invitation.refresh_from_db()
    assert invitation.silence == Silence.UNRATED
    assert not await Evaluation.exists()


async def test_a_rulebook_may_name_another_default(
    office: Office, clock: StandingClock, tmp_path: Path
) -> None:
    """Reading 3: 广东 2019 said 基本满意."""
    change = ('default_level = "非常满意"', 'default_level = "基本满意"')
    town = await build(replace(office, shelf=amended(tmp_path, "chaoan", change)))
    await town.report(case(), done())
    clock.at = SEVEN_DAYS
    await record_silence(town.office)
    assert (await Evaluation.get()).level == 3


async def test_a_default_tells_nobody_and_opens_nothing(town: Town, clock: StandingClock) -> None:
    await town.report(case(), done())
    clock.at = SEVEN_DAYS
    await record_silence(town.office)
    assert not await Notice.exists()
    assert not await WorkOrder.exists()


@pytest.mark.parametrize("days", [8, 70, 179])
async def test_after_any_pause_it_is_of_the_moment_it_fell_due(
    town: Town, clock: StandingClock, days: int
) -> None:
    await town.report(case(), done())
    clock.advance(days=days)
    assert await record_silence(town.office) == 1
    assert (await Evaluation.get()).at == SEVEN_DAYS
