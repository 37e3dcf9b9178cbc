"""What callers do, second by second, and what must come of it. Pure.

Prompts have their lengths, so a caller who has a tape in place of ears knows when to speak.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ivr.dialogue.attending import SILENCE
from ivr.dialogue.recording import BEGINS
from ivr.prompts import Language, Prompt, Prompts

FIVE: Final = "five-points-mulaw.wav"
TWO: Final = "not-quite-satisfied-alaw.wav"
YES: Final = "yes.wav"
WHY: Final = "dissatisfied-waited.amr"
MAYBE: Final = WHY
"""不满意, asked back: what else is said is no word of a level."""
"""Of tests/ivr/recordings."""
NOTICED: Final = 1.0
"""Seconds behind a prompt at which people begin."""


@dataclass(frozen=True, slots=True)
class Does:
    """`at`: seconds from the answer. `what`: a key, or a recording."""

    at: float
    what: str

    @property
    def speaks(self) -> bool:
        return len(self.what) > 1


@dataclass(frozen=True, slots=True)
class Script:
    """`hears`: to the end, or cut short by a key or by hanging up; but for the tone, of which every
    piece is like any other. `level`: what is rated; None: nothing is, and the link goes out.
    `leaves`: hangs up when it has lasted so long, else waits for us to. `silent`: sends no sound at
    all."""

    name: str
    does: tuple[Does, ...]
    hears: tuple[Prompt, ...]
    level: int | None
    lasts: float
    leaves: bool = False
    recorded: bool = False
    silent: bool = False


def scripts(prompts: Prompts) -> tuple[Script, ...]:
    def seconds(*said: Prompt) -> float:
        return sum(prompts.seconds(Language.MANDARIN, each) for each in said)

    return tuple(written(seconds) for written in _ALL)


Seconds = Callable[..., float]


def _key_in_the_greeting(seconds: Seconds) -> Script:
    hears = (Prompt.GREETING, Prompt.THANKS)
    return Script("greeting", (Does(1.5, "5"),), hears, 5, 1.5 + seconds(Prompt.THANKS))


def _key_in_the_question(seconds: Seconds) -> Script:
    at = seconds(Prompt.GREETING) + 3
    hears = (Prompt.GREETING, Prompt.RATE_5, Prompt.THANKS)
    return Script("question", (Does(at, "4"),), hears, 4, at + seconds(Prompt.THANKS))


def _key_behind_the_question(seconds: Seconds) -> Script:
    hears = (Prompt.GREETING, Prompt.RATE_5, Prompt.THANKS)
    at = seconds(Prompt.GREETING, Prompt.RATE_5) + NOTICED
    return Script("waits", (Does(at, "3"),), hears, 3, at + seconds(Prompt.THANKS))


def _voice(seconds: Seconds) -> Script:
    hears = (Prompt.GREETING, Prompt.RATE_5, Prompt.THANKS)
    at = seconds(Prompt.GREETING, Prompt.RATE_5) + NOTICED
    return Script("voice", (Does(at, FIVE),), hears, 5, at + 3 + seconds(Prompt.THANKS))


def _voice_and_why(seconds: Seconds) -> Script:
    """Asked why once the level was understood, they tell."""
    at = seconds(Prompt.GREETING, Prompt.RATE_5) + NOTICED
    why = at + 3 + seconds(Prompt.WHY, Prompt.TONE)
    hears = (Prompt.GREETING, Prompt.RATE_5, Prompt.WHY, Prompt.THANKS_NEGATIVE)
    return Script(
        "voice-why",
        (Does(at, TWO), Does(why, WHY)),
        hears,
        2,
        why + 8 + seconds(Prompt.THANKS_NEGATIVE),
        recorded=True,
    )


def _key_and_why(seconds: Seconds) -> Script:
    why = 1.5 + seconds(Prompt.WHY, Prompt.TONE) + NOTICED
    hears = (Prompt.GREETING, Prompt.WHY, Prompt.THANKS_NEGATIVE)
    return Script(
        "why",
        (Does(1.5, "1"), Does(why, WHY)),
        hears,
        1,
        why + 8 + seconds(Prompt.THANKS_NEGATIVE),
        recorded=True,
    )


def _why_ended_by_key(seconds: Seconds) -> Script:
    why = 1.5 + seconds(Prompt.WHY, Prompt.TONE) + NOTICED
    hears = (Prompt.GREETING, Prompt.WHY, Prompt.THANKS_NEGATIVE)
    return Script(
        "why-key",
        (Does(1.5, "2"), Does(why, WHY), Does(why + 5, "#")),
        hears,
        2,
        why + 5 + seconds(Prompt.THANKS_NEGATIVE),
        recorded=True,
    )


def _sure(seconds: Seconds) -> tuple[tuple[Prompt, ...], float, float]:
    """What is heard by somebody who is asked back; when they speak; when they have heard enough of
    the question to know what it is."""
    hears = (Prompt.GREETING, Prompt.RATE_5, Prompt.YOU_SAID, Prompt.LEVEL_2, Prompt.CONFIRM)
    at = seconds(*hears[:2]) + NOTICED
    return hears, at, at + _SAID_MAYBE + seconds(*hears[2:4]) + NOTICED


def _sure_by_key(seconds: Seconds) -> Script:
    hears, at, known = _sure(seconds)
    does = (Does(at, MAYBE), Does(known, "1"))
    lasts = known + seconds(*_WHY, Prompt.TONE) + BEGINS
    return Script("sure", does, (*hears, *_WHY), 2, lasts)


def _sure_by_voice(seconds: Seconds) -> Script:
    hears, at, known = _sure(seconds)
    does = (Does(at, MAYBE), Does(known + seconds(Prompt.CONFIRM), YES))
    lasts = known + seconds(Prompt.CONFIRM) + 3 + seconds(*_WHY, Prompt.TONE) + BEGINS
    return Script("sure-voice", does, (*hears, *_WHY), 2, lasts)


def _misheard(seconds: Seconds) -> Script:
    """And says so, and goes on by key."""
    hears, at, known = _sure(seconds)
    does = (Does(at, MAYBE), Does(known, "2"), Does(known + 2, "3"))
    lasts = known + 2 + seconds(Prompt.THANKS)
    return Script("misheard", does, (*hears, Prompt.NO_MATCH, Prompt.THANKS), 3, lasts)


def _leaves_when_asked_back(seconds: Seconds) -> Script:
    hears, at, known = _sure(seconds)
    return Script("leaves-sure", (Does(at, MAYBE),), hears, None, known, leaves=True)


def _silence(seconds: Seconds, *, silent: bool = False) -> Script:
    hears = (Prompt.GREETING, Prompt.RATE_5, Prompt.NO_INPUT, Prompt.RATE_5, *_LET_GO)
    lasts = seconds(*hears) + 2 * SILENCE
    return Script("mute" if silent else "silence", (), hears, None, lasts, silent=silent)


def _no_sound_at_all(seconds: Seconds) -> Script:
    return _silence(seconds, silent=True)


def _wrong_keys(seconds: Seconds) -> Script:
    hears = (Prompt.GREETING, Prompt.NO_MATCH, *_LET_GO)
    return Script("wrong", (Does(1.5, "9"), Does(4, "0")), hears, None, 4 + seconds(*_LET_GO))


def _leaves_in_the_greeting(_seconds: Seconds) -> Script:
    return Script("leaves", (), (Prompt.GREETING,), None, 1.5, leaves=True)


def _leaves_before_an_answer(seconds: Seconds) -> Script:
    hears = (Prompt.GREETING, Prompt.RATE_5)
    return Script("leaves-silent", (), hears, None, seconds(*hears) + 2, leaves=True)


def _leaves_when_asked_again(seconds: Seconds) -> Script:
    hears = (Prompt.GREETING, Prompt.RATE_5, Prompt.NO_INPUT)
    lasts = seconds(Prompt.GREETING, Prompt.RATE_5) + SILENCE + 1.5
    return Script("leaves-again", (), hears, None, lasts, leaves=True)


def _leaves_when_asked_why(_seconds: Seconds) -> Script:
    hears = (Prompt.GREETING, Prompt.WHY)
    return Script("leaves-why", (Does(1.5, "1"),), hears, 1, 4.5, leaves=True)


def _leaves_while_telling_why(seconds: Seconds) -> Script:
    why = 1.5 + seconds(Prompt.WHY, Prompt.TONE) + NOTICED
    return Script(
        "leaves-telling",
        (Does(1.5, "2"), Does(why, WHY)),
        (Prompt.GREETING, Prompt.WHY),
        2,
        why + 1.5,
        leaves=True,
        recorded=True,
    )


_WHY: Final = (Prompt.WHY, Prompt.THANKS_NEGATIVE)
_SAID_MAYBE: Final = 4.2
"""Seconds until it is asked back."""
_LET_GO: Final = (Prompt.LINK, Prompt.GOODBYE)
_ALL: Final[tuple[Callable[[Seconds], Script], ...]] = (
    _key_in_the_greeting,
    _key_in_the_question,
    _key_behind_the_question,
    _voice,
    _voice_and_why,
    _key_and_why,
    _why_ended_by_key,
    _sure_by_key,
    _sure_by_voice,
    _misheard,
    _leaves_when_asked_back,
    _silence,
    _no_sound_at_all,
    _wrong_keys,
    _leaves_in_the_greeting,
    _leaves_before_an_answer,
    _leaves_when_asked_again,
    _leaves_when_asked_why,
    _leaves_while_telling_why,
)
