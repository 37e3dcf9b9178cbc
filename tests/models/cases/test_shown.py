"""What an invitation shows: 事项名称, 业务流水号, 窗口人员姓名 (天津第十条)."""

from __future__ import annotations

from models.cases.facts import GroupKind
from models.cases.shown import Shown, shown
from models.tables import Invitation
from models.words import Node
from tests.models.town import NAME, Town, call, case, done, member, under, visit

TITLE, AGENCY = "事项之1", "市场监管局"


async def of(key: str) -> Shown:
    return await shown(await Invitation.get(key=key))


async def test_a_visit_shows_item_number_staff_and_window(town: Town) -> None:
    found = await shown(await town.invitation(case(), visit(), node=Node.VISIT))
    cases, window = (("C1", TITLE),), "政务服务中心3号窗口"
    assert found == Shown(TITLE, AGENCY, cases, "王丽", window, None, visited=True)
    assert (found.matter, found.tail) == (f"{TITLE}（窗口服务，王丽）", "尾号C1")


async def test_a_visit_without_a_window_shows_none(town: Town) -> None:
    found = await shown(await town.invitation(case(), visit(window=None), node=Node.VISIT))
    assert (found.staff, found.window) == ("王丽", None)


async def test_a_completion_shows_the_item_and_nobody(town: Town) -> None:
    found = await shown(await town.invitation(case(), visit(), done()))
    assert found == Shown(TITLE, AGENCY, (("C1", TITLE),), None, None, None)


async def test_each_visit_shows_its_own(town: Town) -> None:
    await town.report(case(), visit(), visit("C1", 2, staff="staff-2", window=None))
    assert (await of("case:1/visit:1")).staff == "王丽"
    assert (await of("case:1/visit:2")).staff == "李强"
    assert (await of("case:1/visit:2")).window is None


@under("tianjin")
async def test_a_batch_shows_every_case_and_who_served(town: Town) -> None:
    kind = GroupKind.BATCH
    await town.report(member("C2", kind), member("C1", kind), visit("C1"), done("C1"), done("C2"))
    found = await of("group:1/completion")
    assert found.title == "事项之1等2件"
    assert found.cases == (("C1", TITLE), ("C2", TITLE))
    assert (found.staff, found.group) == ("王丽", "批量业务G1")


async def test_a_theme_goes_by_its_own_name(town: Town) -> None:
    kind = GroupKind.THEME
    await town.report(member("C1", kind), member("C2", kind, 2), done("C1"), done("C2"))
    found = await of("group:1/completion")
    assert (found.title, found.group) == ("我要开餐馆", "主题服务G1")
    assert [title for _, title in found.cases] == ["事项之1", "事项之2"]


async def test_the_visit_of_a_batch_is_found_whichever_case_it_was_reported_for(
    town: Town,
) -> None:
    kind = GroupKind.BATCH
    await town.report(member("C1", kind), member("C2", kind), visit("C2"))
    found = await shown(await Invitation.get(key__startswith="group:1/visit:1"))
    assert (found.staff, found.window) == ("王丽", "政务服务中心3号窗口")


async def test_a_call_shows_the_hotline_and_who_answered(town: Town) -> None:
    found = await shown(await town.invitation(call(), node=Node.CALL))
    assert found == Shown("12345热线通话服务", AGENCY, (), "王丽", None, None)
    assert (found.matter, found.tail) == ("12345热线通话服务", "")


async def test_it_never_shows_the_applicant(town: Town) -> None:
    await town.report(case(), visit(), done())
    for invitation in await Invitation.all():
        assert NAME not in str(await shown(invitation))
