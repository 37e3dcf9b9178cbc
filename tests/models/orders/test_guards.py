"""Who may take which step when, under each regulation: by hand from the five texts (matrix §5 and
its readings). What is not in the table nobody may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.accounts.roles import Role
from models.orders.guards import check, check_rater
from models.orders.refusals import NotAllowed
from models.orders.scene import Actor
from models.orders.states import State
from models.orders.steps import STEPS, Confirm, Object
from models.rulebooks.shelf import Shelf
from models.words import Level
from tests.models.orders.course import AGENCY, BUREAU, ROLES, SECOND, TOWN, Course, person

CONTACT = {"handler": "contact", "bureau": "contact", "callback": "contact"}
WAITING = {"bureau": "dispatch contact", "callback": "contact"}
"""To be dispatched: 转办."""
FOUND = {**CONTACT, "bureau": "contact reject_mistaken"}
"""恶意差评的认定权: never of who was rated (reading 14)."""
CONFIRMABLE = {**FOUND, "bureau": "contact confirm_mistaken reject_mistaken"}
REVIEWED = {**CONTACT, "bureau": "contact review_answer"}
VERIFYING = "accept contact verify find_mistaken"
RECTIFYING = "contact answer"

May = dict[str, str]
TABLE: dict[str, dict[State, May]] = {
    "chaoan": {
        State.OPENED: WAITING,
        State.VERIFYING: {**CONTACT, "handler": f"return {VERIFYING}"},
        # 第二十三条: 经区政务服务数据管理局回访确认, and nobody has called yet.
        State.FOUND: FOUND,
        State.RECTIFYING: {**CONTACT, "handler": RECTIFYING},
        State.EXCLUDING: CONTACT,
        State.ANSWERED: REVIEWED,
        State.EXCLUDED: {},
        State.CLOSED: {},
    },
    "sanming": {
        State.OPENED: WAITING,
        # 会同审批部门: the bureau verifies as well; 申诉 by who was rated, through the agency.
        State.VERIFYING: {
            **CONTACT,
            "handler": f"return {VERIFYING} appeal",
            "bureau": "contact verify",
            "staff": "appeal",
        },
        State.FOUND: CONFIRMABLE,
        # 申诉 reaches into the rectification (reading 10).
        State.RECTIFYING: {
            **CONTACT,
            "handler": f"{RECTIFYING} appeal enter_in_ledger",
            "staff": "appeal",
        },
        State.EXCLUDING: CONTACT,
        State.CALLING_BACK: CONTACT,
        State.EXCLUDED: {},
        State.CLOSED: {},
    },
    "qijiang": {
        State.OPENED: WAITING,
        # 第十八条: 工作人员 themselves, nobody for them.
        State.VERIFYING: {**CONTACT, "handler": f"return {VERIFYING}", "staff": "appeal"},
        State.FOUND: CONFIRMABLE,
        State.RECTIFYING: {**CONTACT, "handler": RECTIFYING, "staff": "appeal"},
        State.EXCLUDING: CONTACT,
        State.CALLING_BACK: CONTACT,
        State.EXCLUDED: {},
        State.CLOSED: {},
    },
    "lingang": {
        # 业务办理单位 receives it: there is no 转办, and nobody to give it back to.
        State.VERIFYING: {**CONTACT, "handler": f"{VERIFYING} appeal"},
        State.FOUND: CONFIRMABLE,
        State.RECTIFYING: {**CONTACT, "handler": f"{RECTIFYING} appeal ask_extension"},
        State.EXCLUDING: CONTACT,
        State.ANSWERED: REVIEWED,
        # 三(一): 抽查复核.
        State.EXCLUDED: {"bureau": "recheck"},
        State.CLOSED: {},
    },
    "tianjin": {
        State.OPENED: WAITING,
        State.VERIFYING: {**CONTACT, "handler": f"return {VERIFYING} appeal"},
        State.FOUND: CONFIRMABLE,
        State.RECTIFYING: {**CONTACT, "handler": f"{RECTIFYING} appeal"},
        State.EXCLUDING: CONTACT,
        State.CALLING_BACK: CONTACT,
        State.EXCLUDED: {},
        State.CLOSED: {},
    },
}
MISTAKEN: dict[str, Any] = {"ground": "误评", "reason": "评价人点错"}
CLASSES = {"qijiang": "complex", "lingang": "general", "tianjin": "general"}


def at(shelf: Shelf, name: str, state: State, *, level: Level = Level.DISSATISFIED) -> Course:
    """An order of the regulation that stands there, with nothing else open."""
    way = Course(shelf.book(name).versions[0], level=level)
    if state is State.OPENED:
        if name != "chaoan":
            way.take("handler", "return", reason="不是本单位的事项")
        return way
    if name == "chaoan":
        way.take("bureau", "dispatch", to="agency")
    match state:
        case State.FOUND:
            way.take("handler", "find_mistaken", **MISTAKEN)
        case State.EXCLUDING | State.EXCLUDED:
            way.take("handler", "find_mistaken", **MISTAKEN)
            way.take("bureau", "contact", reached=True, note="本人说按错了")
            way.take("bureau", "confirm_mistaken", note="与本人核对无误")
            if state is State.EXCLUDED:
                way.days_over()
        case State.RECTIFYING:
            way.take("handler", "verify", **_class(name))
        case State.ANSWERED | State.CALLING_BACK | State.CLOSED:
            way.take("handler", "verify", **_class(name))
            way.take("handler", "answer", text="已经改正。")
            if state is State.CLOSED:
                close(way)
    assert way.now.state is state
    return way


def _class(name: str) -> dict[str, Any]:
    return {"class_name": CLASSES[name]} if name in CLASSES else {}


def close(way: Course) -> None:
    if way.now.state is State.ANSWERED:
        way.take("bureau", "review_answer", passed=True)
    else:
        way.confirm(satisfied=False)


def may(way: Course, actor: Actor) -> set[str]:
    found = set()
    for name, step in STEPS.items():
        try:
            check(step, way.scene, actor)
        except NotAllowed:
            continue
        found.add(name)
    return found


CELLS = [(name, state) for name, states in TABLE.items() for state in states]


@pytest.mark.parametrize(("name", "state"), CELLS)
def test_who_may_do_what(shelf: Shelf, name: str, state: State) -> None:
    way = at(shelf, name, state)
    expected = {role: set(TABLE[name][state].get(role, "").split()) for role in ROLES}
    assert {role: may(way, actor) for role, actor in ROLES.items()} == expected


def test_the_table_has_every_state_that_a_regulation_knows() -> None:
    """潮安 and 威海临港 review and do not call back, the others the other way round; 威海临港 has
    no 转办."""
    missing = {name: set(State) - set(states) for name, states in TABLE.items()}
    assert missing == {
        "chaoan": {State.CALLING_BACK},
        "sanming": {State.ANSWERED},
        "qijiang": {State.ANSWERED},
        "lingang": {State.OPENED, State.CALLING_BACK},
        "tianjin": {State.ANSWERED},
    }


@pytest.mark.parametrize(("name", "state"), CELLS)
def test_strangers_may_do_nothing(shelf: Shelf, name: str, state: State) -> None:
    """Another agency's handler, a bureau elsewhere, a colleague who was not rated."""
    way = at(shelf, name, state)
    strangers = (
        person(Role.HANDLER, SECOND),
        person(Role.BUREAU, 98),
        person(Role.CALLBACK, 98),
        person(Role.STAFF, AGENCY),
        person(Role.TOWN, TOWN),
    )
    assert [may(way, each) for each in strangers] == [set()] * len(strangers)


@pytest.mark.parametrize(("name", "state"), CELLS)
def test_who_was_rated_handles_nothing_of_it(shelf: Shelf, name: str, state: State) -> None:
    """What is theirs is the appeal of the agency, and it is the agency that decides nothing."""
    way = at(shelf, name, state)
    rated = replace(ROLES["handler"], rated=True)
    assert may(way, rated) <= {"appeal", "forward_appeal"}
    # Their own bureau's accounts are no exception: passing it on decides nothing.
    assert may(way, replace(ROLES["bureau"], rated=True)) <= {"dispatch"}
    called = replace(ROLES["callback"], rated=True)
    assert may(way, called) == set()


@pytest.mark.parametrize(("name", "state"), CELLS)
def test_the_rated_bureau_does_not_judge_itself(shelf: Shelf, name: str, state: State) -> None:
    way = at(shelf, name, state)
    own = person(Role.BUREAU, AGENCY, 9, oversees=True)
    judging = {"confirm_mistaken", "reject_mistaken", "decide_appeal", "leave_out", "recheck"}
    assert not may(way, own) & judging


# --- What happened before -----------------------------------------------------------------------

Way = Callable[[Course], object]


def _found_and_called(way: Course) -> None:
    way.take("callback", "contact", reached=True, note="本人说按错了")


def _called_in_vain(way: Course) -> None:
    way.take("callback", "contact", reached=False, note="无人接听")


def _called_by_the_agency(way: Course) -> None:
    way.take("handler", "contact", reached=True, note="本人说按错了")


def _appealed(way: Course) -> None:
    way.take("handler", "appeal", reason="当天系统故障")


def _proposed(way: Course) -> None:
    way.take("staff", "appeal", reason="当天系统故障")


def _appeal_lost(way: Course) -> None:
    _appealed(way)
    way.take("bureau", "decide_appeal", upheld=False, note="仍应道歉")


def _asked(way: Course) -> None:
    until = way.at.date().replace(month=4)
    way.take("handler", "ask_extension", until=until, reason="需要会商")


def _granted(way: Course) -> None:
    _asked(way)
    way.take("bureau", "decide_extension", granted=True)


def _refused(way: Course) -> None:
    _asked(way)
    way.take("bureau", "decide_extension", granted=False)


def _in_ledger(way: Course) -> None:
    until = way.at.date().replace(month=4)
    way.take("handler", "enter_in_ledger", until=until, reason="系统改造")


def _accepted(way: Course) -> None:
    way.take("handler", "accept")


def _objected(way: Course) -> None:
    way.object()


def _satisfied(way: Course) -> None:
    way.confirm(satisfied=True)


def _left_out(way: Course) -> None:
    way.confirm(satisfied=True)
    way.take("bureau", "leave_out", reason="评价人满意")


@pytest.mark.parametrize(
    ("name", "state", "before", "role", "more", "less"),
    [
        ("chaoan", State.FOUND, _found_and_called, "bureau", "confirm_mistaken", ""),
        ("chaoan", State.FOUND, _called_in_vain, "bureau", "", ""),
        # 经区政务服务数据管理局回访: the agency's own call proves nothing.
        ("chaoan", State.FOUND, _called_by_the_agency, "bureau", "", ""),
        ("chaoan", State.VERIFYING, _accepted, "handler", "", "accept"),
        ("chaoan", State.EXCLUDING, _objected, "bureau", "decide_objection", ""),
        ("chaoan", State.EXCLUDING, _objected, "handler", "", ""),
        ("sanming", State.VERIFYING, _appealed, "handler", "", "appeal find_mistaken"),
        ("sanming", State.VERIFYING, _appealed, "bureau", "decide_appeal", ""),
        ("sanming", State.VERIFYING, _proposed, "bureau", "", ""),
        (
            "sanming",
            State.VERIFYING,
            _proposed,
            "handler",
            "forward_appeal",
            "appeal find_mistaken",
        ),
        ("sanming", State.VERIFYING, _proposed, "staff", "", "appeal"),
        ("sanming", State.RECTIFYING, _appealed, "bureau", "decide_appeal", ""),
        ("sanming", State.RECTIFYING, _appeal_lost, "handler", "", "appeal"),
        ("sanming", State.RECTIFYING, _appeal_lost, "bureau", "", ""),
        ("sanming", State.VERIFYING, _appeal_lost, "handler", "", "appeal"),
        ("sanming", State.RECTIFYING, _in_ledger, "handler", "", "enter_in_ledger"),
        ("sanming", State.CALLING_BACK, _satisfied, "bureau", "leave_out", "contact"),
        ("sanming", State.CALLING_BACK, _left_out, "bureau", "", "contact"),
        ("qijiang", State.CALLING_BACK, _satisfied, "bureau", "", "contact"),
        ("lingang", State.RECTIFYING, _asked, "bureau", "decide_extension", ""),
        ("lingang", State.RECTIFYING, _asked, "handler", "", "ask_extension"),
        ("lingang", State.RECTIFYING, _granted, "handler", "", "ask_extension"),
        ("lingang", State.RECTIFYING, _granted, "bureau", "", ""),
        ("lingang", State.RECTIFYING, _refused, "handler", "", ""),
        ("tianjin", State.RECTIFYING, _appealed, "bureau", "decide_appeal", ""),
    ],
)
def test_what_happened_before_opens_and_closes_ways(
    shelf: Shelf, name: str, state: State, before: Way, role: str, more: str, less: str
) -> None:
    way = at(shelf, name, state)
    before(way)
    plain = set(TABLE[name][state].get(role, "").split())
    assert may(way, ROLES[role]) == plain - set(less.split()) | set(more.split())


def test_an_appeal_may_be_decided_wherever_the_order_has_gone(shelf: Shelf) -> None:
    """The clock of the rectification does not stop for it (readings 10 and 11)."""
    for state in (State.RECTIFYING, State.CALLING_BACK, State.CLOSED):
        way = at(shelf, "tianjin", State.RECTIFYING)
        _appealed(way)
        if state is not State.RECTIFYING:
            way.take("handler", "answer", text="已经改正。")
        if state is State.CLOSED:
            way.confirm(satisfied=False)
        assert way.now.state is state
        assert "decide_appeal" in may(way, ROLES["bureau"])


def test_a_town_hands_out_and_reviews_what_it_was_given(shelf: Shelf) -> None:
    """镇（场）公共服务办公室 (潮安第二条): dispatches further within the town, and gets it back."""
    way = at(shelf, "chaoan", State.OPENED)
    way.take("bureau", "dispatch", to="town")
    assert may(way, ROLES["town"]) == {"dispatch", "return", *VERIFYING.split()}
    assert may(way, ROLES["handler"]) == set()
    assert may(way, ROLES["bureau"]) == {"contact"}
    way.take("town", "dispatch", to="agency")
    assert may(way, ROLES["town"]) == set()
    way.take("handler", "verify")
    way.take("handler", "answer", text="已经改正。")
    assert may(way, ROLES["town"]) == {"review_answer"}
    assert may(way, ROLES["bureau"]) == {"contact", "review_answer"}


def test_nobody_reviews_their_own_work(shelf: Shelf) -> None:
    way = at(shelf, "chaoan", State.OPENED)
    own = person(Role.BUREAU, BUREAU, 8, oversees=True)
    way.take("bureau", "dispatch", to="agency")
    moved = replace(own, role=Role.HANDLER, agency=AGENCY)
    way.take(moved, "verify")
    way.take(moved, "answer", text="已经改正。")
    assert "review_answer" not in may(way, own)
    assert "review_answer" in may(way, ROLES["bureau"])


def test_who_takes_part_is_heard(shelf: Shelf) -> None:
    """会商 is of several agencies, or of 综合协调（复杂）类 where there are classes."""
    part = person(Role.HANDLER, SECOND, 9, takes_part=True)
    way = at(shelf, "lingang", State.VERIFYING)
    assert may(way, part) == set()
    way.joint = True
    assert may(way, part) == {"consult"}
    assert "consult" in may(way, ROLES["handler"])
    complex_one = at(shelf, "lingang", State.VERIFYING)
    complex_one.take("handler", "verify", class_name="complex")
    assert "consult" in may(complex_one, ROLES["handler"])
    complex_one.take("handler", "answer", text="已经协调解决。")
    assert may(complex_one, part) == set()


def test_an_appeal_ends_with_its_days_and_is_of_bad_levels_only(shelf: Shelf) -> None:
    way = at(shelf, "lingang", State.VERIFYING)
    due = way.clock("appeal").deadline.due
    way.at = due
    with pytest.raises(NotAllowed, match=r"申诉期限已过（2026年3月3日24:00截止）") as refused:
        check(STEPS["appeal"], way.scene, ROLES["handler"])
    assert refused.value.source == "四"
    very = at(shelf, "qijiang", State.VERIFYING, level=Level.VERY_DISSATISFIED)
    assert may(very, ROLES["staff"]) == {"appeal"}, "reading 15"
    fair = at(shelf, "qijiang", State.VERIFYING, level=Level.BASICALLY_SATISFIED)
    assert may(fair, ROLES["staff"]) == set()


def test_more_time_is_asked_for_before_the_day(shelf: Shelf) -> None:
    """应在到期日之前 (威海临港三(二)2); not for the simple class."""
    way = at(shelf, "lingang", State.RECTIFYING)
    due = way.clock("rectify").deadline.due
    way.at = due
    with pytest.raises(NotAllowed, match="应在到期之前提出（2026年3月9日24:00已到期）"):
        check(STEPS["ask_extension"], way.scene, ROLES["handler"])
    simple = at(shelf, "lingang", State.VERIFYING)
    simple.take("handler", "verify", class_name="simple")
    with pytest.raises(NotAllowed, match="这一类差评不能延期"):
        check(STEPS["ask_extension"], simple.scene, ROLES["handler"])


def test_the_hotline_calls_before_the_answer_passes(shelf: Shelf) -> None:
    """人工回访 (潮安第十四条)."""
    way = Course(shelf.book("chaoan").versions[0], by_hotline=True)
    way.take("bureau", "dispatch", to="agency")
    way.take("handler", "verify")
    way.take("handler", "answer", text="已经改正。")
    with pytest.raises(NotAllowed, match="人工回访尚未完成") as refused:
        way.take("bureau", "review_answer", passed=True)
    assert refused.value.source == "第十四条"
    # The agency's own call is not the hotline's; that nobody answers is a call.
    way.take("handler", "contact", reached=True, note="已致歉")
    with pytest.raises(NotAllowed, match="人工回访尚未完成"):
        way.take("bureau", "review_answer", passed=True)
    way.take("callback", "contact", reached=False, note="三次无人接听")
    way.take("bureau", "review_answer", passed=True)
    assert way.now.state is State.CLOSED


def test_the_second_setting_aside_may_be_objected_to_again(shelf: Shelf) -> None:
    way = at(shelf, "lingang", State.EXCLUDING)
    way.object()
    with pytest.raises(NotAllowed, match="已经提出过异议，正在处理"):
        check_rater(Object, way.scene)
    way.take("bureau", "decide_objection", upheld=True, note="评价人坚持")
    with pytest.raises(NotAllowed, match="现在不能提出异议"):
        check_rater(Object, way.scene)
    way.take("handler", "find_mistaken", **MISTAKEN)
    way.take("bureau", "confirm_mistaken", note="另有录像")
    check_rater(Object, way.scene)


def test_the_rater_confirms_where_they_are_asked(shelf: Shelf) -> None:
    for name, state in CELLS:
        way = at(shelf, name, state)
        if state is State.CALLING_BACK:
            check_rater(Confirm, way.scene)
        else:
            with pytest.raises(NotAllowed, match="不需要您确认"):
                check_rater(Confirm, way.scene)


def test_a_rule_that_the_text_does_not_know_is_named(shelf: Shelf) -> None:
    way = at(shelf, "chaoan", State.RECTIFYING)
    with pytest.raises(NotAllowed, match="本地规定没有“差评申诉”这一环节"):
        check(STEPS["appeal"], way.scene, ROLES["handler"])
    with pytest.raises(NotAllowed, match="建立台账"):
        check(STEPS["enter_in_ledger"], way.scene, ROLES["handler"])


def test_whoever_comes_second_reads_who_was_first(shelf: Shelf) -> None:
    way = at(shelf, "chaoan", State.RECTIFYING)
    scene = replace(way.scene, last="承办甲已于2026年3月2日09:00“核实属实”")
    with pytest.raises(NotAllowed, match=r"“整改中”，不能核实属实（承办甲已于.*）") as no:
        check(STEPS["verify"], scene, ROLES["handler"])
    assert no.value.field == "state"
