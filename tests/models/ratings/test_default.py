"""默认评价: whatever silence is about, it says one thing, in nobody's name (潮安第十九条)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.ledger import leaf
from models.ratings.decide import Decision
from models.ratings.default import default
from models.ratings.subject import Covered, Subject
from models.rulebooks.shelf import Shelf
from models.words import Level, Ordinal, Target
from tests.models.ratings.said import ID, NOW, subject, version_of

DUE = NOW - timedelta(days=2)
THREE = tuple(Covered(case=case, agency=50 + case, item=70) for case in (7, 8, 9))


def silent(shelf: Shelf, about: Subject, *taken: str) -> Decision | None:
    version = version_of(shelf, about)
    return default(about, version, Level.VERY_SATISFIED, DUE, ID, frozenset(taken))


def test_it_is_nobodys_and_of_the_moment_it_fell_due(shelf: Shelf) -> None:
    said = silent(shelf, subject(timely_until=DUE))
    assert said is not None
    row = said.evaluation
    assert (row["provenance"], row["ordinal"], row["level"]) == ("default", 0, 5)
    assert (row["at"], row["late"], row["submission"]) == (DUE, False, "default:4")
    nobody = ("channel", "credential", "keyed_by", "rater_hash")
    assert [row[name] for name in nobody] == [None] * 4
    assert not row["real_name"]
    assert (said.order, said.follow_up_until) == (None, None)


def test_it_fills_a_slot_of_its_own(shelf: Shelf) -> None:
    said = silent(shelf, subject())
    assert said is not None
    (covered,) = said.coverage
    assert (covered["slot"], covered["ordinal"]) == ("case-7/completion/item/0", Ordinal.DEFAULT)
    assert (covered["agency_id"], covered["case_id"], covered["item_id"]) == (50, 7, 70)
    assert said.leaf["hash"] == leaf(said.evaluation, ["case-7/completion/item/0"])


def test_staff_is_never_silent_about(shelf: Shelf) -> None:
    """Reading 4: 不适用窗口人员次评."""
    both = silent(shelf, subject("chaoan", Target.ITEM, Target.STAFF))
    assert both is not None
    assert [row["target"] for row in both.coverage] == ["item"]
    assert silent(shelf, subject("chaoan", Target.STAFF)) is None


def test_what_anybody_has_rated_is_left_alone(shelf: Shelf) -> None:
    assert silent(shelf, subject(), "case-7/completion/item/1") is None
    assert silent(shelf, subject(), "case-7/completion/item/0") is None
    assert silent(shelf, subject(), "case-8/completion/item/1") is not None


@given(
    st.sets(st.sampled_from(THREE), min_size=1),
    st.sets(st.sampled_from([(each.case, ordinal) for each in THREE for ordinal in (0, 1)])),
)
def test_it_covers_what_is_left(
    shelf: Shelf, covers: set[Covered], filled: set[tuple[int, int]]
) -> None:
    about = subject(covers=tuple(sorted(covers, key=lambda each: each.case)))
    taken = [f"case-{case}/completion/item/{ordinal}" for case, ordinal in filled]
    left = {each.case for each in covers} - {case for case, _ in filled}
    said = silent(shelf, about, *taken)
    assert {row["case_id"] for row in said.coverage} == left if said else not left
