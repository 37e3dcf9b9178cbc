"""The dialogue with a caller, decided: what is said next, and what is waited for. Pure.

Greeting and question; a level by key or by voice; a voice that is not sure of itself is asked back;
a negative level is asked why. Silence and what is not understood are counted apart, and after two
of either the caller is let go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from ivr.prompts import Language, Prompt
from ivr.speech.meaning import Meaning
from models.words import Level

TRIES: Final = 2
"""How often a question is put to somebody who says nothing, and to somebody who is not
understood."""
YES: Final = "1"
NO: Final = "2"
END: Final = "#"

Best = Literal[1, 5]


@dataclass(frozen=True, slots=True)
class Script:
    """What is settled before the first word. `best`: the key that means 非常满意; some hotlines
    use 1. `speech`: whether the caller is listened to, or rates by key only. `negative`: levels
    whose reason is asked for. `reachable`: a link can be sent to the caller by SMS."""

    language: Language
    best: Best
    speech: bool
    negative: frozenset[Level]
    reachable: bool

    def level(self, key: str) -> Level | None:
        if key not in {"1", "2", "3", "4", "5"}:
            return None
        return Level(int(key) if self.best == 5 else 6 - int(key))


class Ask(StrEnum):
    LEVEL = "level"
    SURE = "sure"
    """Whether a level was rightly heard."""
    WHY = "why"
    """The reason is being recorded."""
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Talk:
    """`level`: a guess while it is asked back, told from then on."""

    ask: Ask = Ask.LEVEL
    level: Level | None = None
    silent: int = 0
    unclear: int = 0

    @property
    def told(self) -> Level | None:
        """The level that counts, whatever becomes of the call."""
        return self.level if self.ask in (Ask.WHY, Ask.OVER) else None


@dataclass(frozen=True, slots=True)
class Turn:
    """`say`: one prompt behind the other, in place of whatever is being said."""

    talk: Talk
    say: tuple[Prompt, ...]


class Pause(StrEnum):
    """What else can happen."""

    SILENCE = "silence"
    """Nothing came for as long as is waited."""
    RECORDED = "recorded"
    """The reason is at its end."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """`early`: before the caller can have heard what the question makes of this key: it answers
    the question before."""

    key: str
    early: bool = False


Event = Pressed | Meaning | Pause


def begin(script: Script) -> Turn:
    return Turn(Talk(), (Prompt.GREETING, *_question(script, Talk())))


def step(script: Script, talk: Talk, event: Event) -> Turn | None:
    """None: it changes nothing, and what is being said goes on."""
    if talk.ask is Ask.OVER:
        return None
    if talk.ask is Ask.WHY:
        # Many press # behind their figure: that is not yet the end of the reason.
        over = event is Pause.RECORDED or event == Pressed(END)
        return _over(talk, Prompt.THANKS_NEGATIVE) if over else None
    match event:
        case Pressed():
            return _pressed(script, talk, event)
        case Meaning():
            return _spoke(script, talk, event)
        case Pause.SILENCE:
            return _silent(script, talk)
        case Pause.RECORDED:
            return None


def _pressed(script: Script, talk: Talk, pressed: Pressed) -> Turn | None:
    if not pressed.key.isdigit():
        return None
    if talk.ask is Ask.SURE and talk.level is not None and not pressed.early:
        if pressed.key == YES:
            return _tell(script, talk, talk.level)
        if pressed.key == NO:
            return _denied(script, talk)
    level = script.level(pressed.key)
    return _unclear(script, talk) if level is None else _tell(script, talk, level)


def _spoke(script: Script, talk: Talk, meaning: Meaning) -> Turn:
    level = meaning.level
    if talk.ask is Ask.SURE and talk.level is not None:
        # Said again, it is what was meant.
        if (meaning.yes is True and meaning.sure) or level is talk.level:
            return _tell(script, talk, talk.level)
        if meaning.yes is False and meaning.sure and level is None:
            return _denied(script, talk)
    if level is None:
        return _unclear(script, talk)
    if meaning.sure:
        return _tell(script, talk, level)
    again = talk.unclear + (talk.ask is Ask.SURE)
    if again == TRIES:
        return _let_go(script, talk)
    asked = replace(talk, ask=Ask.SURE, level=level, unclear=again)
    return Turn(asked, _question(script, asked))


def _tell(script: Script, talk: Talk, level: Level) -> Turn:
    told = replace(talk, ask=Ask.WHY, level=level)
    if level in script.negative:
        return Turn(told, (Prompt.WHY, Prompt.TONE))
    return _over(told, Prompt.THANKS)


def _denied(script: Script, talk: Talk) -> Turn:
    """Wrongly heard: the question anew, by key if need be."""
    return _unclear(script, replace(talk, ask=Ask.LEVEL, level=None))


def _unclear(script: Script, talk: Talk) -> Turn:
    missed = replace(talk, unclear=talk.unclear + 1)
    if missed.unclear == TRIES:
        return _let_go(script, missed)
    return Turn(missed, (Prompt.NO_MATCH, *_question(script, missed)))


def _silent(script: Script, talk: Talk) -> Turn:
    missed = replace(talk, silent=talk.silent + 1)
    if missed.silent == TRIES:
        return _let_go(script, missed)
    return Turn(missed, (Prompt.NO_INPUT, *_question(script, missed)))


def by_link(script: Script) -> tuple[Prompt, ...]:
    """To whoever could not rate here."""
    return (Prompt.LINK, Prompt.GOODBYE) if script.reachable else (Prompt.GOODBYE,)


def _let_go(script: Script, talk: Talk) -> Turn:
    return _over(replace(talk, level=None), *by_link(script))


def _over(talk: Talk, *say: Prompt) -> Turn:
    return Turn(replace(talk, ask=Ask.OVER), say)


def _question(script: Script, talk: Talk) -> tuple[Prompt, ...]:
    if talk.ask is Ask.SURE and talk.level is not None:
        return (Prompt.YOU_SAID, LEVELS[talk.level], Prompt.CONFIRM)
    if script.speech:
        return (Prompt.RATE_5 if script.best == 5 else Prompt.RATE_1,)
    return (Prompt.RATE_5_KEYS if script.best == 5 else Prompt.RATE_1_KEYS,)


LEVELS: Final = {
    Level.VERY_SATISFIED: Prompt.LEVEL_5,
    Level.SATISFIED: Prompt.LEVEL_4,
    Level.BASICALLY_SATISFIED: Prompt.LEVEL_3,
    Level.DISSATISFIED: Prompt.LEVEL_2,
    Level.VERY_DISSATISFIED: Prompt.LEVEL_1,
}
