"""One rating for several cases; the whole or each of them, never both (readings 20 to 22)."""

from __future__ import annotations

import pytest

from models.cases.facts import GroupKind
from models.ratings.refusals import AlreadyRated
from models.ratings.submit import submit
from models.tables import Agency, Coverage, Invitation, Notice, WorkOrder
from models.words import Level
from tests.models.ratings.said import rating, reasons
from tests.models.town import Town, done, member, under, visit

BAD = Level.DISSATISFIED
BATCH, THEME, PARALLEL = GroupKind.BATCH, GroupKind.THEME, GroupKind.PARALLEL


async def completed(town: Town, kind: GroupKind, *, lead: str | None = None) -> None:
    second = "agency" if kind is BATCH else "agency-2"
    await town.report(
        member("C1", kind, 1, lead=lead),
        member("C2", kind, 2, lead=lead, agency=second),
        visit("C1"),
        visit("C2"),
        done("C1"),
        done("C2"),
    )


async def of(key: str) -> Invitation:
    return await Invitation.get(key=key)


async def why(key: str) -> str | None:
    return (await of(key)).closed_why


async def slots() -> list[str]:
    return sorted([each.slot for each in await Coverage.all()])


async def test_a_batch_is_rated_once_for_all_and_opens_one_order(town: Town) -> None:
    await completed(town, BATCH)
    overall = await of("group:1/completion")
    await submit(town.office, overall, rating(BAD, **reasons(item="慢")))
    assert await slots() == ["case-1/completion/item/1", "case-2/completion/item/1"]
    assert await WorkOrder.all().count() == 1
    assert await Notice.filter(kind="complaint").count() == 1


async def test_one_visit_of_a_batch_is_one_rating_of_its_staff(town: Town) -> None:
    await completed(town, BATCH)
    visited = await Invitation.get(key__startswith="group:1/visit:1/")
    await submit(town.office, visited, rating())
    assert await slots() == ["case-1/visit-1-1/staff/1", "case-2/visit-1-1/staff/1"]


@under("tianjin")
async def test_in_tianjin_a_batch_is_rated_for_staff_and_item_together(town: Town) -> None:
    await completed(town, BATCH)
    overall = await of("group:1/completion")
    await submit(town.office, overall, rating(BAD, **reasons(item="慢", staff="冷淡")))
    assert len(await slots()) == 4
    assert await WorkOrder.all().count() == 1


@under("chaoan", "tianjin", "sanming")
async def test_rated_as_a_whole_its_parts_are_closed(town: Town) -> None:
    kind = PARALLEL if town.region.rulebook == "sanming" else THEME
    await completed(town, kind)
    await submit(town.office, await of("group:1/completion"), rating())
    assert await slots() == ["case-1/completion/item/1", "case-2/completion/item/1"]
    for key in ("case:1/completion", "case:2/completion"):
        assert await why(key) == "rated_otherwise"
        with pytest.raises(AlreadyRated):
            await submit(town.office, await of(key), rating())
    assert await Coverage.all().count() == 2


@under("chaoan", "tianjin", "sanming")
async def test_rated_part_by_part_the_whole_is_closed_and_the_other_parts_are_not(
    town: Town,
) -> None:
    kind = PARALLEL if town.region.rulebook == "sanming" else THEME
    await completed(town, kind)
    await submit(town.office, await of("case:1/completion"), rating())
    assert await why("group:1/completion") == "rated_otherwise"
    assert await why("case:2/completion") is None
    with pytest.raises(AlreadyRated):
        await submit(town.office, await of("group:1/completion"), rating())
    await submit(town.office, await of("case:2/completion"), rating())
    assert await slots() == ["case-1/completion/item/1", "case-2/completion/item/1"]


async def test_visits_stay_open_whatever_becomes_of_the_completion(town: Town) -> None:
    await completed(town, THEME)
    await submit(town.office, await of("group:1/completion"), rating())
    still = await Invitation.filter(node="visit", closed_at=None)
    assert still
    for each in still:
        await submit(town.office, each, rating())


@under("sanming")
async def test_the_lead_department_has_the_result_and_the_others_are_told(town: Town) -> None:
    """二(二)1: 评价结果归集到牵头部门."""
    await completed(town, PARALLEL, lead="agency-2")
    overall = await of("group:1/completion")
    await submit(town.office, overall, rating(BAD, **reasons(item="慢")))
    codes = {each.id: each.code for each in await Agency.all()}
    assert {codes[each.agency_id] for each in await Coverage.all()} == {"agency-2"}
    order = await WorkOrder.get()
    assert codes[order.agency_id] == "agency-2"
    assert [codes[each] for each in order.copied_to] == ["agency"]
    told = {
        codes[each.agency_id]: each.kind
        for each in await Notice.filter(kind__startswith="complaint")
        if each.agency_id
    }
    assert told == {
        "bureau": "complaint",
        "agency-2": "complaint",
        "agency": "complaint_copy",
    }
