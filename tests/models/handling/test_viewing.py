"""One order as each of the seven roles sees it: field by field, by hand. Whose rating it is stands
nowhere."""

from __future__ import annotations

import logging
from dataclasses import fields
from datetime import datetime
from typing import Any

import pytest

from models.calendar.beijing import BEIJING
from models.handling.revealing import reveal
from models.handling.viewing import lines, possible, seen_by, targets
from models.handling.views import OrderView
from models.handling.visible import visible, waiting
from models.orders.events import Kind
from models.orders.states import State
from models.raters import bind_phone, met
from models.refusals import Missing
from models.tables import Account, Agency, Case, Evaluation, Notice, Region, Staff, WorkOrder
from models.tick import tick
from models.words import Channel, Level
from tests.models.handling.desk import Desk, picture
from tests.models.town import NAME, PHONE, under
from tests.standing import MONDAY, StandingClock

EMAIL = "ouyang@example.cn"
OPENID = "oMoJ5t-ouyang-4711"
ROLES = ("staff", "handler", "town", "bureau", "callback", "auditor", "operator")
SEEN = tuple(role for role in ROLES if role != "operator")


async def on_its_way(desk: Desk) -> int:
    """Dispatched, called, a number looked at, found mistaken with evidence, and it is not."""
    order = await desk.rated()
    office = desk.town.office
    sealed = office.keys.seal(EMAIL, "case_file.applicant_email")
    await Case.all().update(applicant_email=sealed)
    rater = await met(office, "yunxi", Channel.OFFICIAL_ACCOUNT, OPENID)
    await bind_phone(office, rater, PHONE)
    await desk.step(order, "bureau", "dispatch", to="agency", note="请核实")
    await desk.step(order, "handler", "contact", reached=True, note="本人说等了两个小时")
    await reveal(office, order, desk.who["callback"], "回访核实情况")
    files, said = [await picture()], {"ground": "误评", "reason": "评价人点错"}
    await desk.step(order, "handler", "find_mistaken", files=files, **said)
    await desk.step(order, "bureau", "reject_mistaken", note="评价属实")
    return order


def shown(view: OrderView) -> dict[str, Any]:
    """Every field; of clocks, history and choices what one reads."""
    plain = {each.name: getattr(view, each.name) for each in fields(view)}
    plain["clocks"] = [(each.label, each.duty) for each in view.clocks]
    plain["history"] = [
        (each.label, each.who, each.lines, len(each.files)) for each in view.history
    ]
    plain["choices"] = (view.choices.classes, view.choices.grounds, view.choices.methods)
    return plain


EVERYBODY: dict[str, Any] = {
    "number": 1,
    "state": State.VERIFYING,
    "sequence": 6,
    "level": Level.DISSATISFIED,
    "class_label": None,
    "agency": "市场监管局",
    "handler": "市场监管局",
    "holder": "市场监管局",
    "copied_to": (),
    "opened_at": MONDAY,
    "received_at": MONDAY,
    "closed_at": None,
    "due_at": datetime(2026, 3, 12, tzinfo=BEIJING),
    "counted": True,
    "channel": "评价链接",
    "subject": "事项之1",
    "said": (("工作人员", "等了两个小时"),),
    "case_number": "C4711",
    "rulebook": "潮州市潮安区政务服务“好差评”工作细则",
    "by_hand": None,
    "satisfied": None,
    "clocks": [("转办", True), ("误评、恶意差评的核实", False), ("整改并反馈", True)],
    "history": [
        ("生成工单", "系统", (), 0),
        ("转办", "政务服务局主管部门甲", ("转至：市场监管局", "说明：请核实"), 0),
        ("联系评价人", "市场监管局承办甲", ("电话，已联系到", "说明：本人说等了两个小时"), 0),
        ("查看联系方式", "政务服务局回访专席甲", ("理由：回访核实情况",), 0),
        ("提请不予采纳", "市场监管局承办甲", ("事由：误评", "理由：评价人点错"), 1),
        ("审核不予认定", "政务服务局主管部门甲", ("说明：评价属实",), 0),
    ],
    "choices": ((), ("误评", "恶意差评"), ()),
    "review_sheet": False,
    "may_reveal": False,
}
BUT: dict[str, dict[str, Any]] = {
    # 被评价人: what was said of their own service, never by whom, nor what others noted of them.
    "staff": {
        "case_number": None,
        "history": [
            ("生成工单", "系统", (), 0),
            ("转办", "政务服务局", ("转至：市场监管局",), 0),
            ("联系评价人", "市场监管局", (), 0),
            ("查看联系方式", "政务服务局", (), 0),
            ("提请不予采纳", "市场监管局", ("事由：误评",), 0),
            ("审核不予认定", "政务服务局", (), 0),
        ],
    },
    "handler": {"may_reveal": True},
    "town": {},
    "bureau": {"may_reveal": True},
    "callback": {"may_reveal": True},
    "auditor": {},
}


async def test_what_each_role_sees(desk: Desk) -> None:
    order = await on_its_way(desk)
    await Case.all().update(number="C4711")
    assert set(EVERYBODY) == {each.name for each in fields(OrderView)}
    for role in SEEN:
        view = await seen_by(desk.town.office, order, desk.who[role])
        found, expected = shown(view), EVERYBODY | BUT[role]
        assert {name: found[name] for name in expected} == expected, role


async def test_an_operator_sees_none(desk: Desk) -> None:
    order = await on_its_way(desk)
    for look in (seen_by, possible, targets):
        with pytest.raises(Missing):
            await look(desk.town.office, order, desk.who["operator"])
    with pytest.raises(Missing):
        await seen_by(desk.town.office, 4711, desk.who["bureau"])


async def test_who_rated_stands_nowhere(
    desk: Desk, clock: StandingClock, caplog: pytest.LogCaptureFixture
) -> None:
    """In no view of anybody's, in no notice, in no line of the log."""
    caplog.set_level(logging.DEBUG)
    order = await on_its_way(desk)
    views = [await seen_by(desk.town.office, order, desk.who[role]) for role in SEEN]
    clock.advance(days=30)
    await tick(desk.town.office)
    texts = [repr(view) for view in views]
    texts += [f"{each.once} {each.body} {each.why}" for each in await Notice.all()]
    # The engine's own lines are the sealed values that it was given.
    texts += [record.getMessage() for record in caplog.records]
    assert caplog.records
    rater = (await Evaluation.get(provenance="person")).rater_hash
    assert rater is not None
    for secret in (NAME, PHONE, PHONE.removeprefix("+86"), EMAIL, OPENID):
        assert not [text for text in texts if secret in text]
    assert not [view for view in views if rater in repr(view)]
    number = (await Case.get()).number
    assert number not in repr(views[SEEN.index("staff")])


@under("sanming")
async def test_what_the_rated_read_is_what_was_said_to_them(desk: Desk) -> None:
    """Their own appeal, its decision, the answer; no notes, no reasons, no names of colleagues."""
    order = await desk.rated()
    office, rated = desk.town.office, desk.who["staff"]
    await desk.step(order, "staff", "appeal", reason="当天系统故障")
    await desk.step(order, "handler", "forward_appeal", note="情况属实")
    await desk.step(order, "bureau", "decide_appeal", upheld=True, note="系统确有故障")
    await desk.object(order)
    await desk.step(order, "bureau", "decide_objection", upheld=True, note="评价人坚持")
    await desk.step(order, "bureau", "verify", note="会同核实")
    await desk.step(order, "handler", "enter_in_ledger", until=desk.in_days(40), reason="系统改造")
    await desk.step(order, "handler", "answer", text="系统已改造完成。")
    await desk.confirm(order, satisfied=True)
    await desk.step(order, "bureau", "leave_out", reason="评价人满意")
    view = await seen_by(office, order, rated)
    assert [(each.label, each.who, each.lines) for each in view.history] == [
        ("生成工单", "系统", ()),
        ("提出申诉", "市场监管局", ("理由：当天系统故障",)),
        ("申诉", "市场监管局", ("说明：情况属实",)),
        ("复核：申诉成立", "政务服务局", ("说明：系统确有故障",)),
        ("评价人提出异议", "评价人", ()),
        ("异议成立", "政务服务局", ()),
        ("核实属实", "政务服务局", ()),
        ("建立台账", "市场监管局", ("新的期限：2026-04-11",)),
        ("答复评价人", "市场监管局", ("答复：系统已改造完成。",)),
        ("评价人确认", "评价人", ("满意",)),
        ("办结", "系统", ()),
        ("不予计算", "政务服务局", ()),
    ]
    assert (view.counted, view.satisfied, view.may_reveal) == (False, True, False)


@under("sanming")
async def test_the_evidence_of_an_own_appeal_is_ones_own(desk: Desk) -> None:
    order = await desk.rated()
    given = [await picture()]
    await desk.step(order, "staff", "appeal", reason="当天系统故障", files=given)
    await desk.step(order, "handler", "forward_appeal", files=given)
    view = await seen_by(desk.town.office, order, desk.who["staff"])
    assert [len(each.files) for each in view.history] == [0, 1, 0]
    view = await seen_by(desk.town.office, order, desk.who["bureau"])
    assert [len(each.files) for each in view.history] == [0, 1, 1]


@under("lingang")
async def test_before_its_class_a_clock_says_by_which_it_goes(desk: Desk) -> None:
    order = await desk.rated()
    office, bureau = desk.town.office, desk.who["bureau"]

    async def days() -> tuple[str, ...]:
        view = await seen_by(office, order, bureau)
        (found,) = [each.days for each in view.clocks if each.kind == "rectify"]
        return found

    assert (await days())[0] == "尚未分类，暂按期限最长的一类计算；分类后按所属类别计算"
    await desk.step(order, "handler", "verify", causes=["服务效率不满意"])
    assert (await days())[0] == "2026年3月2日09:00起算，当日不计，数满5个工作日"
    view = await seen_by(office, order, bureau)
    assert (view.class_label, view.review_sheet) == ("限时整改（一般）类", True)
    assert view.choices.methods[0] == "电话核实"
    assert [name for name, _, _ in view.choices.classes] == ["simple", "general", "complex"]


def test_every_event_is_said_in_words() -> None:
    said: dict[Kind, tuple[dict[str, Any], list[str]]] = {
        Kind.CONTACTED: ({"way": "visit", "reached": False}, ["上门见面，未联系到"]),
        Kind.CONFIRMED: ({"satisfied": False, "words": "太慢"}, ["不满意", "评价人说：太慢"]),
        Kind.VERIFIED: (
            {"causes": ["服务态度"], "class_label": "简易"},
            ["成因：服务态度", "分类：简易"],
        ),
        Kind.EXTENSION_GRANTED: (
            {"until": "2026-04-01", "reason": "要会商"},
            ["新的期限：2026-04-01", "理由：要会商"],
        ),
        Kind.APPEAL_UPHELD: ({"methods": ["电话", "谈话"]}, ["复核方式：电话、谈话"]),
        Kind.ANSWERED: (
            {"text": "已改正", "explained": True, "via": "某平台"},
            ["已作解释说明", "答复：已改正", "经由系统：某平台"],
        ),
        Kind.CLOSED: ({}, []),
    }
    for kind, (details, expected) in said.items():
        assert list(lines(kind, details)) == expected


# --- Which orders ---------------------------------------------------------------------------------


async def numbers(account: Account) -> list[int]:
    return [row.id for row in await (await visible(account)).order_by("id")]


async def test_which_orders_each_role_sees(desk: Desk) -> None:
    """One at the bureau, one with another agency, one with their own."""
    held = await desk.rated()
    elsewhere = await desk.rated()
    await desk.step(elsewhere, "bureau", "dispatch", to="agency-2")
    mine = await desk.rated()
    await desk.step(mine, "bureau", "dispatch", to="agency")
    every = [held, elsewhere, mine]
    seen = {role: await numbers(desk.who[role]) for role in ROLES}
    assert seen == {
        # Rated they are in all three; the agency that was rated sees them, wherever they are.
        "staff": every,
        "handler": every,
        "town": every,
        "bureau": every,
        "callback": every,
        "auditor": every,
        "operator": [],
    }
    handler = desk.who["handler"]
    second = await Agency.get(code="agency-2")
    handler.agency = second
    assert await numbers(handler) == [elsewhere]
    staff = desk.who["staff"]
    staff.staff = await Staff.get(code="staff-2")
    assert await numbers(staff) == []
    bureau = desk.who["bureau"]
    bureau.agency = await Agency.create(
        code="bureau-x", name="邻市政务局", region=await Region.get(code="X"), party="bureau"
    )
    assert await numbers(bureau) == []
    bureau.agency = await Agency.get(code="government")
    assert await numbers(bureau) == [], "the district sees its own and below, not the town's"


async def test_a_disabled_account_sees_none(desk: Desk) -> None:
    await desk.rated()
    for role in ROLES:
        account = desk.who[role]
        account.disabled_at = MONDAY
        assert await numbers(account) == []


async def test_what_waits_for_whom(desk: Desk) -> None:
    order = await desk.rated()

    async def whose() -> set[str]:
        return {role for role in ROLES if await (await waiting(desk.who[role])).exists()}

    assert await whose() == {"bureau"}
    await desk.step(order, "bureau", "dispatch", to="agency")
    assert await whose() == {"handler"}
    await desk.step(order, "handler", "verify")
    assert await whose() == {"handler"}
    await desk.step(order, "handler", "answer", text="已经改正。")
    assert await whose() == {"bureau"}
    await desk.step(order, "bureau", "review_answer", passed=True)
    assert await whose() == set()


@under("tianjin")
async def test_the_call_back_desk_has_whom_to_ask(desk: Desk) -> None:
    order = await desk.rated()
    await desk.step(order, "handler", "verify", causes=["服务态度"])
    await desk.step(order, "handler", "answer", text="已批评教育。")
    assert [row.id for row in await (await waiting(desk.who["callback"]))] == [order]
    await desk.confirm(order, satisfied=True)
    assert not await (await waiting(desk.who["callback"])).exists()


async def test_where_it_may_be_dispatched_to(desk: Desk) -> None:
    """Agencies and towns of the region and below, bureaux and districts wherever they are."""
    foreign = await Region.get(code="X")
    await Agency.create(code="bureau-x", name="邻市政务局", region=foreign, party="bureau")
    order = await desk.rated()
    office = desk.town.office

    async def codes(role: str) -> set[str]:
        found = await targets(office, order, desk.who[role])
        return {row.code for row in await found}

    assert await codes("bureau") == {
        "agency",
        "agency-2",
        "agency-d",
        "town",
        "government",
        "bureau-x",
    }
    await desk.step(order, "bureau", "dispatch", to="town")
    assert await codes("town") >= {"agency", "agency-2"}
    assert "town" not in await codes("town")


async def test_what_is_offered_is_what_is_allowed(desk: Desk) -> None:
    order = await desk.rated()
    office = desk.town.office
    offered = {
        role: {step.name for step in await possible(office, order, desk.who[role])} for role in SEEN
    }
    assert offered == {
        "staff": set(),
        "handler": set(),
        "town": set(),
        "bureau": {"dispatch", "contact"},
        "callback": {"contact"},
        "auditor": set(),
    }
    assert (await WorkOrder.get(id=order)).sequence == 1
