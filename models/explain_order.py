"""Why: of a work order who received it, how each of its clocks was counted and what became of it,
and by which article each decision was taken."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Final

from models.because import Because, Explained, because, provisional
from models.calendar.beijing import spoken
from models.calendar.deadline import explain_lines
from models.office import Office
from models.orders.clocks import CLOCKS
from models.orders.events import Event, Kind
from models.orders.recount import recount
from models.orders.rows import event_of
from models.rulebooks.rule import PLATFORM
from models.rulebooks.rulebook import Version
from models.tables import Agency, Evaluation, OrderDeadline, OrderEvent, WorkOrder


async def explain_order(office: Office, order: WorkOrder) -> Explained:
    book = office.shelf.book(order.rulebook)
    rated = await Evaluation.get(id=order.evaluation_id).select_related("invitation")
    moment = rated.invitation.opened_at if rated.invitation else rated.at
    reasons = [each async for each in order_reasons(office, order)]
    return Explained(book.name, book.title, order.version, moment, tuple(reasons))


async def order_reasons(office: Office, order: WorkOrder) -> AsyncIterator[Because]:
    version = office.shelf.book(order.rulebook).version(order.version)
    rows = await OrderEvent.filter(order=order).order_by("sequence")
    events = [event_of(row) for row in rows]
    names = await _names(events)
    opened, *later = events
    yield _received(order, opened, version, names)
    for row in await OrderDeadline.filter(order=order).order_by("started_at", "id"):
        yield _clock(office, row)
    for event in later:
        if event.kind in _RULES:
            yield _decision(order, event, version, names)


async def _names(events: list[Event]) -> dict[int, str]:
    ids = {each.agency for each in events} | {each.details.get("holder") for each in events}
    agencies = await Agency.filter(id__in=[each for each in ids if each is not None])
    return {agency.id: agency.name for agency in agencies}


def _received(
    order: WorkOrder, opened: Event, version: Version, names: Mapping[int, str]
) -> Because:
    holder = names.get(opened.details["holder"] or 0, "尚未指定的主管部门")
    return because(version, "first_receiver", f"差评工单{order.id}：由{holder}接收")


def _clock(office: Office, row: OrderDeadline) -> Because:
    counted = recount(row, office.days)
    what = f"差评工单{row.order_id}：{CLOCKS[row.kind]}，{spoken(row.due_at)}止"
    return Because(
        f"{what}{provisional(counted)}{_became(row)}",
        row.kind,
        row.source,
        None,
        tuple(explain_lines(counted)),
    )


def _became(row: OrderDeadline) -> str:
    late = "，已逾期" if row.overdue_at is not None else ""
    if row.met_at is not None:
        return f"{late}，{spoken(row.met_at)}完成"
    return "，不再计算" if row.void_at is not None else late


def _decision(
    order: WorkOrder, event: Event, version: Version, names: Mapping[int, str]
) -> Because:
    who = f"，{names[event.agency]}" if event.agency is not None else ""
    what = f"差评工单{order.id}：{event.kind.label}（{spoken(event.at)}{who}）"
    found = because(version, _rule_of(event), what)
    source = event.details.get("source") or found.source or PLATFORM
    return Because(what, found.rule, source, found.quote if source == found.source else None)


def _rule_of(event: Event) -> str:
    match event.kind:
        case Kind.CONTACTED if event.details.get("by_hand"):
            return "hotline"
        case Kind.VERIFIED if event.details.get("class_name"):
            return "classes"
        case Kind.ANSWERED if event.details.get("explained"):
            return "explanation"
    return _RULES[event.kind]


_RULES: Final = {
    Kind.CALLBACK_OPENED: "hotline",
    Kind.DISPATCHED: "dispatch",
    Kind.HANDED_ON: "dispatch",
    Kind.RETURNED: "dispatch",
    Kind.CONTACTED: "verification",
    Kind.CONSULTED: "classes",
    Kind.VERIFIED: "verification",
    Kind.FOUND_MISTAKEN: "exclusion",
    Kind.MISTAKEN_CONFIRMED: "exclusion",
    Kind.MISTAKEN_REJECTED: "exclusion",
    Kind.APPEAL_PROPOSED: "appeal",
    Kind.APPEALED: "appeal",
    Kind.APPEAL_UPHELD: "review",
    Kind.APPEAL_REJECTED: "review",
    Kind.OBJECTED: "second_party",
    Kind.OBJECTION_UPHELD: "second_party",
    Kind.OBJECTION_REJECTED: "second_party",
    Kind.EXCLUDED: "exclusion",
    Kind.RECHECKED: "exclusion",
    Kind.EXTENSION_ASKED: "extension",
    Kind.EXTENSION_GRANTED: "extension",
    Kind.EXTENSION_REFUSED: "extension",
    Kind.ENTERED_IN_LEDGER: "rectification",
    Kind.ANSWERED: "answer",
    Kind.ANSWER_PASSED: "report_up",
    Kind.ANSWER_RETURNED: "report_up",
    Kind.CONFIRMED: "callback",
    Kind.UNCONFIRMED: "callback",
    Kind.LEFT_OUT: "callback",
}
"""By which rule each is done. Taking it up, looking up a number and closing are by none."""
