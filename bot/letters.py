"""From a notice in the outbox to its words: what they are made of is loaded when they are sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from uuid import UUID

from bot import wording
from bot.errands import Errand
from bot.gateways import Post
from bot.letter import Letter
from bot.order_letters import TO_RATERS
from bot.staff.messages import LATE, late_answer
from bot.staff.pushes import PUSHES
from bot.ways import APPS, Overtaken, Way
from models.bulletins import bulletin
from models.calendar.beijing import spoken
from models.cases.shown import shown
from models.notices import after_quiet_hours
from models.office import Office
from models.rulebooks.rulebook import Version
from models.tables import (
    Agency,
    ChatMessage,
    Evaluation,
    Invitation,
    PhoneCheck,
    WorkOrder,
)
from models.words import Channel, Level, Provenance


async def letter(office: Office, post: Post, errand: Errand, way: Way) -> Letter:
    """Raises Overtaken, LookupError for a kind that nobody words, DoesNotExist."""
    return await _WRITERS[errand.notice.kind](office, post, errand, way)


def held_until(office: Office, errand: Errand, now: datetime) -> datetime:
    """`now`, or the end of the quiet hours: people sleep, an agency's inbox does not (reading 28).
    Who has just written or rated is awake."""
    asking = errand.notice.kind in ("invitation", "reminder")
    judged = errand.invitation if asking else errand.order
    if judged is None:
        return now
    return after_quiet_hours(now, _version(office, judged).quiet_hours)


def is_duty(office: Office, errand: Errand) -> bool:
    """潮安's reminder has to reach somebody; who gets none is shown to staff (reading 29)."""
    if errand.notice.kind != "reminder":
        return False
    rule = _version(office, errand.invitation).reminder
    return rule is not None and rule.mandatory


def _version(office: Office, judged: Invitation | Evaluation | WorkOrder) -> Version:
    return office.shelf.book(judged.rulebook).version(judged.version)


def _link(office: Office, post: Post, invitation: Invitation, way: Way) -> str:
    """Says by what it is signed with on which way it went out."""
    return f"{post.base_url}/r/{office.links.rating(invitation.nonce, Channel(way.channel))}"


async def _asking(office: Office, post: Post, errand: Errand, way: Way) -> Letter:
    """评价邀请, 催评."""
    invitation = errand.invitation
    if invitation.closed_at is not None or office.now() >= invitation.until:
        raise Overtaken("已评价，或评价链接已到期")
    by = Channel(way.channel)
    link = _link(office, post, invitation, way)
    subject = (await shown(invitation)).title
    agency = invitation.agency.name
    reminding = errand.notice.kind == "reminder"
    rule = _version(office, invitation).silence
    due = invitation.timely_until
    default = (due, rule.default_level) if rule and rule.default_level and due else None
    if default is not None and office.now() >= default[0]:
        default = None
    answerable = post.answerable and by is Channel.SMS
    text = wording.asking(
        subject, agency, link, reminding=reminding, default=default, answerable=answerable
    )
    title = wording.reminder_title(subject) if reminding else wording.invitation_title(subject)
    made_of = {
        "subject": subject,
        "agency": agency,
        "link": link,
        "until": spoken(default[0] if default else invitation.until),
        "note": wording.asking_note(default),
    }
    if default is not None:
        made_of["level"] = default[1].label
    return Letter(title, text, link, made_of)


async def _thanks(office: Office, post: Post, errand: Errand, way: Way) -> Letter:
    evaluation = await Evaluation.get(id=UUID(errand.notice.body["evaluation"])).select_related(
        "invitation__agency"
    )
    order = await WorkOrder.get_or_none(evaluation=evaluation)
    invitation = evaluation.invitation
    receipt = f"{post.base_url}/receipt/{office.links.receipt(evaluation.id)}"
    until = invitation.follow_up_until if invitation else None
    again = None
    if until is not None and invitation is not None and invitation.follow_up_closed_at is None:
        again = (until, f"{post.base_url}/f/{office.links.follow_up(evaluation.id)}")
    level = Level(evaluation.level).label
    text = wording.thanks(
        level,
        order.id if order else None,
        receipt,
        again,
        proxy=evaluation.provenance == Provenance.PROXY,
    )
    made_of = {
        "level": level,
        "link": receipt,
        "note": wording.thanks_note(order.id if order else None, again=again is not None),
    }
    if again is not None:
        made_of["until"] = spoken(again[0])
    if way.channel in APPS and invitation is not None:
        # Looked up for templates only, the words do without.
        made_of |= {
            "subject": (await shown(invitation)).title,
            "agency": invitation.agency.name,
        }
    return Letter(wording.THANKS_TITLE, text, receipt, made_of)


async def _why(office: Office, post: Post, errand: Errand, way: Way) -> Letter:
    """A negative rating in a message that still lacks its reason."""
    invitation = errand.invitation
    link = _link(office, post, invitation, way)
    level = Level(errand.notice.body["level"]).label
    return Letter(wording.WHY_TITLE, wording.why(level, link), link, {"level": level, "link": link})


async def _by_link(office: Office, post: Post, errand: Errand, way: Way) -> Letter:
    """What cannot be rated by a line of text."""
    invitation = errand.invitation
    if invitation.closed_at is not None:
        raise Overtaken("已评价")
    link = _link(office, post, invitation, way)
    return Letter(wording.WHY_TITLE, wording.by_link(link), link, {"link": link})


async def _help(office: Office, post: Post, errand: Errand, way: Way) -> Letter:
    invitation = errand.invitation
    link = _link(office, post, invitation, way)
    subject = (await shown(invitation)).title
    return Letter(wording.HELP_TITLE, wording.how(subject, link), link, {"link": link})


async def _answer(office: Office, _post: Post, errand: Errand, _way: Way) -> Letter:
    """By customer-service message, which the platform takes for so long only."""
    chat = await ChatMessage.get(id=errand.notice.body["chat"]).select_related("rater")
    until = chat.rater.service_until
    if until is None or office.now() >= min(until, errand.notice.give_up_at):
        raise Overtaken("已超过微信允许回复的时间")
    said = office.keys.open(chat.answer, "chat_message.answer") if chat.answer else ""
    if not said:
        raise Overtaken("没有需要回复的内容")
    return Letter(wording.ANSWER_TITLE, said)


async def _bind_code(office: Office, _post: Post, errand: Errand, _way: Way) -> Letter:
    check = await PhoneCheck.get(id=errand.notice.body["check"])
    if check.ended_at is not None or office.now() >= check.until:
        raise Overtaken("验证码已使用，或已失效")
    code = office.keys.open(check.code, "phone_check.code")
    text = wording.bind_code(code, check.until - check.at)
    return Letter(wording.CODE_TITLE, text, fields={"code": code})


async def _bulletin(office: Office, _post: Post, errand: Errand, _way: Way) -> Letter:
    month = date.fromisoformat(errand.notice.body["month"])
    agency = await Agency.get(id=errand.notice.agency_id)
    table = await bulletin(office, agency, month)
    title = wording.bulletin_title(agency.name, month)
    return Letter(
        title, wording.BULLETIN if len(table) > 1 else wording.NOTHING_TO_TELL, table=table
    )


_WRITERS: dict[str, Callable[[Office, Post, Errand, Way], Awaitable[Letter]]] = {
    "invitation": _asking,
    "reminder": _asking,
    "thanks": _thanks,
    "why": _why,
    "by_link": _by_link,
    "help": _help,
    "answer": _answer,
    "bind_code": _bind_code,
    "bulletin": _bulletin,
    LATE: late_answer,
    **TO_RATERS,
    **PUSHES,
}
