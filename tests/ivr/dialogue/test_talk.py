"""The dialogue, turn by turn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.dialogue.talk import Ask, Event, Pause, Pressed, Script, Talk, Turn, begin, step
from ivr.prompts import Language, Prompt
from ivr.speech.meaning import Meaning
from models.words import Level

SCRIPT = Script(
    language=Language.MANDARIN,
    best=5,
    speech=True,
    negative=frozenset({Level.DISSATISFIED, Level.VERY_DISSATISFIED}),
    reachable=True,
)
KEYS_ONLY = replace(SCRIPT, speech=False)
NOT_REACHABLE = replace(SCRIPT, reachable=False)
NOTHING = Meaning(level=None, yes=None, sure=False)
YES = Meaning(level=None, yes=True, sure=True)
NO = Meaning(level=None, yes=False, sure=True)


def sure(level: Level) -> Meaning:
    return Meaning(level=level, yes=None, sure=True)


def unsure(level: Level) -> Meaning:
    return Meaning(level=level, yes=None, sure=False)


def after(*events: Event, script: Script = SCRIPT) -> Turn:
    turn = begin(script)
    for event in events:
        turn = step(script, turn.talk, event) or Turn(turn.talk, ())
    return turn


def test_a_caller_is_greeted_and_asked() -> None:
    assert begin(SCRIPT).say == (Prompt.GREETING, Prompt.RATE_5)
    assert begin(replace(SCRIPT, best=1)).say == (Prompt.GREETING, Prompt.RATE_1)
    assert begin(KEYS_ONLY).say == (Prompt.GREETING, Prompt.RATE_5_KEYS)
    assert begin(replace(KEYS_ONLY, best=1)).say == (Prompt.GREETING, Prompt.RATE_1_KEYS)


@pytest.mark.parametrize("level", Level)
def test_each_key_is_a_level(level: Level) -> None:
    five_is_best = after(Pressed(str(int(level))))
    one_is_best = after(Pressed(str(6 - int(level))), script=replace(SCRIPT, best=1))
    assert five_is_best.talk.told is one_is_best.talk.told is level


def test_a_good_level_is_thanked_for() -> None:
    turn = after(Pressed("5"))
    assert turn == Turn(Talk(Ask.OVER, Level.VERY_SATISFIED), (Prompt.THANKS,))


def test_a_negative_level_is_asked_why() -> None:
    turn = after(sure(Level.DISSATISFIED))
    assert turn == Turn(Talk(Ask.WHY, Level.DISSATISFIED), (Prompt.WHY, Prompt.TONE))


@pytest.mark.parametrize("end", [Pressed("#"), Pause.RECORDED])
def test_the_reason_ends_by_key_or_by_silence(end: Event) -> None:
    turn = after(Pressed("1"), end)
    assert turn == Turn(Talk(Ask.OVER, Level.VERY_DISSATISFIED), (Prompt.THANKS_NEGATIVE,))


@pytest.mark.parametrize("event", [Pressed("5"), Pressed("#", early=True), YES, Pause.SILENCE])
def test_nothing_else_ends_the_reason(event: Event) -> None:
    assert step(SCRIPT, after(Pressed("1")).talk, event) is None


def test_who_is_not_well_heard_is_asked_back() -> None:
    turn = after(unsure(Level.DISSATISFIED))
    assert turn.talk.told is None
    assert turn.say == (Prompt.YOU_SAID, Prompt.LEVEL_2, Prompt.CONFIRM)


@pytest.mark.parametrize("yes", [Pressed("1"), YES, unsure(Level.SATISFIED)])
def test_a_yes_or_the_same_again_is_enough(yes: Event) -> None:
    assert after(unsure(Level.SATISFIED), yes).talk.told is Level.SATISFIED


@pytest.mark.parametrize("no", [Pressed("2"), NO])
def test_a_no_asks_anew(no: Event) -> None:
    turn = after(unsure(Level.SATISFIED), no)
    assert turn.talk == Talk(Ask.LEVEL, None, unclear=1)
    assert turn.say == (Prompt.NO_MATCH, Prompt.RATE_5)


def test_a_yes_that_is_not_well_heard_is_none() -> None:
    maybe = Meaning(level=None, yes=True, sure=False)
    turn = after(unsure(Level.SATISFIED), maybe)
    assert turn.say == (Prompt.NO_MATCH, Prompt.YOU_SAID, Prompt.LEVEL_4, Prompt.CONFIRM)


def test_another_level_when_asked_back_counts_where_it_is_sure() -> None:
    assert after(unsure(Level.SATISFIED), sure(Level.DISSATISFIED)).talk.ask is Ask.WHY
    turn = after(unsure(Level.SATISFIED), unsure(Level.DISSATISFIED))
    assert turn.talk == Talk(Ask.SURE, Level.DISSATISFIED, unclear=1)


def test_a_key_before_the_question_back_was_heard_answers_the_first_question() -> None:
    """Keys win over speech: 1 is still a level, and no yes."""
    turn = after(unsure(Level.SATISFIED), Pressed("1", early=True))
    assert turn.talk.told is Level.VERY_DISSATISFIED


def test_other_levels_by_key_count_when_asked_back_too() -> None:
    assert after(unsure(Level.DISSATISFIED), Pressed("5")).talk.told is Level.VERY_SATISFIED


def test_silence_is_asked_twice_and_let_go_with_a_link() -> None:
    first = after(Pause.SILENCE)
    assert first.say == (Prompt.NO_INPUT, Prompt.RATE_5)
    assert after(Pause.SILENCE, Pause.SILENCE).say == (Prompt.LINK, Prompt.GOODBYE)
    unreachable = after(Pause.SILENCE, Pause.SILENCE, script=NOT_REACHABLE)
    assert unreachable.say == (Prompt.GOODBYE,)


def test_silence_and_noise_are_counted_apart() -> None:
    turn = after(Pause.SILENCE, NOTHING)
    assert turn.talk == Talk(Ask.LEVEL, None, silent=1, unclear=1)
    assert after(Pause.SILENCE, NOTHING, NOTHING).talk.ask is Ask.OVER
    assert after(Pause.SILENCE, NOTHING, Pause.SILENCE).talk.ask is Ask.OVER


def test_a_key_that_means_nothing_is_not_understood_and_a_hash_is_no_answer() -> None:
    assert after(Pressed("9")).say == (Prompt.NO_MATCH, Prompt.RATE_5)
    assert step(SCRIPT, begin(SCRIPT).talk, Pressed("#")) is None
    assert step(SCRIPT, begin(SCRIPT).talk, Pressed("*")) is None


def test_let_go_a_guess_is_no_level() -> None:
    turn = after(unsure(Level.DISSATISFIED), Pause.SILENCE, Pause.SILENCE)
    assert turn.talk.ask is Ask.OVER
    assert turn.talk.told is None


EVENTS = st.one_of(
    st.builds(Pressed, st.sampled_from("0123456789*#ABCD"), st.booleans()),
    st.builds(
        Meaning,
        level=st.none() | st.sampled_from(Level),
        yes=st.none() | st.booleans(),
        sure=st.booleans(),
    ),
    st.sampled_from(Pause),
)
SCRIPTS = st.builds(
    Script,
    language=st.sampled_from(Language),
    best=st.sampled_from([1, 5]),
    speech=st.booleans(),
    negative=st.frozensets(st.sampled_from(Level)),
    reachable=st.booleans(),
)


@given(SCRIPTS, st.lists(EVENTS, max_size=30))
def test_whatever_comes(script: Script, events: list[Event]) -> None:
    turn = begin(script)
    heard = set()
    for event in events:
        told = turn.talk.told
        if isinstance(event, Pressed):
            heard.add(script.level(event.key))
        elif isinstance(event, Meaning):
            heard.add(event.level)
        turn = step(script, turn.talk, event) or Turn(turn.talk, ())
        # What once counts goes on counting.
        assert told in (None, turn.talk.told)
        # Nobody is said to have told what they did not.
        assert turn.talk.told in heard | {None}
        # Only a negative level is asked why, and nobody is asked more than is allowed.
        assert (turn.talk.ask is Ask.WHY) <= (turn.talk.told in script.negative)
        assert max(turn.talk.silent, turn.talk.unclear) <= 2


@given(SCRIPTS, st.lists(EVENTS, min_size=8, max_size=8))
def test_whoever_answers_or_is_silent_is_soon_let_go(script: Script, events: list[Event]) -> None:
    """No caller is asked round and round."""
    turn = begin(script)
    changes = 0
    for event in [*events, *[Pause.SILENCE] * 2, Pause.RECORDED]:
        following = step(script, turn.talk, event)
        changes += following is not None
        turn = following or turn
    assert turn.talk.ask is Ask.OVER
    assert changes <= 6
