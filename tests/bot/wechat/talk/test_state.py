"""What a dialogue keeps, by the times at which people sent (bot/wechat/talk/state.py)."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.talk.state import QUESTIONS, UNPLACED, About, Ask, Question, Talk, Unplaced
from tests.standing import MONDAY

TIMES = st.integers(0, 500).map(lambda seconds: MONDAY + timedelta(seconds=seconds))
LATER = MONDAY + timedelta(days=1)


def question(at: datetime, about: int, ask: Ask = Ask.LEVEL) -> Question:
    return Question(ask=ask, at=at, until=LATER, about=About(invitation=about))


@given(st.lists(st.tuples(TIMES, st.integers(1, 30)), max_size=40), TIMES)
def test_an_answer_belongs_to_the_newest_question_before_it(
    asked: list[tuple[datetime, int]], said: datetime
) -> None:
    talk = Talk()
    for at, about in asked:
        talk = talk.asked(question(at, about))
    assert len(talk.questions) <= QUESTIONS
    before = list(talk.before(said))
    assert all(each.at <= said for each in before)
    assert before == sorted(before, key=lambda each: each.at, reverse=True)
    assert len({each.about for each in talk.questions}) == len(talk.questions)


def test_a_question_about_the_same_takes_the_place_of_the_older_one() -> None:
    first, second = question(MONDAY, 1), question(LATER, 1, Ask.WHY)
    assert Talk().asked(first).asked(second).questions == (second,)


@given(st.lists(TIMES, max_size=20), TIMES)
def test_what_nobody_understood_waits_for_what_was_sent_before_it(
    sent: list[datetime], came: datetime
) -> None:
    talk = Talk()
    for number, at in enumerate(sent):
        talk = talk.missed(Unplaced(at=at, once=str(number), words="5"))
    assert len(talk.unplaced) <= UNPLACED
    left, again = talk.later_than(came)
    assert all(each.at >= came for each in again)
    assert all(each.at < came for each in left.unplaced)
    assert len(left.unplaced) + len(again) == len(talk.unplaced)


def test_it_is_over_when_nobody_answers() -> None:
    waiting, done = question(MONDAY, 1), question(MONDAY, 2, Ask.DONE)
    talk = Talk().asked(waiting).asked(done)
    assert talk.until == LATER
    assert talk.expired(LATER - timedelta(microseconds=1)) == (talk, ())
    left, over = talk.expired(LATER)
    assert (left.questions, over) == ((), (waiting,))


@given(st.lists(st.tuples(TIMES, st.integers(1, 30)), max_size=12))
def test_it_is_the_same_after_it_was_kept(asked: list[tuple[datetime, int]]) -> None:
    talk = Talk()
    for at, about in asked:
        talk = talk.asked(question(at, about))
    assert Talk.model_validate_json(talk.model_dump_json(exclude_defaults=True)) == talk
