"""/staff/orders/{number}/review-sheet: the order as a 复核单, as a page and as a PDF."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from aiohttp import web

from api.keys import OFFICE
from api.sheets.review_sheet import ReviewSheet, review_pdf
from api.staff.menu import READERS
from api.staff.order import number_in
from api.staff.rendering import HEADERS, page
from api.staff.session import account_of, for_roles
from models.calendar.beijing import spoken
from models.cases.shown import Shown, shown
from models.handling.viewing import seen_by
from models.handling.views import EventView, OrderView
from models.office import Office
from models.orders.events import Kind
from models.orders.states import State
from models.refusals import Missing
from models.rulebooks.rulebook import Version
from models.tables import Account, Visit, WorkOrder

ADDRESS: Final = r"/staff/orders/{number:\d+}/review-sheet"
HIDDEN: Final = "见回访记录"
"""In place of who rated: name and number are shown only by the step that asks for a reason."""

CARRIED_OUT: Final = frozenset(
    {Kind.CONTACTED, Kind.CONSULTED, Kind.VERIFIED, Kind.EXTENSION_GRANTED, Kind.ANSWERED}
)
REVIEWED: Final = {
    Kind.APPEAL_UPHELD: "申诉成立，认定为无效评价",
    Kind.APPEAL_REJECTED: "申诉不成立，认定为有效差评，按差评分类处置程序整改",
    Kind.MISTAKEN_CONFIRMED: "认定为无效评价",
    Kind.MISTAKEN_REJECTED: "认定为有效差评，按差评分类处置程序整改",
    Kind.OBJECTION_UPHELD: "评价人异议成立，认定为有效差评，按差评分类处置程序整改",
    Kind.OBJECTION_REJECTED: "评价人异议不成立，认定为无效评价",
    Kind.RECHECKED: "复核认定为有效差评，按差评分类处置程序整改",
    Kind.ANSWER_PASSED: "整改情况审核通过",
    Kind.ANSWER_RETURNED: "整改情况审核退回，继续整改",
}
"""What each finding comes to."""


@for_roles(*READERS)
async def show(request: web.Request) -> web.Response:
    return page(request, "review_sheet.html", sheet=await _sheet(request))


@for_roles(*READERS)
async def give_pdf(request: web.Request) -> web.Response:
    sheet = await _sheet(request)
    return web.Response(
        body=await asyncio.to_thread(review_pdf, sheet),
        content_type="application/pdf",
        headers={
            **HEADERS,
            "Content-Disposition": f'inline; filename="review-sheet-{sheet.number}.pdf"',
        },
    )


async def _sheet(request: web.Request) -> ReviewSheet:
    return await review_sheet(request.app[OFFICE], number_in(request), account_of(request))


async def review_sheet(office: Office, number: int, account: Account) -> ReviewSheet:
    """Raises Missing: also where the rulebook has no such form."""
    view = await seen_by(office, number, account)
    order = await WorkOrder.get(id=number).select_related("evaluation__invitation")
    version = office.shelf.book(order.rulebook).version(order.version)
    if version.review is None or version.review.sheet is None:
        raise Missing("本地的规定没有复核单。")
    evaluation = order.evaluation
    about = await shown(evaluation.invitation) if evaluation.invitation is not None else None
    return sheet_of(view, version, about, spoken(evaluation.at), await _window(about))


def sheet_of(
    view: OrderView, version: Version, about: Shown | None, said_at: str, window: str
) -> ReviewSheet:
    """Of a version with such a form."""
    form = version.review.sheet if version.review is not None else None
    if form is None:
        raise LookupError(f"order {view.number} has no review sheet")
    dispatched = _last(view, {Kind.DISPATCHED, Kind.HANDED_ON}) or view.history[0]
    reviewed = _last(view, REVIEWED)
    called = _last(view, {Kind.CONTACTED})
    return ReviewSheet(
        title=form.title,
        number=view.number,
        channel=view.channel or "",
        said_at=said_at,
        rater=HIDDEN,
        contact=HIDDEN,
        subject=about.matter if about is not None else view.subject,
        window=window,
        classes=tuple((label, label == view.class_label) for _, label, _ in view.choices.classes),
        said=(view.level.label, *(f"{label}：{words}" for label, words in view.said if words)),
        dispatched_by=dispatched.who,
        dispatched_at=spoken(dispatched.at),
        carried_out=tuple(_told(view, CARRIED_OUT)),
        called_back_by=called.who if called is not None else "",
        reviewed=tuple(_told(view, REVIEWED)),
        reviewed_by=reviewed.who if reviewed is not None else "",
        result=_result(view, reviewed),
        notes=form.notes,
    )


def _last(view: OrderView, kinds: Iterable[Kind]) -> EventView | None:
    wanted = set(kinds)
    return next((each for each in reversed(view.history) if each.kind in wanted), None)


def _told(view: OrderView, kinds: Iterable[Kind]) -> Iterable[str]:
    wanted = set(kinds)
    for each in view.history:
        if each.kind in wanted:
            yield f"{spoken(each.at)}，{each.who}：{'；'.join((each.label, *each.lines))}"


def _result(view: OrderView, reviewed: EventView | None) -> str:
    """Nothing while it is not decided."""
    if view.state is State.EXCLUDED:
        return "认定为无效评价，评价结果不予采纳"
    return REVIEWED[reviewed.kind] if reviewed is not None else ""


async def _window(about: Shown | None) -> str:
    """Where it was rated, or where the case was handled last."""
    if about is None:
        return ""
    if about.window is not None:
        return about.window
    visit = (
        await Visit.filter(
            case_number__in=[number for number, _ in about.cases], window_id__isnull=False
        )
        .order_by("-at")
        .first()
        .select_related("window__hall")
    )
    if visit is None or visit.window is None:
        return ""
    return f"{visit.window.hall.name}{visit.window.name}"


ROUTES: Final = (web.get(f"{ADDRESS}.pdf", give_pdf), web.get(ADDRESS, show))
