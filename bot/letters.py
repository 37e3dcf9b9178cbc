"""From a notice in the outbox to its words: what they are made of is loaded when they are sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot import wording
from models.cases.shown import shown
from models.notices import after_quiet_hours
from models.office import Office
from models.tables import Agency, Invitation, Notice, OrderDeadline, WorkOrder
from models.words import Level, Target

Letter = tuple[str, str, str | None]
"""To whom, the words, the link in them."""

NOBODY = "（尚未指定主管部门）"


async def letter(office: Office, notice: Notice, base_url: str) -> Letter:
    """Raises KeyError for a kind that nobody words, KeyFault for an address that does not open."""
    return await _WRITERS[notice.kind](office, notice, base_url)


async def not_before(office: Office, notice: Notice) -> datetime:
    """Now, or the end of the quiet hours: people sleep, an agency's inbox does not (reading 28)."""
    if notice.kind != "invitation":
        return office.now()
    invitation = await Invitation.get(id=notice.body["invitation"])
    version = office.shelf.book(invitation.rulebook).version(invitation.version)
    return after_quiet_hours(office.now(), version.quiet_hours)


async def _invitation(office: Office, notice: Notice, base_url: str) -> Letter:
    invitation = await Invitation.get(id=notice.body["invitation"]).select_related("agency")
    link = f"{base_url}/r/{office.links.rating(invitation.nonce)}?c=s"
    subject = (await shown(invitation)).title
    to = office.keys.open(notice.address or "", "notice.address")
    return to, wording.invitation(subject, invitation.agency.name, link), link


async def _complaint(office: Office, notice: Notice, _base_url: str) -> Letter:
    order, level, subject, said = await _order(office, notice)
    soonest = await OrderDeadline.filter(order_id=order.id, met_at=None).order_by("due_at").first()
    due = (soonest.due_at, soonest.provisional) if soonest else None
    text = wording.complaint(order.id, level, subject, said, due)
    return await _recipient(notice), text, None


async def _complaint_copy(office: Office, notice: Notice, _base_url: str) -> Letter:
    order, level, subject, said = await _order(office, notice)
    text = wording.complaint_copy(order.id, level, subject, said)
    return await _recipient(notice), text, None


async def _order(office: Office, notice: Notice) -> tuple[WorkOrder, str, str, str]:
    order = await WorkOrder.get(id=notice.body["order"]).select_related(
        "evaluation__invitation", "agency"
    )
    evaluation = order.evaluation
    invitation = evaluation.invitation
    subject = (await shown(invitation)).title if invitation else order.agency.name
    version = office.shelf.book(order.rulebook).version(order.version)
    level = Level(evaluation.level)
    texts = {
        choice.code: choice.text
        for target in Target
        for choice in version.indicators.choices(target, level)
    }
    return order, level.label, subject, wording.said(evaluation.reasons, texts)


async def _recipient(notice: Notice) -> str:
    agency = await Agency.get_or_none(id=notice.agency_id)
    return agency.name if agency else NOBODY


_WRITERS: dict[str, Callable[[Office, Notice, str], Awaitable[Letter]]] = {
    "invitation": _invitation,
    "complaint": _complaint,
    "complaint_copy": _complaint_copy,
}
