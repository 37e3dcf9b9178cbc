"""Notices of orders, from the outbox to the words that staff read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.errands import Errand
from bot.gateways import Post
from bot.letter import Letter
from bot.staff import wording
from bot.staff.wording import About, Due
from bot.ways import Overtaken, Way
from models.calendar.beijing import spoken
from models.cases.shown import shown
from models.office import Office
from models.orders.clocks import RIGHTS
from models.orders.events import RATER, Kind
from models.orders.states import State
from models.rulebooks.showing import source
from models.tables import OrderDeadline, OrderEvent, WorkOrder
from models.words import Level, Target


async def _complaint(office: Office, post: Post, errand: Errand, _way: Way) -> Letter:
    order, about = await _order(office, errand)
    callback = await OrderEvent.get_or_none(order=order, kind=Kind.CALLBACK_OPENED.value)
    article = source(callback.details["source"]) if callback else None
    text = wording.complaint(about, callback=article)
    return _letter(post, errand, order, about, wording.title(about), text)


async def _complaint_copy(office: Office, post: Post, errand: Errand, _way: Way) -> Letter:
    order, about = await _order(office, errand)
    text = wording.complaint_copy(about)
    return _letter(post, errand, order, about, wording.title(about), text)


async def _dispatch(office: Office, post: Post, errand: Errand, _way: Way) -> Letter:
    order, about = await _order(office, errand)
    event = await _event(order, errand)
    if order.holder_id != errand.notice.agency_id:
        raise Overtaken("工单已转到别处")
    by = event.agency.name if event.agency else ""
    text = wording.dispatched(about, by, event.details.get("note", ""))
    return _letter(post, errand, order, about, wording.title(about, "转办"), text)


async def _step(office: Office, post: Post, errand: Errand, _way: Way) -> Letter:
    order, about = await _order(office, errand)
    event = await _event(order, errand)
    kind = Kind(event.kind)
    who = "评价人" if event.actor == RATER else event.agency.name if event.agency else ""
    if kind is Kind.REVEALED and event.account is not None:
        who += event.account.name
    text = wording.step(about, kind, who, event.details)
    return _letter(post, errand, order, about, wording.title(about, kind.label), text)


async def _warning(office: Office, post: Post, errand: Errand, _way: Way) -> Letter:
    order, about = await _order(office, errand)
    deadline = await OrderDeadline.get(id=errand.notice.body["deadline"])
    if deadline.met_at is not None or deadline.void_at is not None:
        raise Overtaken("已经办理")
    due = _due(deadline)
    text = wording.warning(about, due)
    return _letter(post, errand, order, about, wording.title(about, "即将到期"), text, due)


async def _overdue(office: Office, post: Post, errand: Errand, _way: Way) -> Letter:
    order, about = await _order(office, errand)
    due = _due(await OrderDeadline.get(id=errand.notice.body["deadline"]))
    handler = order.handler.name if order.handler else ""
    text = wording.overdue(about, due, handler)
    return _letter(post, errand, order, about, wording.title(about, "已逾期"), text, due)


def _letter(
    post: Post,
    errand: Errand,
    order: WorkOrder,
    about: About,
    title: str,
    text: str,
    due: Due | None = None,
) -> Letter:
    """`due`: what the message is about, where it is not the first duty."""
    due = due or about.due
    made_of = {
        "order": str(order.id),
        "subject": about.subject,
        "agency": order.agency.name,
        "level": about.level,
        "note": title,
    }
    if due is not None:
        made_of |= {"until": spoken(due.at), "due": due.at.isoformat()}
    held = order.holder_id == errand.notice.agency_id and not State(order.state).ended
    buttons = [("受理", f"受理 {order.id}")] if held and order.handler_id == order.holder_id else []
    buttons.append(("查看", f"工单 {order.id}"))
    link = f"{post.base_url}/staff/orders/{order.id}"
    return Letter(title, text, link, made_of, buttons=tuple(buttons))


async def _order(office: Office, errand: Errand) -> tuple[WorkOrder, About]:
    order = await WorkOrder.get(id=errand.notice.body["order"]).select_related(
        "evaluation__invitation", "agency", "handler"
    )
    return order, await about(office, order)


async def about(office: Office, order: WorkOrder) -> About:
    """`order`: with its evaluation, that one's invitation, its agency."""
    evaluation = order.evaluation
    invitation = evaluation.invitation
    version = office.shelf.book(order.rulebook).version(order.version)
    level = Level(evaluation.level)
    texts = {
        choice.code: choice.text
        for target in Target
        for choice in version.indicators.choices(target, level)
    }
    kinds = version.classes.kinds if version.classes else ()
    soonest = (
        await OrderDeadline.filter(order_id=order.id, met_at=None, void_at=None)
        .exclude(kind__in=list(RIGHTS))
        .order_by("due_at")
        .first()
    )
    return About(
        number=order.id,
        state=State(order.state),
        level=level.label,
        subject=(await shown(invitation)).title if invitation else order.agency.name,
        said=wording.said(evaluation.reasons, texts),
        class_label=next((each.label for each in kinds if each.name == order.class_name), None),
        due=_due(soonest) if soonest else None,
    )


def _due(deadline: OrderDeadline) -> Due:
    return Due(deadline.kind, deadline.due_at, deadline.provisional)


async def _event(order: WorkOrder, errand: Errand) -> OrderEvent:
    """Raises DoesNotExist."""
    found = OrderEvent.get(order_id=order.id, sequence=errand.notice.body["event"])
    return await found.select_related("agency", "account")


PUSHES: Final[Mapping[str, Callable[[Office, Post, Errand, Way], Awaitable[Letter]]]] = {
    "complaint": _complaint,
    "complaint_copy": _complaint_copy,
    "dispatch": _dispatch,
    "order_step": _step,
    "warning": _warning,
    "overdue": _overdue,
}
