"""What a rating must bring and may not bring: indicators, words (第七条 of 潮安 and 天津)."""

from __future__ import annotations

import pytest

from models.ratings.refusals import IndicatorUnfit, OtherNeedsWords, ReasonMissing
from models.refusals import Invalid
from models.rulebooks.shelf import Shelf
from models.words import Level, Target
from tests.models.ratings.said import JURISDICTIONS, decided, rating, reasons, subject

BAD, WORST = Level.DISSATISFIED, Level.VERY_DISSATISFIED
GOOD = (Level.BASICALLY_SATISFIED, Level.SATISFIED, Level.VERY_SATISFIED)
BOTH = (Target.ITEM, Target.STAFF)
ARTICLES = {"chaoan": "第七条", "tianjin": "第七条"}
"""Where the text asks for a reason; elsewhere the platform does."""


@pytest.mark.parametrize("name", JURISDICTIONS)
@pytest.mark.parametrize("level", GOOD)
def test_a_good_rating_needs_no_reason(shelf: Shelf, name: str, level: Level) -> None:
    assert decided(shelf, subject(name), rating(level)).order is None


@pytest.mark.parametrize("name", JURISDICTIONS)
@pytest.mark.parametrize("level", [BAD, WORST])
def test_a_bad_rating_without_a_reason_is_refused_with_the_article(
    shelf: Shelf, name: str, level: Level
) -> None:
    with pytest.raises(ReasonMissing) as refused:
        decided(shelf, subject(name), rating(level))
    assert refused.value.field == "reasons.item"
    assert refused.value.source == ARTICLES.get(name, "platform")
    assert ("依据第七条" in refused.value.message) == (name in ARTICLES)
    assert "platform" not in refused.value.message


@pytest.mark.parametrize("name", JURISDICTIONS)
@pytest.mark.parametrize("level", [BAD, WORST])
def test_an_indicator_or_words_are_enough(shelf: Shelf, name: str, level: Level) -> None:
    version = shelf.book(name).versions[0]
    indicator = version.indicators.choices(Target.ITEM, level)[0]
    for said in ("等了两个小时", (indicator.code,)):
        assert decided(shelf, subject(name), rating(level, **reasons(item=said))).order


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u3000"])
def test_white_space_is_no_reason(shelf: Shelf, blank: str) -> None:
    with pytest.raises(ReasonMissing):
        decided(shelf, subject(), rating(BAD, **reasons(item=blank)))


def test_one_reason_is_enough_for_two_targets(shelf: Shelf) -> None:
    about = subject("chaoan", *BOTH)
    assert decided(shelf, about, rating(BAD, **reasons(staff="态度生硬"))).order


@pytest.mark.parametrize(
    ("rule", "article"), [("batch", "第十二条"), ("parallel", "第十三条"), ("theme", None)]
)
@pytest.mark.parametrize("missing", BOTH)
def test_in_tianjin_a_bad_batch_names_staff_and_item_apart(
    shelf: Shelf, rule: str, article: str | None, missing: Target
) -> None:
    about = subject("tianjin", *BOTH, rule=rule)
    said = {target.value: "慢" for target in BOTH if target is not missing}
    if article is None:
        assert decided(shelf, about, rating(BAD, **reasons(**said))).order
        return
    with pytest.raises(ReasonMissing) as refused:
        decided(shelf, about, rating(BAD, **reasons(**said)))
    assert (refused.value.target, refused.value.source) == (missing, article)
    assert f"对{missing.label}" in refused.value.message
    assert decided(shelf, about, rating(BAD, **reasons(staff="慢", item="慢"))).order


@pytest.mark.parametrize("level", GOOD)
def test_in_tianjin_a_good_batch_needs_none_of_it(shelf: Shelf, level: Level) -> None:
    assert decided(shelf, subject("tianjin", *BOTH, rule="batch"), rating(level))


@pytest.mark.parametrize("target", [each for each in Target if each is not Target.ITEM])
def test_what_is_not_rated_takes_no_reason(shelf: Shelf, target: Target) -> None:
    given = rating(BAD, **reasons(item="慢", **{target.value: "慢"}))
    with pytest.raises(Invalid, match=target.label) as refused:
        decided(shelf, subject(), given)
    assert refused.value.field == f"reasons.{target.value}"
    # Left empty, it says nothing and harms nothing.
    empty = rating(BAD, **reasons(item="慢", **{target.value: ""}))
    assert decided(shelf, subject(), empty).evaluation["reasons"].keys() == {"item"}


@pytest.mark.parametrize(
    ("about", "level", "code"),
    [
        ("another level", BAD, "510"),
        ("another level", Level.SATISFIED, "207"),
        ("another target", BAD, "213"),
        ("unknown", BAD, "999"),
        ("retired", BAD, "206"),
    ],
)
@pytest.mark.parametrize("name", ["chaoan", "sanming", "qijiang", "lingang"])
def test_an_indicator_must_fit(
    shelf: Shelf, name: str, about: str, level: Level, code: str
) -> None:
    """Codes of the State's table; those of the tables before it are retired."""
    with pytest.raises(IndicatorUnfit) as refused:
        decided(shelf, subject(name), rating(level, **reasons(item=(code,))))
    assert refused.value.field == "reasons.item.indicators"
    assert code in refused.value.message
    assert ("停用" in refused.value.message) == (about == "retired")


@pytest.mark.parametrize("level", Level)
def test_every_indicator_of_tianjin_is_taken_at_its_level_and_at_no_other(
    shelf: Shelf, level: Level
) -> None:
    version = shelf.book("tianjin").versions[0]
    for target in BOTH:
        about = subject("tianjin", target)
        for at in Level:
            for indicator in version.indicators.choices(target, at):
                said = {target.value: (indicator.code,)}
                given = rating(level, **reasons(**said))
                if at is not level:
                    with pytest.raises(IndicatorUnfit):
                        decided(shelf, about, given)
                elif not indicator.other:
                    assert decided(shelf, about, given)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("target", BOTH)
def test_other_needs_words(shelf: Shelf, target: Target, level: Level) -> None:
    """“其他” of 天津's annex says nothing by itself, whatever the level."""
    version = shelf.book("tianjin").versions[0]
    choices = version.indicators.choices(target, level)
    others = [each.code for each in choices if each.other]
    about = subject("tianjin", target)
    for code in others:
        said = {target.value: {"indicators": [code]}}
        with pytest.raises(OtherNeedsWords) as refused:
            decided(shelf, about, rating(level, reasons=said))
        assert refused.value.field == f"reasons.{target.value}.words"
        worded = {target.value: {"indicators": [code], "words": "门口没有坡道"}}
        assert decided(shelf, about, rating(level, reasons=worded))


def test_tianjin_has_others_to_choose(shelf: Shelf) -> None:
    version = shelf.book("tianjin").versions[0]
    assert any(each.other for each in version.indicators.choices(Target.ITEM, BAD))
