"""The dialogue of the official account: what was said, to what it belongs, and what is answered.

Inside one transaction, under the rater's lock: what was asked, what was stored and what is answered
become true together.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bot.wechat.talk import binding, wording
from bot.wechat.talk.asking import again, listed, scanned
from bot.wechat.talk.looking import looked
from bot.wechat.talk.meaning import Command, commanded
from bot.wechat.talk.questions import hear
from bot.wechat.talk.rating import keep_unfinished, rate
from bot.wechat.talk.state import About, Ask, Talk, Told
from bot.wechat.talk.turn import Said, Turn
from models.office import Office
from models.ratings.heard import heard
from models.ratings.theirs import followable_by
from models.refusals import Refused
from models.tables import OptOut, Rater
from models.texts import Words

_WORDS: Final = TypeAdapter(Words)


async def converse(
    office: Office, base_url: str, rater: Rater, talk: Talk, said: Said
) -> tuple[Talk, str]:
    """What is open afterwards, and the answer. Inside a transaction, under the rater's lock."""
    turn = Turn(office, base_url, rater, said, talk)
    await _expire(turn)
    answers = [await _answered(turn)]
    # What was sent after it and arrived before it may be understood now.
    turn.talk, missed = turn.talk.later_than(said.at)
    for each in missed:
        turn.said = Said(once=each.once, at=each.at, words=each.words)
        if each.once == said.once:
            turn.miss()
        else:
            answers.append(await _answered(turn))
    return turn.talk, "\n\n".join(answers)


async def expire(office: Office, rater: Rater, talk: Talk) -> Talk:
    """Nobody has answered in time. Inside a transaction, under the rater's lock."""
    turn = Turn(office, "", rater, Said(once="", at=office.now()), talk)
    await _expire(turn)
    return turn.talk


async def _expire(turn: Turn) -> None:
    turn.talk, over = turn.talk.expired(turn.office.now())
    for question in over:
        await keep_unfinished(turn, question)


async def _answered(turn: Turn) -> str:
    try:
        if turn.said.scene is not None:
            return await scanned(turn, turn.said.scene)
        _WORDS.validate_python(turn.said.words)
        command = commanded(turn.said.words)
        if command is None:
            return await hear(turn, heard(turn.said.words))
        if command.command is Command.BIND:
            return await binding.begin(turn, command.phone)
        return await _COMMANDS[command.command](turn)
    except Refused as refusal:
        return refusal.message
    except ValidationError:
        return wording.WORDS_TOO_LONG


async def _follow_up(turn: Turn) -> str:
    said = heard(turn.said.words)
    if said.level is None or not said.sure:
        return await again(turn)
    found = await followable_by(turn.office, turn.rater)
    if not found:
        turn.miss()
        return wording.AGAIN_NONE
    told = Told(level=said.level, words=said.words, recording=turn.said.recording)
    return await rate(turn, About(first=found[0].id), told)


async def _cancel(turn: Turn) -> str:
    waiting = [each for each in turn.talk.before(turn.said.at) if each.ask is not Ask.DONE]
    if not waiting:
        return wording.NOTHING_OPEN
    await keep_unfinished(turn, waiting[0])
    turn.drop(waiting[0])
    return wording.CANCELLED


async def _stop(turn: Turn) -> str:
    rater = turn.rater
    wish = OptOut(channel=rater.channel, address_hash=rater.openid_hash, at=turn.office.now())
    await OptOut.bulk_create([wish], ignore_conflicts=True)
    return wording.STOPPED


async def _start(turn: Turn) -> str:
    rater = turn.rater
    await OptOut.filter(channel=rater.channel, address_hash=rater.openid_hash).delete()
    return wording.STARTED


async def _help(_turn: Turn) -> str:
    return wording.HELP


_COMMANDS: Final[dict[Command, Callable[[Turn], Awaitable[str]]]] = {
    Command.RATE: listed,
    Command.LOOK: looked,
    Command.FOLLOW_UP: _follow_up,
    Command.UNBIND: binding.end,
    Command.CANCEL: _cancel,
    Command.STOP: _stop,
    Command.START: _start,
    Command.HELP: _help,
}
