"""Which ways lead to the person or the agency of a notice: one at a time, the next only where one
has refused for good."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from bot.errands import Errand
from models.contacts import Contacts, contacts_of, contacts_of_rater
from models.office import Office
from models.tables import Agency, Evaluation, Notice, OptOut, Reply
from models.texts import takes_messages
from models.words import Channel

STAFF = "staff"
"""An agency's own inbox; a name of our own, no provider's."""

NOBODY = "（尚未指定主管部门）"


class Overtaken(Exception):
    """Nobody is to get the message any more: it has been answered, or is not wanted."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Way:
    channel: str
    to: str


async def ways(office: Office, errand: Errand) -> list[Way]:
    """In the order in which they are tried. Raises Overtaken for somebody who wants no messages,
    KeyFault, DoesNotExist."""
    notice = errand.notice
    if "reply" in notice.body:
        reply = await Reply.get(id=notice.body["reply"])
        return [Way(reply.channel, office.keys.open(reply.sender, "reply.sender"))]
    if errand.about is not None:
        return await _to_citizen(office, await contacts_of(office, errand.about))
    if "evaluation" in notice.body:
        evaluation = await Evaluation.get(id=UUID(notice.body["evaluation"]))
        contacts = await contacts_of_rater(office, evaluation)
        found = await _to_citizen(office, contacts)
        # Whoever wrote by mail is answered by mail.
        by_mail = evaluation.channel == Channel.MAIL
        return sorted(found, key=lambda way: (way.channel == Channel.MAIL) != by_mail)
    return await _to_agency(notice)


async def _to_citizen(office: Office, contacts: Contacts) -> list[Way]:
    """Raises Overtaken where all that is known of them wants no more messages (退订)."""
    known = []
    if contacts.phone and takes_messages(contacts.phone):
        known.append((Channel.SMS, contacts.phone, office.keys.find(contacts.phone, "phone")))
    if contacts.email:
        found_by = office.keys.find(contacts.email.casefold(), "email")
        known.append((Channel.MAIL, contacts.email, found_by))
    hashes = [found_by for _, _, found_by in known]
    stopped = {
        (each.channel, each.address_hash) for each in await OptOut.filter(address_hash__in=hashes)
    }
    left = [
        Way(channel.value, to)
        for channel, to, found_by in known
        if (channel.value, found_by) not in stopped
    ]
    if known and not left:
        raise Overtaken("已退订")
    return left


async def _to_agency(notice: Notice) -> list[Way]:
    """By mail where the agency has an address; staff chat comes before it once there is one."""
    agency = await Agency.get_or_none(id=notice.agency_id)
    if agency is not None and agency.email:
        return [Way(Channel.MAIL.value, agency.email)]
    return [Way(STAFF, agency.name if agency else NOBODY)]
