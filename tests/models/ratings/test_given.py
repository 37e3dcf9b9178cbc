"""What a channel may hand over: nothing that the database could not keep."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from models.ratings.given import Rating
from models.ratings.opinions import OpinionGiven
from models.words import Channel, Credential, Level
from tests.models.ratings.said import rating

GOOD: dict[str, Any] = {
    "level": 4,
    "channel": "link",
    "credential": "link",
    "submission": "link:q83vEjRWeJA:abcdefgh",
}


def test_the_shortest_rating_is_taken() -> None:
    taken = Rating.model_validate(GOOD)
    assert (taken.level, taken.channel) == (Level.SATISFIED, Channel.LINK)
    assert (taken.credential, dict(taken.reasons)) == (Credential.LINK, {})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": 0}, "level"),
        ({"level": 6}, "level"),
        ({"level": "满意"}, "level"),
        ({"channel": "shout"}, "channel"),
        ({"credential": "face"}, "credential"),
        ({"submission": "short"}, "submission"),
        ({"submission": "x" * 65}, "submission"),
        ({"submission": "\x00" * 8}, "submission"),
        ({"submission": "一二三四五六七八"}, "submission"),
        ({"submission": "        "}, "submission"),
        ({"reasons": {"weather": {}}}, "reasons.weather.[key]"),
        ({"reasons": {"item": {"words": "x" * 1001}}}, "reasons.item.words"),
        ({"reasons": {"item": {"words": "\x00"}}}, "reasons.item.words"),
        ({"reasons": {"item": {"indicators": ["a b"]}}}, "reasons.item.indicators.0"),
        ({"reasons": {"item": {"indicators": ["1"] * 21}}}, "reasons.item.indicators"),
        ({"answers": {"问": "\ud800"}}, "answers.问"),
        ({"answers": {"\x00": "答"}}, "answers.\x00.[key]"),
        ({"answers": {"问" * 1001: "答"}}, f"answers.{'问' * 1001}.[key]"),
        ({"answers": {str(number): "答" for number in range(21)}}, "answers"),
        ({"rater_phone": "010-12345"}, "rater_phone"),
        ({"rater_name": "长" * 101}, "rater_name"),
        ({"rater": "陈小明"}, "rater"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Rating.model_validate({**GOOD, **change})
    (fault,) = refused.value.errors(include_url=False)
    assert ".".join(map(str, fault["loc"])) == field


@pytest.mark.parametrize("submission", ["\x00" * 8, "一二三四五六七八", "a b c d e"])
def test_an_opinion_has_such_a_key_too(submission: str) -> None:
    with pytest.raises(ValidationError):
        OpinionGiven(words="好", channel=Channel.STATIC_CODE, submission=submission)


def test_white_space_is_no_name() -> None:
    assert not rating(rater_name=" \u3000").rater_name
