"""What belongs together: made by its first case, confirmed by the others, closed when complete."""

from __future__ import annotations

import pytest

from models.cases.facts import GroupKind
from models.cases.reports import CaseReport
from models.ratings.submit import submit
from models.refusals import Conflict, Forbidden, Invalid
from models.tables import Agency, CaseGroup, Invitation, Staff
from tests.models.contents import everything
from tests.models.ratings.said import rating
from tests.models.town import VISITED, Town, done, member, take, under, visit

BATCH, THEME, PARALLEL = GroupKind.BATCH, GroupKind.THEME, GroupKind.PARALLEL


@pytest.mark.parametrize(
    ("second", "field"),
    [
        (member("C2", BATCH, size=3), "group.size"),
        (member("C2", PARALLEL), "group.kind"),
        (member("C2", THEME, 2), "group.kind"),
        (member("C2", BATCH, lead="agency-2"), "group.lead_agency"),
    ],
)
async def test_its_cases_say_the_same_of_it(town: Town, second: CaseReport, field: str) -> None:
    await town.report(member("C1", BATCH))
    before = await everything()
    with pytest.raises(Conflict) as refused:
        await town.report(second)
    assert refused.value.field == field
    assert await everything() == before


@pytest.mark.parametrize("kind", GroupKind)
async def test_it_takes_no_more_cases_than_it_has(town: Town, kind: GroupKind) -> None:
    await town.report(member("C1", kind, 1), member("C2", kind, 2))
    with pytest.raises(Conflict, match="全部报送"):
        await town.report(member("C3", kind, 3))
    assert not (await town.report(member("C2", kind, 2))).fresh


async def test_a_batch_is_of_one_item_and_a_theme_of_several(town: Town) -> None:
    await town.report(member("C1", BATCH), member("C2", THEME, group="G2"))
    for wrong in (member("C3", BATCH, item="item-2"), member("C3", THEME, group="G2")):
        before = await everything()
        with pytest.raises(Invalid) as refused:
            await town.report(wrong)
        assert refused.value.field == "item"
        assert await everything() == before


async def test_a_stranger_adds_nothing_to_it(town: Town) -> None:
    await town.report(member("C1", BATCH))
    theirs = member("C2", BATCH, item="item-x", agency="agency-x")
    with pytest.raises(Forbidden) as refused:
        await take(town.office, town.stranger, theirs)
    assert refused.value.field == "group.number"
    assert await CaseGroup.all().count() == 1


@under("sanming")
async def test_a_group_across_regions_is_in_its_agencies_regions(town: Town) -> None:
    """跨层级: the city's case and the district's (reading 21)."""
    below = member("C2", PARALLEL, agency="agency-d", item="item-3")
    await town.report(member("C1", PARALLEL), below, done("C2"), done("C1"))
    assert {each.key.split(":")[0] for each in await Invitation.all()} == {"case", "group"}
    agencies = {each.id: each.region_id for each in await Agency.all()}
    for each in await Invitation.all():
        assert each.region_id == agencies[each.agency_id]


@under("sanming")
async def test_two_cities_one_matter_the_lead_departments_text_judges(town: Town) -> None:
    theirs = await Agency.get(code="agency-x")
    assert theirs.region_id != town.region.id
    joint = [
        member("C1", PARALLEL, lead="agency-x"),
        member("C2", PARALLEL, agency="agency-x", item="item-x", lead="agency-x"),
    ]
    for report in (*joint, done("C1"), done("C2")):
        await take(town.office, town.admin, report)
    assert {each.rulebook for each in await Invitation.all()} == {"lingang"}


@under("sanming")
async def test_a_lead_without_a_text_leaves_it_to_the_first_case(town: Town) -> None:
    far = await Agency.get(code="agency-x").prefetch_related("region")
    far.region.rulebook = None
    await far.region.save()
    for report in (member("C1", PARALLEL, lead="agency-x"), done("C1")):
        await take(town.office, town.admin, report)
    assert {each.rulebook for each in await Invitation.all()} == {"sanming"}


@under("tianjin")
async def test_a_late_visit_adds_the_staff_to_what_is_not_rated_yet(town: Town) -> None:
    """第十二条: staff and item at completion; who served is only known once it is reported."""
    overall = await town.invitation(
        member("C1", BATCH), member("C2", BATCH), done("C1"), done("C2")
    )
    assert (overall.targets, overall.staff_id) == (["item"], None)
    await town.report(visit("C1"))
    await overall.refresh_from_db()
    assert overall.targets == ["staff", "item"]
    assert overall.staff_id == (await Staff.get(code="staff-1")).id


@under("tianjin")
async def test_what_is_rated_stays_as_it_was(town: Town) -> None:
    overall = await town.invitation(
        member("C1", BATCH), member("C2", BATCH), done("C1"), done("C2")
    )
    await submit(town.office, overall, rating())
    await town.report(visit("C1"), visit("C2", 2, at=VISITED))
    await overall.refresh_from_db()
    assert (overall.targets, overall.staff_id, overall.closed_why) == (["item"], None, "rated")


@under("sanming")
async def test_no_overall_rating_beside_one_that_was_given_before(town: Town) -> None:
    """二(二)1: 总体, or 分部门分阶段: the first that is given decides."""
    first = await town.invitation(member("C1", PARALLEL), done("C1"))
    await submit(town.office, first, rating())
    taken = await town.report(member("C2", PARALLEL, 2), done("C2"))
    assert [each.key.split(":")[0] for each in taken.invitations] == ["case"]
