"""What the small model was made to hear (ivr/training/sentences.py) and what it is heard as."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ivr.speech.phrases import LEVELS
from ivr.speech.recognising import OURS, Recogniser
from ivr.training.sentences import ANSWERS, COMPLAINTS, PRAISE, WORDS
from models.ratings.heard import heard
from models.words import Level


@pytest.fixture(scope="module")
def recogniser() -> Iterator[Recogniser]:
    recogniser = Recogniser(OURS)
    yield recogniser
    recogniser.close()


def test_the_model_that_comes_along_knows_every_word(recogniser: Recogniser) -> None:
    assert [word for word in WORDS if not recogniser.knows(word)] == []


def test_it_is_small() -> None:
    assert sum(file.stat().st_size for file in OURS.rglob("*")) < 5_000_000


@pytest.mark.parametrize("level", list(Level))
def test_what_it_hears_is_the_level_it_was_meant_for(level: Level) -> None:
    for said in LEVELS[level]:
        told = heard(said.replace(" ", ""))
        assert (told.level, told.sure) == (level, True), said


def test_a_reason_by_itself_is_no_level() -> None:
    reasons = [said.replace(" ", "") for said in (*COMPLAINTS, *PRAISE, *ANSWERS)]

    levels = {said for said in reasons if heard(said).sure and heard(said).level}

    assert levels == {"服务太差", "服务很好", "可以", "一", "二", "三", "四", "五"}
