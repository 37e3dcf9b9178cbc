"""Why: for a case, which version of which regulation judges it, what it opens and by which article,
what is not rated and why, and which days were counted for every deadline (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from models.calendar.beijing import spoken
from models.calendar.deadline import Deadline, deadline, explain_lines
from models.cases.facts import Cluster
from models.cases.invitations import book_of_cluster, load_cluster
from models.cases.openings import Opening
from models.cases.rateable import rateable
from models.office import Office
from models.orders.events import Kind
from models.orders.recount import recount
from models.rulebooks.labels import RULES
from models.rulebooks.rule import PLATFORM, Rule
from models.rulebooks.rulebook import NotInForce, Rulebook, Version
from models.tables import Case, Coverage, OrderDeadline, OrderEvent, WorkOrder
from models.words import Node


@dataclass(frozen=True, slots=True)
class Because:
    """One decision. `rule` is its name in the rulebook, `days` the count of its deadline."""

    what: str
    rule: str
    source: str
    quote: str | None = None
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    rulebook: str
    title: str
    version: int | None
    judged_at: datetime | None
    """The completion, or the first visit while there is none."""
    because: tuple[Because, ...]


async def explain(office: Office, case: Case) -> Explained:
    cluster = await load_cluster(case)
    book = await book_of_cluster(office, case, cluster)
    decided = rateable(book, cluster)
    mine = [each for each in decided.openings if each.case in (None, case.id)]
    moment = _judged_at(cluster, case)
    reasons: list[Because] = []
    for opening in mine:
        reasons += _opening(office, book, opening)
    reasons += [Because(each.detail, each.code, each.source) for each in decided.closed]
    for order in await _orders(case):
        reasons += [_clock(office, row) for row in await OrderDeadline.filter(order=order)]
        reasons += [
            _callback(each)
            for each in await OrderEvent.filter(order=order, kind=Kind.CALLBACK_OPENED.value)
        ]
    return Explained(book.name, book.title, _number(book, moment), moment, tuple(reasons))


def _judged_at(cluster: Cluster, case: Case) -> datetime | None:
    own = next(each.completed_at for each in cluster.cases if each.id == case.id)
    first = min((visit.at for visit in cluster.visits), default=None)
    return cluster.completed_at or own or first


def lines(explained: Explained) -> Iterator[str]:
    """For the terminal."""
    yield f"规则书：{explained.rulebook}（《{explained.title}》）"
    if explained.judged_at is not None:
        yield f"适用版本：第{explained.version}版，按{spoken(explained.judged_at)}判断"
    for each in explained.because:
        yield f"- {each.what}"
        yield f"    规则：{RULES.get(each.rule, each.rule)}；依据：{_cited(each.source)}"
        if each.quote:
            yield f"    原文：“{each.quote}”"
        for day in each.days:
            yield f"    {day}"


def _cited(source: str) -> str:
    return "平台规则" if source == PLATFORM else source or "—"


def _opening(office: Office, book: Rulebook, opening: Opening) -> Iterator[Because]:
    version = book.version(opening.version)
    rated = "、".join(target.label for target in opening.targets)
    moment = spoken(opening.opened_at)
    yield _because(version, opening.rule, f"自{moment}起可评价{rated}（{_NODES[opening.node]}）")
    if opening.node is not Node.COMPLETION:
        return
    if version.reminder is not None and version.reminder.sent:
        reminder = deadline(opening.opened_at, version.reminder.after, office.days)
        yield _because(version, "reminder", f"未评价的，{spoken(reminder.due)}提醒", reminder)
    if version.silence is not None:
        silence = deadline(opening.opened_at, version.silence.after, office.days)
        level = version.silence.default_level
        mark = f"默认为“{level.label}”" if level else "标记为“未评”"
        what = f"{spoken(silence.due)}前未评价的，{mark}{_provisional(silence)}"
        yield _because(version, "silence", what, silence)
    if version.follow_up is not None:
        what = f"评价后{version.follow_up.within.count}日内可追加评价{version.follow_up.times}次"
        yield _because(version, "follow_up", what)


def _because(version: Version, name: str, what: str, counted: Deadline | None = None) -> Because:
    rule: Rule | None = version.rule(name)
    return Because(
        what,
        name,
        rule.source if rule else "",
        rule.quote if rule else None,
        tuple(explain_lines(counted)) if counted else (),
    )


def _clock(office: Office, row: OrderDeadline) -> Because:
    counted = recount(row, office.days)
    what = (
        f"差评工单{row.order_id}：{CLOCKS[row.kind]}，{spoken(row.due_at)}止{_provisional(counted)}"
    )
    return Because(what, row.kind, row.source, None, tuple(explain_lines(counted)))


def _callback(event: OrderEvent) -> Because:
    what = f"差评工单{event.order_id}：由热线人工回访评价人"
    return Because(what, "hotline", event.details["source"])


def _provisional(counted: Deadline) -> str:
    years = "、".join(map(str, counted.missing_years))
    return f"（暂推：{years}年放假通知尚未录入）" if counted.provisional else ""


async def _orders(case: Case) -> list[WorkOrder]:
    found = await Coverage.filter(case=case).distinct().values_list("evaluation_id", flat=True)
    return await WorkOrder.filter(evaluation_id__in=list(found)).order_by("id")


def _number(book: Rulebook, moment: datetime | None) -> int | None:
    if moment is None:
        return None
    try:
        return book.number_of(book.version_at(moment))
    except NotInForce:
        return None


CLOCKS = {
    "dispatch": "转办",
    "verify": "核实",
    "exclude": "误评、恶意差评的核实",
    "withdraw": "差评撤销核实",
    "appeal": "申诉",
    "rectify": "整改并反馈",
    "review": "复核",
    "first_contact": "首次回访",
}
_NODES = {Node.VISIT: "到窗口一次", Node.COMPLETION: "办结", Node.CALL: "热线通话"}
