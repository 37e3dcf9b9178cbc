"""What a caller meant by what was heard."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.speech.meaning import PHRASES, Meaning, agreed, meant, rating_grammar, unheard_of
from ivr.speech.phrases import LEVELS, NO, YES
from ivr.speech.recognising import OURS, Recogniser, Transcript
from models.words import Level

FIVE, FOUR, THREE, TWO, ONE = Level


@pytest.fixture(scope="module")
def recogniser() -> Iterator[Recogniser]:
    recogniser = Recogniser(OURS)
    yield recogniser
    recogniser.close()


def said(text: str, confidence: float = 1.0) -> Transcript:
    return Transcript(text, confidence, ())


@pytest.mark.parametrize("level", Level)
def test_every_phrase_of_a_level_means_it(level: Level) -> None:
    for phrase in LEVELS[level]:
        meaning = meant(said(phrase.replace(" ", "")))
        assert (meaning.level, meaning.sure) == (level, True), phrase


@pytest.mark.parametrize(("phrases", "yes"), [(YES, True), (NO, False)])
def test_every_phrase_of_an_answer_means_it(phrases: tuple[str, ...], yes: bool) -> None:
    for phrase in phrases:
        assert meant(said(phrase.replace(" ", ""))).yes is yes, phrase


def test_what_is_a_level_and_an_answer() -> None:
    assert meant(said("可以")) == Meaning(FOUR, yes=True, sure=True)


@pytest.mark.parametrize("text", ["", "态度很好", "帮助", "六"])
def test_what_is_neither(text: str) -> None:
    assert meant(said(text)) == Meaning(None, None, sure=True)


def test_what_was_not_well_heard_is_not_sure() -> None:
    assert meant(said("满意", 0.4)) == Meaning(FOUR, None, sure=False)
    assert meant(said("是的", 0.4)) == Meaning(None, yes=True, sure=False)


def test_what_is_only_guessed_is_not_sure() -> None:
    assert meant(said("服务态度满意")) == Meaning(FOUR, None, sure=False)


@pytest.mark.parametrize(
    ("text", "level", "sure"),
    [
        ("一分", ONE, False),
        ("打五分", FIVE, False),
        ("两颗星", TWO, False),
        ("一", FIVE, False),
        ("选二", FOUR, False),
        ("满意", FOUR, True),
        ("一般", THREE, True),
        ("满分", FIVE, True),
    ],
)
def test_where_1_is_the_best_key_a_figure_is_asked_back(
    text: str, level: Level, sure: bool
) -> None:
    assert meant(said(text), best=1) == Meaning(level, None, sure=sure)


SURE_OF_4 = Meaning(FOUR, None, sure=True)
NOTHING = Meaning(None, None, sure=False)


@pytest.mark.parametrize(
    ("narrow", "free", "said"),
    [
        (SURE_OF_4, SURE_OF_4, SURE_OF_4),
        (Meaning(FOUR, None, sure=False), SURE_OF_4, Meaning(FOUR, None, sure=False)),
        (SURE_OF_4, Meaning(FOUR, None, sure=False), SURE_OF_4),
        (SURE_OF_4, Meaning(TWO, None, sure=True), Meaning(FOUR, None, sure=False)),
        (SURE_OF_4, Meaning(FOUR, yes=True, sure=True), Meaning(FOUR, None, sure=False)),
        (SURE_OF_4, NOTHING, Meaning(FOUR, None, sure=False)),
        (NOTHING, SURE_OF_4, Meaning(FOUR, None, sure=False)),
        (NOTHING, NOTHING, NOTHING),
    ],
)
def test_what_was_heard_twice_is_sure_where_both_agree(
    narrow: Meaning, free: Meaning, said: Meaning
) -> None:
    assert agreed(narrow, free) == said


def test_our_model_knows_every_phrase(recogniser: Recogniser) -> None:
    grammar = rating_grammar(recogniser)
    assert unheard_of(recogniser) == frozenset()
    assert grammar is not None
    assert set(PHRASES) <= set(json.loads(grammar))


def knowing(folder: Path, *, but: tuple[str, ...]) -> Recogniser:
    """Our model with other words in the place of some."""
    copy = shutil.copytree(OURS, folder / "model")
    words = copy / "graph/words.txt"
    lines = [line.split() for line in words.read_text().splitlines()]
    words.write_text("".join(f"{'麒麟' + n if word in but else word} {n}\n" for word, n in lines))
    return Recogniser(copy)


def test_what_a_model_lacks_is_left_out_and_named(tmp_path: Path) -> None:
    recogniser = knowing(tmp_path, but=("及格", "马马虎虎"))

    grammar = rating_grammar(recogniser)
    recogniser.close()

    assert unheard_of(recogniser) == {"及格", "马马虎虎"}
    assert grammar is not None
    assert set(PHRASES) - set(json.loads(grammar)) == {"及格", "马马虎虎"}


def test_a_model_without_the_levels_has_no_grammar(tmp_path: Path) -> None:
    recogniser = knowing(tmp_path, but=("基本", "基本上"))

    assert rating_grammar(recogniser) is None
    recogniser.close()
