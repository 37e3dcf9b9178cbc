"""An order in its rater's words: every state and every step, and nobody of the staff."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.calendar.beijing import BEIJING
from models.orders.course import standing
from models.orders.events import Event, Kind
from models.orders.standing import Standing
from models.orders.states import State
from models.ratings.handled import asks, state_of, steps_of

AT = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
NAMES = {1: "市场监管局", 2: "政务服务局"}
SILENT = {
    Kind.CONSULTED,
    Kind.APPEAL_PROPOSED,
    Kind.EXTENSION_ASKED,
    Kind.EXTENSION_REFUSED,
    Kind.REVEALED,
}
"""What concerns only those who handle it."""
SAID = {
    "holder": 2,
    "received": True,
    "to": 1,
    "to_name": "市场监管局",
    "way": "phone",
    "reached": True,
    "ground": "误评",
    "reason": "内部理由",
    "note": "内部说明",
    "text": "答复全文",
    "until": "2026-03-20",
    "class_label": "限时整改（一般）类",
    "satisfied": False,
    "words": "评价人的话",
    "via": "办公系统",
    "name": "内部",
}


def told(*events: Event) -> list[str]:
    return [words for _, words in steps_of(1, events, NAMES)]


@pytest.mark.parametrize("kind", Kind)
def test_every_step_is_told_or_left_out_on_purpose(kind: Kind) -> None:
    words = told(Event(kind, AT, "handler-1", 7, 2, SAID))
    assert (words == []) == (kind in SILENT)
    for line in words:
        for hidden in ("handler-1", "内部", "办公系统", "None", "{"):
            assert hidden not in line
        assert kind.value not in line


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        (Kind.OPENED, {}, "生成差评工单，已送达市场监管局"),
        (Kind.OPENED, {"received": False}, "生成差评工单"),
        (Kind.DISPATCHED, {}, "转交市场监管局办理"),
        (Kind.CONTACTED, {}, "政务服务局已与您联系（电话）"),
        (Kind.CONTACTED, {"reached": False}, "政务服务局没有联系上您（电话）"),
        (Kind.VERIFIED, {}, "经核实，情况属实，按“限时整改（一般）类”办理"),
        (Kind.FOUND_MISTAKEN, {}, "政务服务局认为属于误评，提请审核"),
        (Kind.EXTENSION_GRANTED, {}, "办理期限延长至2026年3月20日"),
        (Kind.CONFIRMED, {}, "您确认：不满意"),
        (Kind.CONFIRMED, {"satisfied": True}, "您确认：满意"),
    ],
)
def test_in_these_words(kind: Kind, more: dict[str, object], words: str) -> None:
    assert told(Event(kind, AT, "handler-1", 7, 2, {**SAID, **more})) == [words]


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_words(state: State) -> None:
    now = Standing(state=state, sequence=1, rated=1, holder=2)
    assert state_of(now)
    assert asks(now) == (state in (State.EXCLUDING, State.CALLING_BACK))


def test_a_state_that_was_reached_twice_is_told_apart() -> None:
    opened = Event(Kind.OPENED, AT, details={"holder": 2, "source": "x", "received": False})
    dispatched = Event(Kind.DISPATCHED, AT, "b", 1, 2, SAID)
    returned = Event(Kind.RETURNED, AT, "h", 1, 1, {"to": 2, "reason": "不归我们"})
    assert state_of(standing(1, [opened])) == "已生成，等待转交承办单位"
    assert state_of(standing(1, [opened, dispatched, returned])) == "等待重新转交承办单位"
    aside = Event(Kind.MISTAKEN_CONFIRMED, AT, "b", 1, 2, {"note": "同意"})
    objected = Event(Kind.OBJECTED, AT, "rater", details={"reason": "不同意"})
    waiting = standing(1, [opened, dispatched, aside])
    assert asks(waiting)
    decided = standing(1, [opened, dispatched, aside, objected])
    assert state_of(decided) == "拟不予采纳，正在审核您的异议"
    assert not asks(decided)
