"""Which ways lead to the person or the agency of a notice: one at a time, the next only where one
has refused for good."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tortoise.expressions import Q, Subquery

from bot.errands import Errand
from bot.gateways import Post
from bot.staff.reaching import reached
from models.consents import consenting
from models.contacts import Contacts, contacts_of, contacts_of_rater
from models.office import Office
from models.raters import openid_of
from models.tables import (
    ChatMessage,
    Evaluation,
    HeldReceipt,
    Notice,
    OptOut,
    PhoneCheck,
    Rater,
    Reply,
)
from models.texts import takes_messages
from models.words import Channel

APPS = (Channel.OFFICIAL_ACCOUNT, Channel.MINI_PROGRAM)
"""Before SMS and mail, in this order."""


class Overtaken(Exception):
    """Nobody is to get the message any more: it has been answered, or is not wanted."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Way:
    """`to`: see `Message`."""

    channel: str
    to: str
    spends: Rater | None = None
    """Whose consent (订阅) the message uses up. None: it needs none."""


async def ways(office: Office, post: Post, errand: Errand) -> list[Way]:
    """In the order in which they are tried. Raises Overtaken for somebody who wants no messages,
    KeyFault, DoesNotExist."""
    notice = errand.notice
    if "reply" in notice.body:
        reply = await Reply.get(id=notice.body["reply"])
        return [Way(reply.channel, office.keys.open(reply.sender, "reply.sender"))]
    if "chat" in notice.body:
        chat = await ChatMessage.get(id=notice.body["chat"]).select_related("rater")
        return [_into_app(office, chat.rater)]
    if "check" in notice.body:
        check = await PhoneCheck.get(id=notice.body["check"])
        return [Way(Channel.SMS.value, office.keys.open(check.phone, "phone_check.phone"))]
    if errand.about is not None:
        return await _to_citizen(office, post, notice, await contacts_of(office, errand.about))
    if "evaluation" in notice.body:
        evaluation = await Evaluation.get(id=UUID(notice.body["evaluation"]))
        contacts = await contacts_of_rater(office, evaluation)
        found = await _to_citizen(office, post, notice, contacts, evaluation.id)
        # Whoever rated by mail is answered by mail, whoever did in the mini-program there.
        return sorted(found, key=lambda way: way.channel != evaluation.channel)
    return [Way(channel, to) for channel, to in await reached(office, post, notice)]


async def _to_citizen(
    office: Office, post: Post, notice: Notice, contacts: Contacts, rated: UUID | None = None
) -> list[Way]:
    """The apps that know their phone, SMS, mail. `rated`: their evaluation. Raises Overtaken where
    all that is known of them wants no more messages (退订)."""
    found_by = office.keys.find(contacts.phone, "phone") if contacts.phone else None
    known = await _pushes(office, post, notice, found_by, rated)
    if contacts.phone and found_by and takes_messages(contacts.phone):
        known.append((Way(Channel.SMS.value, contacts.phone), found_by))
    if contacts.email:
        by_mail = Way(Channel.MAIL.value, contacts.email)
        known.append((by_mail, office.keys.find(contacts.email.casefold(), "email")))
    hashes = [each for _, each in known]
    stopped = {
        (each.channel, each.address_hash) for each in await OptOut.filter(address_hash__in=hashes)
    }
    left = [way for way, each in known if (way.channel, each) not in stopped]
    if known and not left:
        raise Overtaken("已退订")
    return left


async def _pushes(
    office: Office, post: Post, notice: Notice, phone: str | None, rated: UUID | None
) -> list[tuple[Way, str]]:
    """With what their opt-out is found by. In each app whoever was met last comes first. To who has
    none it is one query."""
    asking = {app: by[notice.kind] for app, by in post.pushes.items() if notice.kind in by}
    if not asking or (phone is None and rated is None):
        return []
    raters = [
        rater
        for rater in await _known_by(phone, rated)
        if rater.app in asking and (rater.follows or rater.channel == Channel.MINI_PROGRAM)
    ]
    asked = [rater for rater in raters if asking[rater.app]]
    willing = await consenting(asked, notice) if asked else set()
    found = [
        (_into_app(office, rater, asked=rater in asked), rater.openid_hash)
        for rater in raters
        if rater not in asked or rater.id in willing
    ]
    return sorted(found, key=lambda known: APPS.index(Channel(known[0].channel)))


async def _known_by(phone: str | None, rated: UUID | None) -> list[Rater]:
    """Who holds the receipt before those who have bound the phone."""
    if rated is None:
        return await Rater.filter(phone_hash=phone).order_by("-id")
    holder = HeldReceipt.filter(evaluation_id=rated)
    theirs = Q(id=Subquery(holder.values("rater_id")))
    found = await Rater.filter(theirs | Q(phone_hash=phone) if phone else theirs).order_by("-id")
    if len(found) > 1:
        held = await holder.first()
        found.sort(key=lambda rater: held is None or rater.id != held.rater_id)
    return found


def _into_app(office: Office, rater: Rater, *, asked: bool = False) -> Way:
    to = f"{rater.app}/{openid_of(office, rater)}"
    return Way(rater.channel, to, rater if asked else None)
