"""An order with all that its decisions are made from."""

from __future__ import annotations

import pytest

from models.handling.loading import Loaded, actor_of, load, scene_of
from models.orders.states import State
from models.tables import Account, Agency, OrderDeadline, Region, Staff, WorkOrder
from models.words import Level, Target
from tests.models.handling.desk import Desk
from tests.models.town import under
from tests.standing import StandingClock


async def loaded(desk: Desk, order: int) -> Loaded:
    row = await WorkOrder.get(id=order).select_related("evaluation", "agency")
    return await load(desk.town.office, row)


async def dispatched(desk: Desk) -> int:
    order = await desk.rated()
    await desk.step(order, "bureau", "dispatch", to="agency")
    return order


@pytest.mark.parametrize("level", [Level.DISSATISFIED, Level.VERY_DISSATISFIED])
async def test_as_it_was_stored(desk: Desk, clock: StandingClock, level: Level) -> None:
    order = await desk.rated(level)
    await desk.step(order, "bureau", "dispatch", to="agency")
    clock.advance(hours=2)
    await desk.step(order, "handler", "verify", note="确实久等")
    found = await loaded(desk, order)
    row = await WorkOrder.get(id=order)
    now = found.standing
    assert (now.state, now.sequence, now.holder, now.handler) == (
        State(row.state),
        row.sequence,
        row.holder_id,
        row.handler_id,
    )
    assert (now.received_at, now.counted) == (row.received_at, row.counted)
    rows = {each.kind: each for each in await OrderDeadline.filter(order_id=order)}
    assert {
        each.kind: (each.source, each.deadline.start, each.deadline.due, each.met_at, each.void_at)
        for each in found.clocks
    } == {
        kind: (each.source, each.started_at, each.due_at, each.met_at, each.void_at)
        for kind, each in rows.items()
    }
    scene = await scene_of(desk.town.office, found)
    bureau = await Agency.get(code="bureau")
    assert (scene.level, scene.at, scene.bureau, scene.joint) == (
        level,
        clock.at,
        bureau.id,
        False,
    )


async def test_the_last_step_of_a_person(desk: Desk, clock: StandingClock) -> None:
    order = await desk.rated()
    assert (await loaded(desk, order)).last == ""
    await desk.step(order, "bureau", "dispatch", to="agency")
    clock.advance(hours=15)
    await desk.step(order, "handler", "verify")
    found = await loaded(desk, order)
    assert found.last == "承办甲已于2026年3月2日24:00“核实属实”"
    assert found.names == {
        desk.who["bureau"].id: "主管部门甲",
        desk.who["handler"].id: "承办甲",
    }


@under("qijiang")
async def test_neither_the_rater_nor_time_is_a_person_with_a_desk(desk: Desk) -> None:
    order = await desk.rated()
    await desk.step(order, "handler", "verify", class_name="simple")
    await desk.step(order, "handler", "answer", text="已经改正。")
    await desk.confirm(order, satisfied=True)
    assert (await loaded(desk, order)).last == "承办甲已于2026年3月2日09:00“答复评价人”"


async def test_who_they_are_to_this_order(desk: Desk) -> None:
    found = await loaded(desk, await dispatched(desk))
    seen = {role: await actor_of(found, account) for role, account in desk.who.items()}
    # Rated: by the account's own 工作人员; overseeing: by region, or by holding it.
    assert {role: (each.oversees, each.rated, each.takes_part) for role, each in seen.items()} == {
        "staff": (True, True, False),
        "handler": (True, False, False),
        "town": (True, False, False),
        "bureau": (True, False, False),
        "callback": (True, False, False),
        "auditor": (True, False, False),
        "operator": (False, False, False),
    }


async def test_a_bureau_oversees_its_region_and_below(desk: Desk) -> None:
    found = await loaded(desk, await dispatched(desk))
    bureau = desk.who["bureau"]

    async def oversees(region: Region) -> bool:
        agency = await Agency.create(
            code=f"b-{region.code}", name=f"{region.name}政务局", region=region, party="bureau"
        )
        bureau.agency = agency
        return (await actor_of(found, bureau)).oversees

    above = await Region.create(code="P", name="本省")
    await Region.filter(id=desk.town.region.id).update(parent_id=above.id)
    assert await oversees(above)
    assert not await oversees(await Region.get(code="D"))
    assert not await oversees(await Region.get(code="X"))


async def test_who_holds_it_oversees_it_wherever_they_are(desk: Desk) -> None:
    """移交: handed on to another region's bureau."""
    foreign = await Region.get(code="X")
    other = await Agency.create(code="bureau-x", name="邻市政务局", region=foreign, party="bureau")
    order = await desk.rated()
    account = await Account.create(
        login="bureau-x-1",
        name="邻市主管甲",
        role="bureau",
        agency=other,
        created_at=desk.town.office.now(),
    )
    assert not (await actor_of(await loaded(desk, order), account)).oversees
    await desk.step(order, "bureau", "dispatch", to="bureau-x")
    assert (await actor_of(await loaded(desk, order), account)).oversees


async def test_a_rating_of_the_item_is_of_nobody(desk: Desk) -> None:
    found = await loaded(desk, await desk.rated(target=Target.ITEM))
    assert not (await actor_of(found, desk.who["staff"])).rated
    other = desk.who["staff"]
    other.staff = await Staff.get(code="staff-2")
    found = await loaded(desk, await desk.rated())
    assert not (await actor_of(found, other)).rated
