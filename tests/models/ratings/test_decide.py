"""What becomes of a rating beside its reasons: name, time, ordinal, rows (matrix §2, §3, §7)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from models.ledger import FORM, leaf
from models.ratings.refusals import AlreadyRated, LinkExpired, RealNameMissing
from models.ratings.subject import Covered
from models.rulebooks.shelf import Shelf
from models.words import Level, Node, Ordinal, Target
from tests.models.ratings.said import (
    ID,
    JURISDICTIONS,
    NOW,
    decided,
    rating,
    reasons,
    subject,
    version_of,
)

FIRST = UUID(int=1)
ME = {"rater_name": "陈小明", "rater_phone": "13800138000"}
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("who", "enough"),
    [
        ({}, False),
        ({"rater_name": "陈小明"}, False),
        ({"rater_phone": "13800138000"}, False),
        ({"rater_name": " ", "rater_phone": "13800138000"}, False),
        (ME, True),
    ],
)
def test_tianjin_asks_for_the_real_name(shelf: Shelf, who: dict[str, str], enough: bool) -> None:
    """第十七条."""
    about = subject("tianjin", named=False)
    if enough:
        assert decided(shelf, about, rating(**who)).evaluation["real_name"]
        return
    with pytest.raises(RealNameMissing) as refused:
        decided(shelf, about, rating(**who))
    assert (refused.value.source, refused.value.field) == ("第十七条", "rater_name")


def test_in_tianjin_the_name_in_the_case_is_the_real_name(shelf: Shelf) -> None:
    assert decided(shelf, subject("tianjin", named=True), rating()).evaluation["real_name"]


@pytest.mark.parametrize("name", ["chaoan", "sanming", "qijiang", "lingang"])
def test_elsewhere_nobody_must_be_named(shelf: Shelf, name: str) -> None:
    """Reading 23: anonymous ratings are kept apart."""
    about = subject(name, named=False)
    for who in ({}, {"rater_name": "陈小明"}, {"rater_name": "", "rater_phone": "13800138000"}):
        assert not decided(shelf, about, rating(**who)).evaluation["real_name"]
    assert decided(shelf, about, rating(**ME)).evaluation["real_name"]


@pytest.mark.parametrize(
    ("after", "late"), [(-SECOND, False), (timedelta(0), True), (timedelta(days=20), True)]
)
def test_a_late_rating_is_taken_and_marked(shelf: Shelf, after: timedelta, late: bool) -> None:
    """Reading 18: never refused. The end is the first instant that is too late."""
    about = subject(timely_until=NOW)
    assert decided(shelf, about, rating(), now=NOW + after).evaluation["late"] is late


def test_where_silence_means_nothing_nobody_is_late(shelf: Shelf) -> None:
    assert not decided(shelf, subject("sanming"), rating()).evaluation["late"]


def test_a_link_ends(shelf: Shelf) -> None:
    about = subject(until=NOW)
    assert decided(shelf, about, rating(), now=NOW - SECOND)
    with pytest.raises(LinkExpired) as refused:
        decided(shelf, about, rating())
    assert refused.value.until == NOW


def test_a_second_rating_is_told_which_one_counts(shelf: Shelf) -> None:
    about = subject(taken={"case-7/completion/item/1": FIRST})
    with pytest.raises(AlreadyRated) as refused:
        decided(shelf, about, rating())
    assert refused.value.evaluation == FIRST


def test_who_rated_in_time_is_told_so_after_the_link_has_ended(shelf: Shelf) -> None:
    about = subject(until=NOW, taken={"case-7/completion/item/1": FIRST})
    with pytest.raises(AlreadyRated):
        decided(shelf, about, rating())


def test_one_of_several_slots_is_enough_to_refuse(shelf: Shelf) -> None:
    two = (Covered(7, 50, 70), Covered(8, 50, 70))
    about = subject(covers=two, taken={"case-8/completion/item/1": FIRST})
    with pytest.raises(AlreadyRated):
        decided(shelf, about, rating())


def test_a_follow_up_has_a_place_of_its_own(shelf: Shelf) -> None:
    about = subject(taken={"case-7/completion/item/1": FIRST}, timely_until=NOW)
    decision = decided(shelf, about, rating(), ordinal=Ordinal.FOLLOW_UP)
    assert [row["slot"] for row in decision.coverage] == ["case-7/completion/item/2"]
    assert (decision.evaluation["ordinal"], decision.evaluation["late"]) == (2, False)
    again = subject(taken={"case-7/completion/item/2": FIRST})
    with pytest.raises(AlreadyRated):
        decided(shelf, again, rating(), ordinal=Ordinal.FOLLOW_UP)


def test_a_negative_follow_up_opens_an_order_where_the_rulebook_says_so(shelf: Shelf) -> None:
    """Reading 19, 潮安第十九条 with 第二十二条."""
    about = subject()
    bad = rating(Level.DISSATISFIED, **reasons(item="还是没办好"))
    assert decided(shelf, about, bad, ordinal=Ordinal.FOLLOW_UP).order is not None
    version = version_of(shelf, about)
    assert version.follow_up is not None
    rule = version.follow_up.model_copy(update={"negative_opens_order": False})
    silent = version.model_copy(update={"follow_up": rule})
    decision = decided(shelf, about, bad, ordinal=Ordinal.FOLLOW_UP, version=silent)
    assert decision.order is None


def test_the_row_says_what_was_said_and_under_which_rules(shelf: Shelf) -> None:
    given = rating(
        Level.DISSATISFIED,
        reasons={"item": {"indicators": ["207"], "words": "慢"}, "staff": {}},
        answers={"有何改进意见": " 多开窗口 ", "其他": " "},
        **ME,
    )
    row = decided(shelf, subject(), given).evaluation
    assert (row["rulebook"], row["version"], row["level"]) == ("chaoan", 1, 2)
    assert row["reasons"] == {"item": {"indicators": ["207"], "words": "慢"}}
    assert row["answers"] == {"有何改进意见": "多开窗口"}
    assert (row["provenance"], row["channel"], row["credential"]) == ("person", "link", "link")
    assert (row["id"], row["at"], row["submission"]) == (ID, NOW, given.submission)
    assert "陈小明" not in str(row)
    assert "13800138000" not in str(row)


def test_the_leaf_is_that_of_the_row_and_its_slots(shelf: Shelf) -> None:
    decision = decided(shelf, subject(), rating())
    slots = [row["slot"] for row in decision.coverage]
    assert decision.leaf == {
        "evaluation_id": ID,
        "form": FORM,
        "hash": leaf(decision.evaluation, slots),
    }


@pytest.mark.parametrize("name", JURISDICTIONS)
@pytest.mark.parametrize("level", [Level.DISSATISFIED, Level.VERY_DISSATISFIED])
def test_a_bad_rating_opens_an_order_everywhere(shelf: Shelf, name: str, level: Level) -> None:
    assert decided(shelf, subject(name), rating(level, **reasons(item="慢"))).order is not None


def test_a_bad_rating_of_a_call_opens_an_order(shelf: Shelf) -> None:
    about = subject("chaoan", Target.STAFF, node=Node.CALL, rule="hotline", call=3, covers=())
    decision = decided(shelf, about, rating(Level.DISSATISFIED, **reasons(staff="挂断")))
    assert decision.order is not None
    assert [row["slot"] for row in decision.coverage] == ["call-3/staff/1"]


def test_without_knowing_who_could_receive_it_no_order_is_guessed(shelf: Shelf) -> None:
    with pytest.raises(ValueError, match="who could receive"):
        decided(shelf, subject(holders=None), rating(Level.DISSATISFIED, **reasons(item="慢")))
