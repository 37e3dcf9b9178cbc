"""What is said, as the answer to the newest question that it can be an answer to."""

from __future__ import annotations

from bot.wechat.talk import binding, wording
from bot.wechat.talk.asking import ask_level, ask_which, listed
from bot.wechat.talk.meaning import chosen, reasons, skips
from bot.wechat.talk.rating import give, opinion, rate
from bot.wechat.talk.state import About, Ask, Question, Told
from bot.wechat.talk.topics import topic_of
from bot.wechat.talk.turn import Turn
from models.ratings.given import ReasonGiven
from models.ratings.heard import Heard
from models.ratings.theirs import followable_by, rateable_by
from models.ratings.yes_or_no import yes_or_no
from models.words import Level, Target


async def hear(turn: Turn, said: Heard) -> str:
    for question in turn.talk.before(turn.said.at):
        answer = await _to(turn, question, said)
        if answer is not None:
            return answer
    if said.level is not None and said.sure:
        return await _out_of_the_blue(turn, _told(turn, said.level, said))
    turn.miss()
    return wording.HELP


async def _to(turn: Turn, question: Question, said: Heard) -> str | None:
    """None: it cannot be meant."""
    match question:
        case Question(ask=Ask.CODE):
            answer = await binding.told(turn, question)
        case Question(ask=Ask.WHICH):
            answer = await _which(turn, question, said)
        case Question(ask=Ask.WHY, about=About() as about, told=Told() as told):
            answer = await _why(turn, about, told, question.asking)
        case Question(ask=Ask.SURE, about=About() as about, told=Told() as told):
            answer = await _sure(turn, about, told, said)
        case Question(ask=Ask.LEVEL, about=About() as about):
            answer = await _level(turn, about, said)
        case _:
            answer = await _after(turn, said)
    return answer


async def _level(turn: Turn, about: About, said: Heard) -> str:
    if said.level is not None:
        told = _told(turn, said.level, said)
        if said.sure and turn.said.sure:
            return await rate(turn, about, told)
        return _ask_if_sure(turn, about, told)
    topic = await topic_of(turn.office, about)
    if topic.place is not None:
        return await opinion(turn, topic, None, turn.said.words)
    turn.miss()
    return wording.not_level(topic.title)


def _ask_if_sure(turn: Turn, about: About, told: Told) -> str:
    """A level is only guessed, or not well heard: it counts when it is confirmed."""
    turn.ask(Ask.SURE, about, told=told)
    if turn.said.recording is not None:
        return wording.sure_heard(turn.said.words, told.level)
    return wording.sure(told.level)


async def _sure(turn: Turn, about: About, told: Told, said: Heard) -> str:
    answer = yes_or_no(turn.said.words)
    if answer is False:
        return await ask_level(turn, about)
    if answer is True:
        return await rate(turn, about, told)
    if said.level is not None and said.sure and turn.said.sure:
        return await rate(turn, about, _told(turn, said.level, said))
    return wording.sure(told.level)


async def _why(turn: Turn, about: About, told: Told, asking: tuple[Target, ...]) -> str:
    topic = await topic_of(turn.office, about)
    given = dict(told.reasons)
    if topic.asked.hint or not skips(turn.said.words):
        listed = topic.listed(told.level, asking)
        for target, reason in reasons(turn.said.words, listed, asking).items():
            given[target] = _joined(given.get(target), reason)
    return await give(turn, topic, told.model_copy(update={"reasons": given}))


async def _which(turn: Turn, question: Question, said: Heard) -> str | None:
    place = chosen(turn.said.words, len(question.options))
    if place is not None:
        turn.drop(question)
        about = question.options[place]
        if question.told is not None:
            return await rate(turn, about, question.told)
        return await ask_level(turn, about)
    if said.level is None:
        return None
    return await ask_which(turn, question.options, _told(turn, said.level, said))


async def _after(turn: Turn, said: Heard) -> str | None:
    """More about what has been rated already; or it has overtaken the scan that it belongs to."""
    if said.level is None:
        return None
    turn.miss()
    more = await followable_by(turn.office, turn.rater)
    others = await rateable_by(turn.office, turn.rater)
    return wording.rated(may_add=bool(more), others=bool(others))


async def _out_of_the_blue(turn: Turn, told: Told) -> str:
    """A level, and nothing was asked: of the one thing that may be rated, or of which?"""
    found = await rateable_by(turn.office, turn.rater)
    if not found:
        turn.miss()
        return wording.nothing_to_rate(bound=turn.rater.phone_hash is not None)
    about = About(invitation=found[0].id)
    if len(found) > 1:
        return await listed(turn, told)
    if not turn.said.sure:
        return _ask_if_sure(turn, about, told)
    return await rate(turn, about, told)


def _told(turn: Turn, level: Level, said: Heard) -> Told:
    """What stands around a level that is only guessed is no reason yet: it is said again."""
    words = said.words if said.sure else ""
    return Told(level=level, words=words, recording=turn.said.recording)


def _joined(before: ReasonGiven | None, reason: ReasonGiven) -> ReasonGiven:
    if before is None:
        return reason
    return ReasonGiven(
        indicators=tuple(dict.fromkeys([*before.indicators, *reason.indicators])),
        words="\n".join(filter(None, [before.words, reason.words]))[:1000],
    )
