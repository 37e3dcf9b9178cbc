"""What a dialogue is about: loaded for what was asked, whichever of the three it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.wechat.talk.state import About
from models.cases.shown import shown
from models.links import Tampered
from models.office import Office
from models.ratings.asked import Asked, asked_of
from models.ratings.places import Place, place_of
from models.ratings.refusals import LinkUnknown
from models.ratings.theirs import is_theirs
from models.rulebooks.rating_rules import Indicator
from models.rulebooks.rulebook import Version
from models.tables import Evaluation, Invitation, Rater
from models.words import Channel, Credential, Level, Ordinal, Target

LISTED: Final = 30
"""Indicators in one message."""


@dataclass(frozen=True, slots=True)
class Topic:
    about: About
    title: str
    agency: str
    tail: str
    """Of its serial number; empty where it is no single case."""
    asked: Asked
    version: Version
    invitation: Invitation | None = None
    place: Place | None = None
    first: Evaluation | None = None

    def listed(self, level: Level, asking: tuple[Target, ...]) -> list[tuple[Target, Indicator]]:
        """The indicators that may be chosen by number."""
        return [
            (each.target, choice)
            for each in self.asked.targets
            if each.target in asking
            for choice in each.choices[level]
        ][:LISTED]

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(each.target for each in self.asked.targets)


async def topic_of(office: Office, about: About) -> Topic:
    """Raises LinkUnknown, CodeUnknown, NotOpened."""
    if about.place is not None:
        place = await place_of(office, about.place)
        return Topic(about, place.name, place.kind, "", place.asked, place.version, place=place)
    first = None
    number, ordinal = about.invitation, Ordinal.FIRST
    if about.first is not None:
        first = await Evaluation.get(id=about.first)
        number, ordinal = first.invitation_id, Ordinal.FOLLOW_UP
    invitation = await Invitation.get_or_none(id=number)
    if invitation is None:
        raise LinkUnknown
    seen = await shown(invitation)
    return Topic(
        about,
        seen.matter,
        seen.agency,
        seen.tail,
        await asked_of(office, invitation, ordinal, seen=seen),
        office.shelf.book(invitation.rulebook).version(invitation.version),
        invitation=invitation,
        first=first,
    )


async def brought(office: Office, token: str) -> Invitation:
    """By the token of a code. Raises LinkUnknown."""
    try:
        nonce, _ = office.links.read_rating(token)
    except Tampered:
        raise LinkUnknown from None
    invitation = await Invitation.get_or_none(nonce=nonce)
    if invitation is None:
        raise LinkUnknown
    return invitation


async def credential_of(rater: Rater, topic: Topic) -> Credential:
    """What shows that they were served."""
    if topic.invitation is None:
        return Credential.NONE
    if await is_theirs(rater, topic.invitation):
        return Credential.IDENTIFIED
    return Credential.LINK


def link_of(office: Office, base_url: str, topic: Topic) -> str:
    """The page for what takes more than a line."""
    if topic.first is not None:
        return f"{base_url}/f/{office.links.follow_up(topic.first.id)}"
    if topic.invitation is not None:
        token = office.links.rating(topic.invitation.nonce, Channel.OFFICIAL_ACCOUNT)
        return f"{base_url}/r/{token}"
    return f"{base_url}/q/{topic.about.place}"
