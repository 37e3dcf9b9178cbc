"""Of recordings, whose callers cannot be asked again: what counts, and what does not."""

from __future__ import annotations

import pytest

from ivr.line import RATE
from ivr.recordings import Part, made_out, utterances
from ivr.speech.recognising import Transcript
from models.words import Level

SURE, UNSURE = 0.95, 0.5


def transcript(text: str, confidence: float = SURE) -> Transcript:
    return Transcript(text, confidence if text else 0.0, ())


def part(free: str, rating: str | None = None, confidence: float = SURE) -> Part:
    """`rating`: what was heard by the words of a rating, where it is not the same."""
    heard = free if rating is None else rating
    return Part(transcript(heard, confidence), transcript(free, confidence))


@pytest.mark.parametrize(
    ("parts", "level", "sure", "words"),
    [
        ([part("满意")], Level.SATISFIED, True, ""),
        ([part("不满意等太久了", "不满意")], Level.DISSATISFIED, True, "等太久了"),
        ([part("不满意"), part("等太久了", "")], Level.DISSATISFIED, True, "等太久了"),
        ([part("喂", ""), part("满意")], Level.SATISFIED, True, "喂"),
        # One way of listening alone, or two that differ.
        ([part("满意", "")], Level.SATISFIED, False, ""),
        ([part("", "满意")], Level.SATISFIED, False, ""),
        ([part("满意", "不满意")], Level.SATISFIED, False, ""),
        ([part("满意", confidence=UNSURE)], Level.SATISFIED, False, ""),
        # Thought better of.
        ([part("满意"), part("不满意")], Level.SATISFIED, False, "不满意"),
        ([part("满意"), part("非常满意", confidence=UNSURE)], Level.SATISFIED, True, "非常满意"),
        ([part("你好", "")], None, False, "你好"),
        ([part("", "")], None, False, ""),
        ([], None, False, ""),
    ],
)
def test_a_level_counts_where_both_ways_agree(
    parts: list[Part], level: Level | None, sure: bool, words: str
) -> None:
    found = made_out(parts, 5)
    assert (found.level, found.sure, found.words) == (level, sure, words)


def test_one_way_that_is_sure_is_enough() -> None:
    found = made_out([Part(transcript("不满意", UNSURE), transcript("不满意"))], 5)
    assert (found.level, found.sure, found.confidence) == (Level.DISSATISFIED, True, SURE)


def test_everything_is_written_down() -> None:
    assert made_out([part("喂"), part("满意"), part("谢谢")], 5).transcript == "喂，满意，谢谢"


def test_a_figure_where_one_is_the_best_key_is_not_sure() -> None:
    assert made_out([part("一")], 5).level is Level.VERY_DISSATISFIED
    other = made_out([part("一")], 1)
    assert (other.level, other.sure) == (Level.VERY_SATISFIED, False)


@pytest.mark.parametrize("seconds", [0, 0.3, 5])
def test_where_nobody_stands_out_all_of_it_is_heard(seconds: float) -> None:
    sound = bytes(2 * int(RATE * seconds))
    assert utterances(sound) == [sound]
