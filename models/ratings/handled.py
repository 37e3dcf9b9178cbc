"""差评工单 as its rater is told of it: plain words, agencies by name, and nobody of their staff.
Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from models.orders.events import Event, Kind
from models.orders.standing import Standing
from models.orders.states import State
from models.orders.steps import Way

YES, NO = "满意", "不满意"


def state_of(now: Standing) -> str:
    if now.state is State.OPENED and now.received_at is not None:
        return "等待重新转交承办单位"
    if now.state is State.EXCLUDING and now.objected:
        return "拟不予采纳，正在审核您的异议"
    return _STATES[now.state]


_STATES: Final = {
    State.OPENED: "已生成，等待转交承办单位",
    State.VERIFYING: "已送达承办单位，等待核实",
    State.FOUND: "承办单位认为不应采纳，正由其他单位审核",
    State.RECTIFYING: "经核实情况属实，正在整改",
    State.EXCLUDING: "拟不予采纳，您可以提出异议",
    State.ANSWERED: "已答复您，主管部门正在审核",
    State.CALLING_BACK: "已答复您，请您确认是否满意",
    State.EXCLUDED: "不予采纳",
    State.CLOSED: "已办结",
}


def asks(now: Standing) -> bool:
    """The rater is asked something: whether they object, whether they are satisfied."""
    return now.state is State.CALLING_BACK or (now.state is State.EXCLUDING and not now.objected)


def steps_of(
    rated: int, events: Iterable[Event], names: Mapping[int, str]
) -> Iterator[tuple[datetime, str]]:
    """What was done, and when. `names`: of the agencies, by id. What only concerns those who
    handle it is left out: a request for more time, an opinion, who looked up a number."""
    for event in events:
        words = _step(rated, event, names)
        if words is not None:
            yield event.at, words


def _step(rated: int, event: Event, names: Mapping[int, str]) -> str | None:
    said, kind = event.details, event.kind
    who = names.get(event.agency or 0, "承办单位")
    if kind is Kind.OPENED and said["received"]:
        return f"生成差评工单，已送达{names[rated]}"
    if kind is Kind.CONTACTED:
        way = Way(said["way"]).label
        return f"{who}已与您联系（{way}）" if said["reached"] else f"{who}没有联系上您（{way}）"
    if kind not in _STEPS:
        return None
    return _STEPS[kind].format(
        who=who,
        to=said.get("to_name"),
        ground=said.get("ground"),
        until=day_of(said),
        group=f"，按“{said['class_label']}”办理" if "class_label" in said else "",
        satisfied=YES if said.get("satisfied") else NO,
    )


_STEPS: Final = {
    Kind.OPENED: "生成差评工单",
    Kind.CALLBACK_OPENED: "等待热线人工回访",
    Kind.DISPATCHED: "转交{to}办理",
    Kind.HANDED_ON: "移交{to}，由其转交承办单位",
    Kind.RETURNED: "{who}退回，等待重新转交",
    Kind.ACCEPTED: "{who}已受理",
    Kind.VERIFIED: "经核实，情况属实{group}",
    Kind.FOUND_MISTAKEN: "{who}认为属于{ground}，提请审核",
    Kind.MISTAKEN_CONFIRMED: "{who}审核，拟不予采纳",
    Kind.MISTAKEN_REJECTED: "{who}审核，评价有效，继续办理",
    Kind.APPEALED: "被评价方提出申诉",
    Kind.APPEAL_UPHELD: "{who}复核，申诉成立，拟不予采纳",
    Kind.APPEAL_REJECTED: "{who}复核，申诉不成立，评价有效",
    Kind.OBJECTED: "您提出异议",
    Kind.OBJECTION_UPHELD: "{who}审核，您的异议成立，评价有效，继续办理",
    Kind.OBJECTION_REJECTED: "{who}审核，没有采纳您的异议",
    Kind.EXCLUDED: "评价不予采纳",
    Kind.RECHECKED: "{who}复核，评价有效，重新办理",
    Kind.EXTENSION_GRANTED: "办理期限延长至{until}",
    Kind.ENTERED_IN_LEDGER: "情况复杂，列入台账，限{until}前整改",
    Kind.ANSWERED: "{who}答复您",
    Kind.ANSWER_PASSED: "{who}审核通过",
    Kind.ANSWER_RETURNED: "{who}审核，退回继续整改",
    Kind.CONFIRMED: "您确认：{satisfied}",
    Kind.UNCONFIRMED: "您没有在期限内确认",
    Kind.LEFT_OUT: "按规定不计入评价统计",
    Kind.CLOSED: "办结",
}


def day_of(said: Mapping[str, Any]) -> str:
    """`until` of an event, in words; empty where it has none."""
    if "until" not in said:
        return ""
    day = date.fromisoformat(said["until"])
    return f"{day.year}年{day.month}月{day.day}日"
