"""What each kind of event changes of where an order stands, and nothing else."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models.orders.course import after, standing
from models.orders.events import Event, Kind
from models.orders.standing import Asked, Finding, Standing, Stood
from models.orders.states import State
from models.rulebooks.order_rules import ClassName
from models.rulebooks.shelf import Shelf
from tests.models.orders.course import AGENCY, BUREAU, DISTRICT, MORNING, SECOND, TOWN, Course
from tests.models.orders.test_guards import MISTAKEN, at, close

NOW = MORNING + timedelta(days=1)
ACCOUNT = 7
BEFORE = Standing(
    state=State.VERIFYING,
    sequence=3,
    rated=AGENCY,
    holder=AGENCY,
    handler=AGENCY,
    dispatcher=BUREAU,
    moments={Kind.OPENED: MORNING, Kind.DISPATCHED: MORNING},
    received_at=MORNING,
    entered_at=MORNING,
)
Changes = dict[str, Any]
EFFECTS: dict[Kind, tuple[Changes, Changes]] = {
    # With what, and what becomes of it; by account 7 of the agency.
    Kind.CALLBACK_OPENED: ({}, {"by_hand": True}),
    Kind.DISPATCHED: (
        {"to": SECOND},
        {"holder": SECOND, "handler": SECOND, "dispatcher": AGENCY},
    ),
    Kind.HANDED_ON: ({"to": SECOND}, {"holder": SECOND}),
    Kind.RETURNED: (
        {"to": BUREAU},
        {"state": State.OPENED, "holder": BUREAU, "handler": None, "entered_at": NOW},
    ),
    Kind.ACCEPTED: ({}, {"accepted_by": ACCOUNT}),
    Kind.CONTACTED: (
        {"reached": True},
        {"reached_by": frozenset({AGENCY}), "contacted_at": NOW},
    ),
    Kind.CONSULTED: ({}, {}),
    Kind.VERIFIED: (
        {"class_name": "general"},
        {"state": State.RECTIFYING, "class_name": ClassName.GENERAL},
    ),
    Kind.FOUND_MISTAKEN: (
        {"ground": "误评", "to": BUREAU},
        {"state": State.FOUND, "holder": BUREAU, "finding": Finding("误评", AGENCY, ACCOUNT)},
    ),
    Kind.MISTAKEN_CONFIRMED: (
        {},
        {"state": State.EXCLUDING, "stood": Stood(State.VERIFYING, AGENCY)},
    ),
    Kind.MISTAKEN_REJECTED: ({}, {}),
    Kind.APPEAL_PROPOSED: ({}, {"appeal": Kind.APPEAL_PROPOSED}),
    Kind.APPEALED: ({}, {"appeal": Kind.APPEALED}),
    Kind.APPEAL_UPHELD: (
        {},
        {
            "state": State.EXCLUDING,
            "appeal": Kind.APPEAL_UPHELD,
            "stood": Stood(State.VERIFYING, AGENCY),
        },
    ),
    Kind.APPEAL_REJECTED: ({}, {"appeal": Kind.APPEAL_REJECTED}),
    Kind.OBJECTED: ({}, {"objected": True}),
    Kind.OBJECTION_UPHELD: ({}, {}),
    Kind.OBJECTION_REJECTED: ({}, {}),
    Kind.EXCLUDED: ({}, {"state": State.EXCLUDED, "counted": False, "holder": None}),
    Kind.RECHECKED: ({}, {"restarted_at": NOW}),
    Kind.EXTENSION_ASKED: (
        {"until": "2026-04-01", "reason": "要会商"},
        {"asked": Asked(date(2026, 4, 1), "要会商"), "acted": frozenset({ACCOUNT})},
    ),
    Kind.EXTENSION_GRANTED: (
        {"until": "2026-04-01"},
        {"extended": 1, "extended_until": date(2026, 4, 1)},
    ),
    Kind.EXTENSION_REFUSED: ({}, {}),
    Kind.ENTERED_IN_LEDGER: (
        {"until": "2026-04-01"},
        {"in_ledger": True, "extended_until": date(2026, 4, 1)},
    ),
    Kind.ANSWERED: (
        {"leads_to": "answered", "to": BUREAU},
        {"state": State.ANSWERED, "holder": BUREAU, "acted": frozenset({ACCOUNT})},
    ),
    Kind.ANSWER_PASSED: (
        {"leads_to": "calling_back", "to": BUREAU},
        {"state": State.CALLING_BACK, "holder": BUREAU},
    ),
    Kind.ANSWER_RETURNED: ({}, {"state": State.RECTIFYING}),
    Kind.CONFIRMED: ({"satisfied": True}, {"satisfied": True}),
    Kind.UNCONFIRMED: ({}, {}),
    Kind.LEFT_OUT: ({}, {"counted": False}),
    Kind.REVEALED: ({}, {}),
    Kind.CLOSED: ({}, {"state": State.CLOSED, "holder": None}),
}


def event(kind: Kind, at: datetime = NOW, agency: int | None = AGENCY, **details: Any) -> Event:
    return Event(kind, at, "handler-7", ACCOUNT, agency, details)


@pytest.mark.parametrize("kind", EFFECTS)
def test_an_event_changes_this_and_nothing_else(kind: Kind) -> None:
    details, changes = EFFECTS[kind]
    found = after(BEFORE, event(kind, **details))
    counted = {"sequence": 4, "moments": {**BEFORE.moments, kind: NOW}}
    assert asdict(found) == asdict(BEFORE) | counted | _plain(changes)


def _plain(changes: Changes) -> Changes:
    """As `asdict` writes what an order holds of a finding, a request, a place."""
    kept = (Finding, Asked, Stood)
    return {
        name: asdict(value) if isinstance(value, kept) else value for name, value in changes.items()
    }


def test_every_kind_but_the_opening_has_its_line() -> None:
    assert set(EFFECTS) == set(Kind) - {Kind.OPENED}


def test_an_order_begins_with_its_opening() -> None:
    with pytest.raises(ValueError, match="begins with its opening"):
        standing(AGENCY, [])
    with pytest.raises(ValueError, match="begins with its opening"):
        standing(AGENCY, [event(Kind.DISPATCHED, to=AGENCY)])


def test_a_dispatched_order_is_received_once(shelf: Shelf) -> None:
    """Reading 8: 总钟不停, whoever has it next."""
    way = Course(shelf.book("chaoan").versions[0])
    way.take("bureau", "dispatch", to="agency")
    way.take("handler", "accept")
    way.at += timedelta(days=1)
    way.take("handler", "return", reason="不是本单位的事项")
    assert (way.now.accepted_by, way.now.entered_at) == (None, way.at)
    way.at += timedelta(days=1)
    way.take("bureau", "dispatch", to="agency-2")
    assert (way.now.handler, way.now.received_at) == (SECOND, MORNING)


@pytest.mark.parametrize(
    ("name", "municipal", "dispatcher"),
    [
        ("chaoan", True, BUREAU),
        ("sanming", True, BUREAU),
        ("tianjin", False, DISTRICT),
        ("qijiang", True, None),
        ("lingang", True, None),
        ("tianjin", True, None),
    ],
)
def test_who_had_it_first_gets_it_back(
    shelf: Shelf, name: str, municipal: bool, dispatcher: int | None
) -> None:
    way = Course(shelf.book(name).versions[0], municipal=municipal)
    assert way.now.dispatcher == dispatcher


def test_a_town_in_between_gets_it_back(shelf: Shelf) -> None:
    way = Course(shelf.book("chaoan").versions[0])
    way.take("bureau", "dispatch", to="town")
    way.take("town", "dispatch", to="agency")
    assert way.now.dispatcher == TOWN
    way.take("handler", "return", reason="不是本单位的事项")
    assert (way.now.state, way.now.holder) == (State.OPENED, TOWN)


# --- An objection upheld: back to where it was --------------------------------------------------


def _set_aside(way: Course) -> None:
    way.take("bureau", "decide_appeal", upheld=True, note="录像显示评价不实")
    assert way.now.state is State.EXCLUDING


def _and_upheld(way: Course) -> None:
    way.object()
    way.take("bureau", "decide_objection", upheld=True, note="评价人坚持")


@pytest.mark.parametrize("name", ["sanming", "qijiang", "lingang", "tianjin"])
@pytest.mark.parametrize("then", [State.VERIFYING, State.RECTIFYING, "answered", State.CLOSED])
def test_it_goes_on_where_it_was(shelf: Shelf, name: str, then: str) -> None:
    way = at(shelf, name, State.VERIFYING if then == State.VERIFYING else State.RECTIFYING)
    appellant = "staff" if name == "qijiang" else "handler"
    way.take(appellant, "appeal", reason="当天系统故障")
    if then in ("answered", State.CLOSED):
        way.take("handler", "answer", text="已经改正。")
    if then == State.CLOSED:
        close(way)
    before, clocks = way.now, {each.kind: each.deadline for each in way.clocks}
    way.at += timedelta(hours=1)
    _set_aside(way)
    assert way.now.holder == BUREAU
    way.at += timedelta(hours=1)
    _and_upheld(way)
    now = way.now
    assert (now.state, now.holder, now.counted) == (before.state, before.holder, True)
    assert (now.handler, now.class_name) == (before.handler, before.class_name)
    assert now.appeal is Kind.APPEAL_UPHELD
    # With all its clocks: none begins anew.
    assert {each.kind: each.deadline for each in way.clocks if each.kind in clocks} == clocks


def test_from_the_bureau_that_was_to_dispatch_it(shelf: Shelf) -> None:
    way = at(shelf, "tianjin", State.VERIFYING)
    way.take("handler", "appeal", reason="当天系统故障")
    way.take("handler", "return", reason="不是本单位的事项")
    _set_aside(way)
    _and_upheld(way)
    assert (way.now.state, way.now.holder, way.now.handler) == (State.OPENED, BUREAU, None)


def test_a_finding_that_does_not_stand_goes_back_to_be_verified(shelf: Shelf) -> None:
    for upheld_later in (False, True):
        way = at(shelf, "lingang", State.FOUND)
        if upheld_later:
            way.take("bureau", "confirm_mistaken", note="与本人核对无误")
            _and_upheld(way)
        else:
            way.take("bureau", "reject_mistaken", note="录像显示评价属实")
        now = way.now
        assert (now.state, now.holder, now.finding) == (State.VERIFYING, AGENCY, None)


def test_the_second_objection_is_to_the_second_setting_aside(shelf: Shelf) -> None:
    way = at(shelf, "lingang", State.EXCLUDING)
    _and_upheld(way)
    way.take("handler", "find_mistaken", **MISTAKEN)
    way.at += timedelta(days=1)
    way.take("bureau", "confirm_mistaken", note="另有录像")
    assert Kind.OBJECTED not in way.now.moments
    assert way.clock("objection").deadline.start == way.at
    assert way.clock("objection").open
    way.object()
    assert way.clock("objection").met_at == way.at


def test_an_objection_is_to_the_last_setting_aside_of_whichever_kind(shelf: Shelf) -> None:
    way = at(shelf, "lingang", State.VERIFYING)
    way.take("handler", "appeal", reason="当天系统故障")
    _set_aside(way)
    _and_upheld(way)
    way.at += timedelta(days=1)
    way.take("handler", "find_mistaken", **MISTAKEN)
    way.take("bureau", "confirm_mistaken", note="另有录像")
    assert way.clock("objection").deadline.start == way.at


def test_what_is_set_aside_asks_for_no_more_time(shelf: Shelf) -> None:
    way = at(shelf, "lingang", State.RECTIFYING)
    way.take("handler", "appeal", reason="当天系统故障")
    way.take("handler", "ask_extension", until=date(2026, 3, 20), reason="要会商")
    _set_aside(way)
    assert way.now.asked is None


def test_looked_at_again_it_begins_again(shelf: Shelf) -> None:
    """责令整改 (威海临港三(一)): whatever was granted before is of before."""
    way = at(shelf, "lingang", State.RECTIFYING)
    way.take("handler", "contact", reached=True, note="已致歉")
    way.take("handler", "appeal", reason="当天系统故障")
    way.take("handler", "ask_extension", until=date(2026, 3, 20), reason="要会商")
    way.take("bureau", "decide_extension", granted=True)
    _set_aside(way)
    way.at += timedelta(days=30)
    way.days_over()
    assert (way.now.state, way.now.counted) == (State.EXCLUDED, False)
    way.take("bureau", "recheck", reason="抽查回访，评价人否认误评")
    now = way.now
    assert (now.state, now.counted, now.restarted_at) == (State.RECTIFYING, True, way.at)
    assert (now.appeal, now.extended, now.extended_until, now.contacted_at) == (None, 0, None, None)
    open_now = {each.kind: each.deadline.start for each in way.clocks if each.open}
    assert open_now == dict.fromkeys(("appeal", "first_contact", "rectify"), way.at)


def test_what_was_found_mistaken_and_is_not_has_its_clock_of_verification(shelf: Shelf) -> None:
    """三明二(三)1, reading 9: 3个工作日 from the rating; they have run on."""
    way = at(shelf, "sanming", State.FOUND)
    assert way.clock("verify").met_at == MORNING
    way.take("bureau", "reject_mistaken", note="录像显示评价属实")
    assert way.clock("verify").open
    way.take("handler", "verify")
    assert not way.clock("verify").open
    assert way.clock("rectify").open


def test_what_is_set_aside_waits_for_no_dispatch(shelf: Shelf) -> None:
    way = at(shelf, "tianjin", State.VERIFYING)
    way.take("handler", "appeal", reason="当天系统故障")
    way.take("handler", "return", reason="不是本单位的事项")
    assert way.clock("dispatch").open
    _set_aside(way)
    assert not way.clock("dispatch").open
    _and_upheld(way)
    assert way.clock("dispatch").open


def test_a_question_left_unanswered_is_not_asked_again(shelf: Shelf) -> None:
    """When an appeal is upheld afterwards, and an objection to that."""
    way = at(shelf, "qijiang", State.RECTIFYING)
    way.take("staff", "appeal", reason="当天系统故障")
    way.take("handler", "answer", text="已经改正。")
    way.at += timedelta(days=31)
    way.days_over()
    assert (way.now.state, way.clock("callback").void_at) == (State.CLOSED, way.at)
    _set_aside(way)
    assert not way.clock("callback").open


def test_late_is_a_duty_met_after_its_day(shelf: Shelf) -> None:
    way = at(shelf, "qijiang", State.RECTIFYING)
    assert not way.clock("rectify").late, "it may still be met"
    due = way.clock("rectify").deadline.due
    for moment, late in ((due - timedelta(seconds=1), False), (due, True)):
        again = at(shelf, "qijiang", State.RECTIFYING)
        again.at = moment
        again.take("handler", "answer", text="已经改正。")
        assert again.clock("rectify").late is late
    asked = at(shelf, "qijiang", State.CALLING_BACK)
    asked.at += timedelta(days=60)
    asked.confirm(satisfied=True)
    assert not asked.clock("callback").late, "nobody is late who says what they think"
