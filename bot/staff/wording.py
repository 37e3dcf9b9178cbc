"""What staff are told of orders. What was said comes last: a platform that cuts cuts there. Never
who said it (DESIGN §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from models.calendar.beijing import spoken
from models.orders.clocks import CLOCKS
from models.orders.events import Kind
from models.orders.states import State
from models.words import Target


@dataclass(frozen=True, slots=True)
class Due:
    """What is due, and until when. `provisional`: until the year's notice is there."""

    kind: str
    at: datetime
    provisional: bool

    @property
    def until(self) -> str:
        mark = "（暂推，待放假通知公布后确定）" if self.provisional else ""
        return spoken(self.at) + mark


@dataclass(frozen=True, slots=True)
class About:
    """An order as staff are told of it. `subject`: what was rated. `due`: the first duty."""

    number: int
    state: State
    level: str
    subject: str
    said: str
    class_label: str | None
    due: Due | None


def title(about: About, what: str = "") -> str:
    return f"差评工单{about.number}号：{what or about.level}"


def complaint(about: About, *, callback: str | None = None) -> str:
    """`callback`: the article by which the hotline calls back by hand."""
    by_hand = [f"回访：由热线人工回访评价人（{callback}）"] if callback else []
    return _lines(f"差评工单 {about.number}", _facts(about), by_hand, _said(about))


def complaint_copy(about: About) -> str:
    return _lines(f"抄送：差评工单 {about.number}", _facts(about, due=False), _said(about))


def dispatched(about: About, by: str, note: str) -> str:
    more = [f"转办单位：{by}", *([f"说明：{note}"] if note else [])]
    return _lines(f"转办给您单位：差评工单 {about.number}", more, _facts(about), _said(about))


def step(about: About, kind: Kind, who: str, details: Mapping[str, Any]) -> str:
    """`who`: an agency, or the rater as such."""
    what = kind.label if kind.label.startswith(who) else f"{who}{kind.label}"
    first = f"差评工单 {about.number}：{what}"
    state = f"当前环节：{about.state.label}"
    return _lines(first, _told(details), [state], _facts(about), _said(about))


def warning(about: About, due: Due) -> str:
    what = f"“{CLOCKS.get(due.kind, '办理')}”将于{due.until}到期，请抓紧办理。"
    return _lines(f"差评工单 {about.number}", [what], _facts(about, due=False), _said(about))


def overdue(about: About, due: Due, handler: str) -> str:
    what = f"“{CLOCKS.get(due.kind, '办理')}”已于{due.until}逾期。"
    who = [f"承办单位：{handler}"] if handler else []
    return _lines(f"差评工单 {about.number}", [what, *who], _facts(about, due=False), _said(about))


def said(reasons: Mapping[str, Mapping[str, Any]], texts: Mapping[str, str]) -> str:
    """`texts`: the indicators' words by code."""
    parts = []
    for target, reason in reasons.items():
        chosen = [texts.get(code, code) for code in reason.get("indicators", ())]
        words = [reason["words"]] if reason.get("words") else []
        parts.append(f"{Target(target).label}——{'；'.join(chosen + words)}")
    return "。".join(parts) or "未填写"


def _facts(about: About, *, due: bool = True) -> Iterable[str]:
    yield f"评价：{about.level}"
    yield f"对象：{about.subject}"
    if about.class_label is not None:
        yield f"类别：{about.class_label}"
    if due and about.due is not None:
        yield f"最近时限：{about.due.until}"


def _said(about: About) -> list[str]:
    return [f"内容：{about.said}"]


def _told(details: Mapping[str, Any]) -> Iterable[str]:
    for name, label in _DETAILS.items():
        if value := details.get(name):
            shown = spoken_day(value) if name == "until" else value
            yield f"{label}：{shown}"
    if "satisfied" in details:
        yield "评价人确认：" + ("满意" if details["satisfied"] else "不满意")


def spoken_day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def _lines(first: str, *parts: Iterable[str]) -> str:
    return "\n".join([first, *(line for part in parts for line in part)])


_DETAILS: Final = {
    "ground": "事由",
    "to_name": "转至",
    "until": "期限",
    "text": "答复",
    "reason": "理由",
    "note": "说明",
    "words": "评价人说",
}
