"""From what was told to a rating: one way in, and its refusals are what is asked next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import uuid4

from pydantic import ValidationError

from bot.wechat.talk import wording
from bot.wechat.talk.asking import ask_why
from bot.wechat.talk.state import About, Ask, Question, Told
from bot.wechat.talk.topics import Topic, credential_of, link_of, topic_of
from bot.wechat.talk.turn import Turn
from models.ratings.attachments import AttachmentUnfit, proof, sealed
from models.ratings.follow_up import follow_up
from models.ratings.given import Rating, ReasonGiven
from models.ratings.opinions import OpinionGiven, keep_opinion
from models.ratings.refusals import (
    AlreadyRated,
    FollowUpClosed,
    LinkExpired,
    LinkUnknown,
    OtherNeedsWords,
    ReasonMissing,
)
from models.ratings.submit import Receipt, submit, submit_on
from models.ratings.theirs import hold
from models.refusals import Refused
from models.sm3 import sm3
from models.tables import Attachment, ChatMessage
from models.words import Channel, Level, Target

RECORDING: Final = "chat_message.recording"
"""What its recording is sealed for."""


async def rate(turn: Turn, about: About, told: Told) -> str:
    """A level, and what was said with it."""
    words = told.words
    topic = await topic_of(turn.office, about)
    if topic.place is not None and not topic.place.takes_reviews:
        return await opinion(turn, topic, told.level, words)
    if words:
        item = Target.ITEM if Target.ITEM in topic.targets else topic.targets[0]
        told = told.model_copy(update={"words": "", "reasons": {item: ReasonGiven(words=words)}})
    elif told.level in topic.asked.negative and not topic.asked.hint:
        # The rulebook does not insist; whoever reads it would still like to know.
        return ask_why(turn, topic, told, topic.targets, optional=True)
    return await give(turn, topic, told)


async def give(turn: Turn, topic: Topic, told: Told) -> str:
    """What the rulebook still lacks is asked for; nothing is stored before."""
    try:
        receipt = await _submitted(turn, topic, told)
    except ReasonMissing as missing:
        return ask_why(turn, topic, told, (missing.target,) if missing.each else topic.targets)
    except OtherNeedsWords as missing:
        turn.ask(Ask.WHY, topic.about, told=told, asking=(missing.target,))
        return wording.other(missing.target)
    except (AlreadyRated, LinkExpired, LinkUnknown, FollowUpClosed) as over:
        turn.settle(topic.about)
        return over.message
    except Refused as refusal:
        turn.settle(topic.about)
        return wording.by_page(refusal.message, link_of(turn.office, turn.base_url, topic))
    await hold(turn.rater, receipt.evaluation)
    await _attach(turn, receipt, told.recording)
    turn.settle(topic.about)
    return wording.thanks(
        topic.title,
        told.level,
        f"{turn.base_url}/receipt/{turn.office.links.receipt(receipt.evaluation)}",
        receipt.order,
        receipt.follow_up_until if topic.first is None else None,
        why="；".join(_why(topic, told)),
        heard=turn.said.words if turn.said.recording is not None else "",
    )


def _why(topic: Topic, told: Told) -> Iterator[str]:
    """In words, so that a number which was meant otherwise is seen."""
    texts = {choice.code: choice.text for _, choice in topic.listed(told.level, topic.targets)}
    for reason in told.reasons.values():
        yield from (texts.get(code, code) for code in reason.indicators)
        if reason.words:
            yield reason.words


async def _submitted(turn: Turn, topic: Topic, told: Told) -> Receipt:
    office = turn.office
    rating = Rating(
        level=told.level,
        reasons=told.reasons,
        channel=Channel.OFFICIAL_ACCOUNT,
        credential=await credential_of(turn.rater, topic),
        submission=turn.submission,
    )
    if topic.place is not None:
        return await submit_on(office, topic.place.subject, rating)
    if topic.first is not None:
        return await follow_up(office, topic.first, rating)
    if topic.invitation is None:
        raise LinkUnknown
    return await submit(office, topic.invitation, rating)


async def opinion(turn: Turn, topic: Topic, level: Level | None, words: str) -> str:
    """意见, where the place takes no ratings without a case."""
    if topic.place is None:
        raise LinkUnknown
    try:
        given = OpinionGiven(
            level=level,
            words=words,
            channel=Channel.OFFICIAL_ACCOUNT,
            submission=turn.submission,
        )
    except ValidationError:
        return wording.OPINION
    place = topic.place
    await keep_opinion(
        turn.office,
        given,
        region=place.subject.region,
        agency=place.subject.agency,
        code=place.code,
    )
    turn.settle(topic.about)
    return wording.OPINION_KEPT


async def keep_unfinished(turn: Turn, question: Question) -> None:
    """A level told, and never a reason or a yes to it: no rating, and not lost either."""
    told = question.told
    if told is None or question.about is None:
        return
    try:
        topic = await topic_of(turn.office, question.about)
    except Refused:
        return
    said = filter(None, [told.words, *(each.words for each in told.reasons.values())])
    given = OpinionGiven(
        level=told.level,
        words="\n".join([wording.unfinished(told.level), *said])[:1000],
        channel=Channel.OFFICIAL_ACCOUNT,
        submission=_unfinished(turn, question),
    )
    place, invitation = topic.place, topic.invitation
    if place is not None:
        region, agency = place.subject.region, place.subject.agency
    elif invitation is not None:
        region, agency = invitation.region_id, invitation.agency_id
    else:
        return
    await keep_opinion(turn.office, given, region=region, agency=agency)


def _unfinished(turn: Turn, question: Question) -> str:
    """The same question is kept once."""
    digest = sm3(f"{turn.rater.id} {question.model_dump_json()}".encode()).hex()
    return f"unfinished-{digest[:40]}"


async def _attach(turn: Turn, receipt: Receipt, recording: int | None) -> None:
    """A transcript is a hint: what was said aloud is kept with the rating."""
    office = turn.office
    if recording is None or await Attachment.exists(evaluation_id=receipt.evaluation):
        return
    message = await ChatMessage.get(id=recording)
    if message.recording is None:
        return
    try:
        file = await proof(office.keys.open_bytes(bytes(message.recording), RECORDING))
    except AttachmentUnfit:
        # A format that nobody could open later; the words are there.
        return
    row = await sealed(office, file, uuid4())
    row.evaluation_id = receipt.evaluation
    row.said_at = message.received_at
    await row.save(force_create=True)
