"""Why: for a case, which version of which regulation judges it, what it opens and by which article,
what is not rated and why, and which days were counted for every deadline (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from models.because import Because, Explained, because, provisional
from models.calendar.beijing import spoken
from models.calendar.deadline import deadline
from models.cases.facts import Cluster
from models.cases.invitations import book_of_cluster, load_cluster
from models.cases.openings import Opening
from models.cases.rateable import rateable
from models.explain_order import order_reasons
from models.office import Office
from models.rulebooks.rulebook import NotInForce, Rulebook
from models.tables import Case, Coverage, WorkOrder
from models.words import Node


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
        reasons += [each async for each in order_reasons(office, order)]
    return Explained(book.name, book.title, _number(book, moment), moment, tuple(reasons))


def _judged_at(cluster: Cluster, case: Case) -> datetime | None:
    own = next(each.completed_at for each in cluster.cases if each.id == case.id)
    first = min((visit.at for visit in cluster.visits), default=None)
    return cluster.completed_at or own or first


def _opening(office: Office, book: Rulebook, opening: Opening) -> Iterator[Because]:
    version = book.version(opening.version)
    rated = "、".join(target.label for target in opening.targets)
    moment = spoken(opening.opened_at)
    yield because(version, opening.rule, f"自{moment}起可评价{rated}（{_NODES[opening.node]}）")
    if opening.node is not Node.COMPLETION:
        return
    if version.reminder is not None and version.reminder.sent:
        reminder = deadline(opening.opened_at, version.reminder.after, office.days)
        yield because(version, "reminder", f"未评价的，{spoken(reminder.due)}提醒", reminder)
    if version.silence is not None:
        silence = deadline(opening.opened_at, version.silence.after, office.days)
        level = version.silence.default_level
        mark = f"默认为“{level.label}”" if level else "标记为“未评”"
        what = f"{spoken(silence.due)}前未评价的，{mark}{provisional(silence)}"
        yield because(version, "silence", what, silence)
    if version.follow_up is not None:
        what = f"评价后{version.follow_up.within.count}日内可追加评价{version.follow_up.times}次"
        yield because(version, "follow_up", what)


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


_NODES = {Node.VISIT: "到窗口一次", Node.COMPLETION: "办结", Node.CALL: "热线通话"}
