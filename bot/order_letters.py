"""Notices of an order, from the outbox to the words that its rater reads. Each carries the link of
their own page; whoever has left no way to be written to finds it on the receipt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bot import order_wording as wording
from bot.errands import Errand
from bot.gateways import Post
from bot.letter import Letter
from bot.ways import Overtaken, Way
from models.calendar.beijing import spoken
from models.cases.shown import shown
from models.office import Office
from models.ratings.handled import day_of
from models.ratings.their_order import Asking, TheirOrder, their_order
from models.tables import Agency, Evaluation, OrderEvent
from models.words import Channel, Level


@dataclass(frozen=True, slots=True)
class _About:
    their: TheirOrder
    event: int
    subject: str
    agency: str
    level: str
    link: str

    def letter(self, title: str, text: str, note: str, until: str | None = None) -> Letter:
        """`note`: the same in the 20 characters that a template's `thing` holds."""
        made_of = {
            "subject": self.subject,
            "agency": self.agency,
            "level": self.level,
            "note": note,
            "link": self.link,
        }
        if until is not None:
            made_of["until"] = until
        return Letter(title, text.strip(), self.link, made_of)


async def _answered(about: _About, way: Way) -> Letter:
    answer = about.their.answers[-1]
    if answer.sequence != about.event:
        raise Overtaken("已有新的答复")
    confirmed = about.their.confirmed
    if confirmed is not None and confirmed.at >= answer.at:
        raise Overtaken("评价人已经确认")
    asked = about.their.asking is Asking.CONFIRM
    text = wording.answered(
        about.subject,
        about.their.order.id,
        answer.agency,
        answer.text,
        about.link,
        asked=asked,
        short=way.channel == Channel.SMS,
    )
    note = "已答复，请确认是否满意" if asked else "已答复，请查看"
    return about.letter(wording.ANSWERED, text, note, _until(about.their))


async def _extended(about: _About, _way: Way) -> Letter:
    if about.their.order.closed_at is not None:
        raise Overtaken("已经办结")
    event = await OrderEvent.get(order=about.their.order, sequence=about.event)
    until, reason = day_of(event.details), event.details["reason"]
    text = wording.extended(about.subject, about.their.order.id, until, reason, about.link)
    return about.letter(wording.EXTENDED, text, "办理期限延长", until)


async def _excluding(about: _About, _way: Way) -> Letter:
    their, aside = about.their, about.their.set_aside
    if their.asking is not Asking.OBJECT or aside is None or aside.sequence != about.event:
        raise Overtaken("现在不能提出异议")
    text = wording.excluding(about.subject, their.order.id, aside.ground, their.until, about.link)
    return about.letter(wording.EXCLUDING, text, "拟不予采纳，可提出异议", _until(their))


async def _stands(about: _About, _way: Way) -> Letter:
    if about.their.set_aside is not None:
        raise Overtaken("又拟不予采纳")
    text = wording.stands(about.subject, about.their.order.id, about.link)
    return about.letter(wording.STANDS, text, "评价有效，继续办理")


async def _excluded(about: _About, _way: Way) -> Letter:
    their, aside = about.their, about.their.set_aside
    if their.counts_as is None or aside is None:
        raise Overtaken("复核认定有效")
    text = wording.excluded(
        about.subject, their.order.id, aside.source, their.counts_as, about.link
    )
    return about.letter(wording.EXCLUDED, text, "评价不予采纳")


async def _confirm(about: _About, _way: Way) -> Letter:
    their = about.their
    if their.asking is not Asking.CONFIRM:
        raise Overtaken("不再需要评价人确认")
    text = wording.confirm(about.subject, their.order.id, their.until, about.link)
    return about.letter(wording.CONFIRM, text, "请确认对答复是否满意", _until(their))


def _until(their: TheirOrder) -> str | None:
    return spoken(their.until) if their.until else None


_WORDED: Final[Mapping[str, Callable[[_About, Way], Awaitable[Letter]]]] = {
    "order_answered": _answered,
    "order_extended": _extended,
    "order_excluding": _excluding,
    "order_stands": _stands,
    "order_excluded": _excluded,
    "order_confirm": _confirm,
}


async def _to_rater(office: Office, post: Post, errand: Errand, way: Way) -> Letter:
    body = errand.notice.body
    evaluation = await Evaluation.get(id=UUID(body["evaluation"])).select_related("invitation")
    their = await their_order(evaluation)
    if their is None:
        raise LookupError(f"evaluation {evaluation.id} has no order")
    agency = (await Agency.get(id=their.order.agency_id)).name
    invitation = evaluation.invitation
    about = _About(
        their=their,
        event=body["event"],
        subject=(await shown(invitation)).title if invitation else agency,
        agency=agency,
        level=Level(evaluation.level).label,
        link=f"{post.base_url}/a/{office.links.answer(evaluation.id)}",
    )
    return await _WORDED[errand.notice.kind](about, way)


TO_RATERS: Final[Mapping[str, Callable[[Office, Post, Errand, Way], Awaitable[Letter]]]] = (
    dict.fromkeys(_WORDED, _to_rater)
)
"""By kind of notice."""
