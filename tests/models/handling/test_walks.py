"""The paths of the five regulations, from the bad rating to its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.handling.viewing import targets
from models.handling.visible import visible, waiting
from models.orders.clocks import CLOCKS
from models.orders.refusals import NotAllowed
from models.refusals import Invalid
from models.tables import Account, Agency, OrderDeadline, Region, WorkOrder
from models.tick import tick
from tests.models.handling.desk import Desk, picture
from tests.models.town import under
from tests.standing import StandingClock


async def state(order: int) -> str:
    return (await WorkOrder.get(id=order)).state


async def due(order: int, kind: str) -> OrderDeadline:
    assert kind in CLOCKS
    return await OrderDeadline.get(order_id=order, kind=kind)


async def test_chaoan(desk: Desk) -> None:
    """第二十二至二十四条: the bureau dispatches, the agency verifies, rectifies, tells the rater,
    and the bureau reviews. There is no class, no appeal, no call-back."""
    order = await desk.rated()
    with pytest.raises(NotAllowed, match="承办单位"):
        await desk.step(order, "handler", "verify")
    await desk.step(order, "bureau", "dispatch", to="agency", note="请核实")
    with pytest.raises(NotAllowed, match="没有“差评申诉”"):
        await desk.step(order, "handler", "appeal", reason="不是我们的问题")
    with pytest.raises(Invalid, match="不对差评分类"):
        await desk.step(order, "handler", "verify", class_name="simple")
    await desk.step(order, "handler", "accept")
    await desk.step(order, "handler", "verify", note="确实久等")
    with pytest.raises(NotAllowed, match="整改延期"):
        await desk.step(order, "handler", "ask_extension", until=desk.in_days(30), reason="来不及")
    await desk.step(order, "handler", "answer", text="已增开窗口，向您致歉。")
    assert await state(order) == "answered"
    with pytest.raises(NotAllowed):
        await desk.step(order, "handler", "review_answer", passed=True)
    await desk.step(order, "bureau", "review_answer", passed=False, note="没有说明何时增开")
    assert (await due(order, "rectify")).met_at is None
    await desk.step(order, "handler", "answer", text="自3月9日起增开两个窗口。")
    await desk.step(order, "bureau", "review_answer", passed=True)
    assert await state(order) == "closed"


async def test_chaoan_confirms_with_the_rater(desk: Desk) -> None:
    """第二十三条: 误评或恶意差评经区政务服务数据管理局回访确认."""
    order = await desk.rated()
    await desk.step(order, "bureau", "dispatch", to="agency")
    with pytest.raises(Invalid, match="证据"):
        await desk.step(order, "handler", "find_mistaken", ground="误评", reason="点错了")
    with pytest.raises(Invalid, match="事由"):
        await desk.step(
            order,
            "handler",
            "find_mistaken",
            ground="随意",
            reason="点错了",
            files=[await picture()],
        )
    await desk.step(
        order, "handler", "find_mistaken", ground="误评", reason="点错了", files=[await picture()]
    )
    with pytest.raises(NotAllowed, match="主管部门"):
        await desk.step(order, "handler", "confirm_mistaken", note="确实")
    with pytest.raises(NotAllowed, match="回访评价人"):
        await desk.step(order, "bureau", "confirm_mistaken", note="确实")
    await desk.step(order, "callback", "contact", reached=True, note="本人说按错了")
    await desk.step(order, "bureau", "confirm_mistaken", note="与评价人确认")
    assert await state(order) == "excluding"
    await desk.object(order)
    with pytest.raises(NotAllowed, match="已经提出过异议"):
        await desk.object(order)
    await desk.step(order, "bureau", "decide_objection", upheld=True, note="评价人坚持")
    assert await state(order) == "verifying"


async def test_an_exclusion_ends_with_the_days_to_object(desk: Desk, clock: StandingClock) -> None:
    order = await desk.rated()
    await desk.step(order, "bureau", "dispatch", to="agency")
    await desk.step(
        order, "handler", "find_mistaken", ground="误评", reason="点错了", files=[await picture()]
    )
    await desk.step(order, "bureau", "contact", reached=True, note="本人说按错了")
    await desk.step(order, "bureau", "confirm_mistaken", note="与评价人确认")
    objection = await due(order, "objection")
    clock.at = objection.due_at - timedelta(seconds=1)
    await tick(desk.town.office)
    assert await state(order) == "excluding"
    clock.advance(seconds=1)
    await tick(desk.town.office)
    found = await WorkOrder.get(id=order)
    assert (found.state, found.counted, found.closed_at) == ("excluded", False, objection.due_at)


@under("sanming")
async def test_sanming(desk: Desk) -> None:
    """二(三)1, 三(三): verified with the bureau in three days; 申诉 by the member of staff through
    the agency, while it is rectified; 10 days; the rater's own word may leave it out."""
    order = await desk.rated()
    assert await state(order) == "verifying"
    await desk.step(order, "bureau", "verify", note="会同核实")
    assert (await due(order, "rectify")).count == 10
    with pytest.raises(NotAllowed, match="主管部门"):
        await desk.step(order, "staff", "decide_appeal", upheld=True, note="成立")
    await desk.step(order, "staff", "appeal", reason="当天系统故障")
    with pytest.raises(NotAllowed, match="没有等待复核"):
        await desk.step(order, "bureau", "decide_appeal", upheld=False, note="仍应道歉")
    await desk.step(order, "handler", "forward_appeal", note="情况属实")
    await desk.step(order, "bureau", "decide_appeal", upheld=False, note="仍应道歉")
    await desk.step(order, "handler", "enter_in_ledger", until=desk.in_days(40), reason="系统改造")
    assert (await due(order, "rectify")).void_at is not None
    await desk.step(order, "handler", "answer", text="系统已改造完成。")
    assert await state(order) == "calling_back"
    await desk.confirm(order, satisfied=False)
    with pytest.raises(NotAllowed, match="本人没有"):
        await desk.step(order, "bureau", "leave_out", reason="评价人满意")
    assert await state(order) == "closed"


@under("sanming")
async def test_sanming_may_leave_out_whoever_is_satisfied(desk: Desk) -> None:
    order = await desk.rated()
    await desk.step(order, "handler", "verify")
    await desk.step(order, "handler", "answer", text="已经改正。")
    await desk.confirm(order, satisfied=True)
    with pytest.raises(NotAllowed, match="主管部门"):
        await desk.step(order, "handler", "leave_out", reason="评价人满意")
    await desk.step(order, "bureau", "leave_out", reason="评价人满意")
    found = await WorkOrder.get(id=order)
    assert (found.state, found.counted) == ("closed", False)


@under("qijiang")
async def test_qijiang(desk: Desk) -> None:
    """第十六条: simple at once, complex in five days; 第十八条: 工作人员 appeal."""
    order = await desk.rated()
    assert (await due(order, "rectify")).count == 5
    with pytest.raises(NotAllowed, match="被评价的工作人员"):
        await desk.step(order, "handler", "appeal", reason="不实")
    await desk.step(order, "staff", "appeal", reason="当时在为老人服务")
    await desk.step(order, "handler", "verify", class_name="simple", note="当场解释")
    assert (await due(order, "rectify")).unit == "at_once"
    await desk.step(order, "handler", "answer", text="已当面解释。", explained=True)
    assert await state(order) == "calling_back"
    await desk.confirm(order, satisfied=True)
    await desk.step(order, "bureau", "decide_appeal", upheld=True, note="录像显示")
    assert await state(order) == "excluding"


@under("lingang")
async def test_lingang(desk: Desk) -> None:
    """三, 四: classed by cause; one extension before the due day, approved; invalid ratings may be
    looked at again."""
    order = await desk.rated()
    with pytest.raises(Invalid, match="证据"):
        await desk.step(order, "handler", "appeal", reason="不实")
    with pytest.raises(Invalid, match="成因"):
        await desk.step(order, "handler", "verify")
    await desk.step(order, "handler", "contact", reached=True, way="phone", note="已致歉")
    await desk.step(order, "handler", "verify", causes=["服务效率不满意", "环节不顺畅"])
    assert (await WorkOrder.get(id=order)).class_name == "complex"
    assert (await due(order, "rectify")).count == 15
    await desk.step(order, "handler", "ask_extension", until=desk.in_days(60), reason="要会商")
    with pytest.raises(NotAllowed):
        await desk.step(order, "handler", "decide_extension", granted=True)
    await desk.step(order, "bureau", "decide_extension", granted=True)
    assert (await due(order, "extended")).void_at is None
    await desk.step(order, "handler", "answer", text="已协调解决。")
    await desk.step(order, "bureau", "review_answer", passed=True)
    assert await state(order) == "closed"


@under("lingang")
async def test_lingang_looks_again(desk: Desk) -> None:
    order = await desk.rated()
    await desk.step(
        order, "handler", "find_mistaken", ground="误评", reason="点错了", files=[await picture()]
    )
    await desk.step(order, "bureau", "confirm_mistaken", note="认定")
    await desk.object(order)
    await desk.step(order, "bureau", "decide_objection", upheld=False, note="证据充分")
    assert await state(order) == "excluded"
    await desk.step(order, "bureau", "recheck", reason="抽查回访，评价人否认误评")
    found = await WorkOrder.get(id=order)
    assert (found.state, found.counted) == ("verifying", True)


@under("tianjin")
async def test_tianjin(desk: Desk) -> None:
    """第十八至二十二条: a municipal department has it at once; the hotline calls back, and the
    rater alone says whether they are satisfied."""
    order = await desk.rated()
    await desk.step(order, "handler", "verify", causes=["服务态度"])
    assert (await due(order, "rectify")).count == 1
    await desk.step(order, "handler", "answer", text="已批评教育。")
    assert await state(order) == "calling_back"
    await desk.step(order, "callback", "contact", reached=True, note="已发链接")
    await desk.confirm(order, satisfied=False)
    assert await state(order) == "closed"


async def test_nobody_handles_what_was_said_of_them(desk: Desk) -> None:
    order = await desk.rated()
    await desk.step(order, "bureau", "dispatch", to="agency")
    rated = await Account.get(id=desk.who["staff"].id)
    await Account.filter(id=desk.who["handler"].id).update(staff_id=rated.staff_id)
    desk.who["handler"] = await Account.get(id=desk.who["handler"].id)
    with pytest.raises(NotAllowed, match="被评价人"):
        await desk.step(order, "handler", "verify")


async def test_returned_and_dispatched_again_the_clock_runs_on(
    desk: Desk, clock: StandingClock
) -> None:
    order = await desk.rated()
    await desk.step(order, "bureau", "dispatch", to="agency")
    first = await due(order, "rectify")
    clock.advance(days=1)
    await desk.step(order, "handler", "return", reason="不是本单位的事项")
    again = await due(order, "dispatch")
    assert (again.met_at, again.started_at) == (None, clock.now())
    clock.advance(days=1)
    await desk.step(order, "bureau", "dispatch", to="agency-2")
    assert (await due(order, "rectify")).due_at == first.due_at
    found = await WorkOrder.get(id=order)
    assert found.handler_id == (await Agency.get(code="agency-2")).id


@under("qijiang")
async def test_what_was_to_be_solved_at_once_is_not_a_day_later(
    desk: Desk, clock: StandingClock
) -> None:
    """当场解决 (第十六条) is over with the day (reading 30)."""
    order = await desk.rated()
    clock.advance(days=1)
    with pytest.raises(Invalid, match="当日已过"):
        await desk.step(order, "handler", "verify", class_name="simple")
    await desk.step(order, "handler", "verify", class_name="complex")


@under("sanming")
async def test_whose_turn_it_is(desk: Desk) -> None:
    """会同 (二(三)1): both verify; then it is the agency's, and what is asked of the bureau its."""
    order = await desk.rated()

    async def turn(who: str) -> bool:
        return await (await waiting(desk.who[who])).filter(id=order).exists()

    assert (await turn("handler"), await turn("bureau")) == (True, True)
    await desk.step(order, "bureau", "verify")
    assert (await turn("handler"), await turn("bureau")) == (True, False)
    await desk.step(order, "handler", "appeal", reason="当天系统故障")
    assert (await turn("handler"), await turn("bureau")) == (True, True)
    await desk.step(order, "handler", "answer", text="系统已恢复。")
    await desk.confirm(order, satisfied=True)
    # The rater is satisfied, and the appeal still to be decided.
    assert await state(order) == "closed"
    assert (await turn("handler"), await turn("bureau")) == (False, True)
    await desk.step(order, "bureau", "decide_appeal", upheld=False, note="仍应道歉")
    assert (await turn("handler"), await turn("bureau")) == (False, False)


@under("lingang")
async def test_nobody_is_asked_to_decide_in_their_own_case(desk: Desk) -> None:
    """Reading 14, where the bureau itself is rated and none is above it: the rating stands."""
    await Agency.filter(code="agency").update(party="bureau")
    await Agency.filter(code="bureau").update(party="agency")
    order = await desk.rated()
    for step, said in (("find_mistaken", {"ground": "误评"}), ("appeal", {})):
        with pytest.raises(NotAllowed, match="没有可以审核的另一个主管部门"):
            await desk.step(
                order, "handler", step, files=[await picture()], reason="点错了", **said
            )
    await desk.step(order, "handler", "verify", causes=["服务效率不满意"])


async def test_a_bureau_that_is_rated_may_answer_itself(desk: Desk) -> None:
    order = await desk.rated()
    assert "bureau" not in await codes(desk, order)
    await WorkOrder.filter(id=order).update(agency_id=desk.who["bureau"].agency_id)
    assert "bureau" in await codes(desk, order)


async def codes(desk: Desk, order: int) -> list[str]:
    found = await targets(desk.town.office, order, desk.who["bureau"])
    return [agency.code for agency in await found]


async def test_who_has_passed_it_on_still_sees_it(desk: Desk) -> None:
    """To another region's bureau, whose it is from then on."""
    order = await desk.rated()
    region = await Region.get(code="X")
    await Agency.create(code="bureau-x", name="邻市政务局", region=region, party="bureau")
    await WorkOrder.filter(id=order).update(region_id=region.id)
    await desk.step(order, "bureau", "dispatch", to="bureau-x")
    assert (await WorkOrder.get(id=order)).state == "opened"
    assert await (await visible(desk.who["bureau"])).filter(id=order).exists()
    assert not await (await visible(desk.who["town"])).filter(id=order).exists()
    with pytest.raises(NotAllowed, match="持有工单"):
        await desk.step(order, "bureau", "dispatch", to="agency")
