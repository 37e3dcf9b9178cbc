"""What is asked: by a scan, for a list, for more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.wechat.scenes import Leads, Scene, read_scene
from bot.wechat.talk import wording
from bot.wechat.talk.state import About, Ask, Told
from bot.wechat.talk.topics import Topic, brought, link_of, topic_of
from bot.wechat.talk.turn import Turn
from models.calendar.beijing import spoken
from models.ratings.places import place_of
from models.ratings.refusals import LinkExpired, LinkUnknown
from models.ratings.story import may_follow_up
from models.ratings.theirs import followable_by, rateable_by, rateable_here
from models.refusals import Refused
from models.tables import Evaluation, Invitation
from models.words import Closing, Ordinal, Provenance, Target

LISTED: Final = 9
"""Cases in one message."""


async def scanned(turn: Turn, text: str) -> str:
    """Raises Refused."""
    scene = read_scene(text)
    if scene is None:
        return wording.CODE_UNKNOWN
    if scene.leads is Leads.PLACE:
        return await _of_place(turn, scene)
    invitation = await brought(turn.office, scene.to)
    return await ask_level(turn, About(invitation=invitation.id))


async def ask_level(turn: Turn, about: About) -> str:
    """Raises Refused where there is nothing to rate any more."""
    topic = await topic_of(turn.office, about)
    if topic.invitation is not None:
        await _must_be_open(turn, topic.invitation)
    turn.ask(Ask.LEVEL, about)
    return wording.ask(topic.title, topic.agency, link_of(turn.office, turn.base_url, topic))


async def _of_place(turn: Turn, scene: Scene) -> str:
    """Their cases first; who has none here rates the place, or says what they have to say of it."""
    place = await place_of(turn.office, scene.to)
    theirs = await rateable_here(turn.office, turn.rater, place.subject, place.version)
    if theirs:
        return await _one_of(turn, _abouts(theirs))
    turn.ask(Ask.LEVEL, About(place=scene.to))
    bound = turn.rater.phone_hash is not None
    if place.takes_reviews:
        return wording.ask_of_place(place.name, bound=bound)
    return wording.ask_opinion(place.name, bound=bound)


async def listed(turn: Turn, told: Told | None = None) -> str:
    """评价: what of theirs may be rated. `told`: what waits for the answer."""
    found = await rateable_by(turn.office, turn.rater)
    if not found:
        return wording.nothing_to_rate(bound=turn.rater.phone_hash is not None)
    if told is None:
        return await _one_of(turn, _abouts(found))
    return await ask_which(turn, _abouts(found), told)


async def _one_of(turn: Turn, options: tuple[About, ...]) -> str:
    if len(options) == 1:
        return await ask_level(turn, options[0])
    return await ask_which(turn, options)


async def ask_which(turn: Turn, options: tuple[About, ...], told: Told | None = None) -> str:
    """`told`: what waits for the answer."""
    turn.ask(Ask.WHICH, told=told, options=options)
    topics = [await topic_of(turn.office, each) for each in options]
    lines = [(each.title, " ".join(filter(None, [each.agency, each.tail]))) for each in topics]
    return wording.which(lines, told.level if told else None)


def _abouts(found: Sequence[Invitation]) -> tuple[About, ...]:
    return tuple(About(invitation=each.id) for each in found[:LISTED])


async def again(turn: Turn) -> str:
    """追评, with nothing said yet."""
    found = await followable_by(turn.office, turn.rater)
    if not found:
        turn.miss()
        return wording.AGAIN_NONE
    about = About(first=found[0].id)
    topic = await topic_of(turn.office, about)
    until = await may_follow_up(turn.office, found[0])
    if until is None:
        return wording.AGAIN_NONE
    turn.ask(Ask.LEVEL, about)
    return wording.ask_again(topic.title, until)


def ask_why(
    turn: Turn, topic: Topic, told: Told, asking: tuple[Target, ...], *, optional: bool = False
) -> str:
    """`asking`: whose reasons; several are asked for at once."""
    turn.ask(Ask.WHY, topic.about, told=told, asking=asking)
    listed = topic.listed(told.level, asking)
    return wording.why(told.level, listed, asking, topic.asked.hint, optional=optional)


async def _must_be_open(turn: Turn, invitation: Invitation) -> None:
    """Raises Refused, with what the person can do."""
    if invitation.closed_why == Closing.SUPERSEDED:
        raise LinkUnknown
    rated = await Evaluation.filter(invitation_id=invitation.id, ordinal=int(Ordinal.FIRST)).first()
    if rated is not None and rated.provenance != Provenance.DEFAULT:
        may_add = await may_follow_up(turn.office, rated) is not None
        words = f"这次服务已于{spoken(rated.at)}评价过了，以第一次评价为准。"
        raise Refused(wording.already(words, may_add=may_add))
    if turn.office.now() >= invitation.until:
        raise LinkExpired(invitation.until)
