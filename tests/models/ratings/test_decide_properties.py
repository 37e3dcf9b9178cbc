"""Whatever is said of whatever subject, under each of the five texts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ledger import leaf
from models.ratings.given import Rating, ReasonGiven
from models.ratings.subject import Covered, Subject
from models.rulebooks.shelf import Shelf
from models.words import Channel, Credential, Level, Node, Ordinal, Target
from tests.models.ratings.said import JURISDICTIONS, NOW, decided, subject, version_of

SHELF = Shelf.load()
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
moments = st.integers(-60, 60).map(lambda days: NOW + timedelta(days=days))


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    node = draw(st.none() | st.sampled_from(Node))
    targets = draw(st.lists(st.sampled_from(Target), min_size=1, max_size=3, unique=True))
    covers = draw(
        st.lists(
            st.builds(Covered, st.integers(1, 9), st.integers(50, 52), st.integers(70, 72)),
            min_size=1,
            max_size=4,
            unique_by=lambda each: each.case,
        )
    )
    bound = node in (Node.VISIT, Node.COMPLETION)
    return subject(
        draw(st.sampled_from(JURISDICTIONS)),
        *targets,
        node=node,
        invitation=None if node is None else 4,
        rule=draw(st.sampled_from([None, "window", "batch", "theme", "parallel"])),
        covers=tuple(covers) if bound else (),
        call=3 if node is Node.CALL else None,
        visit_number=1 if node is Node.VISIT else None,
        timely_until=draw(st.none() | moments),
        until=None,
    )


@st.composite
def ratings(draw: st.DrawFn, about: Subject, levels: frozenset[Level]) -> Rating:
    """One that its rulebook takes: something is said of every target."""
    level = draw(st.sampled_from(sorted(levels)))
    indicators = version_of(SHELF, about).indicators
    said = {}
    for target in about.targets:
        codes = [each.code for each in indicators.choices(target, level)]
        chosen = draw(st.lists(st.sampled_from(codes), unique=True)) if codes else []
        # Something is always left when the white space is gone.
        said[target] = ReasonGiven(indicators=tuple(chosen), words=f"说{draw(words)}了")
    return Rating(
        level=level,
        reasons=said,
        answers=draw(st.dictionaries(words, words, max_size=3)),
        channel=draw(st.sampled_from(Channel)),
        credential=draw(st.sampled_from(Credential)),
        submission=draw(st.from_regex(r"[a-z0-9:]{8,64}", fullmatch=True)),
    )


@st.composite
def said_of(draw: st.DrawFn, *, negative: bool | None = None) -> tuple[Subject, Rating]:
    about = draw(subjects())
    worse = version_of(SHELF, about).levels.negative
    levels = {True: worse, False: frozenset(Level) - worse, None: frozenset(Level)}
    return about, draw(ratings(about, levels[negative]))


@given(said_of(negative=False))
def test_a_positive_rating_never_opens_an_order(said: tuple[Subject, Rating]) -> None:
    assert decided(SHELF, *said).order is None


@given(said_of(negative=True), st.sampled_from([Ordinal.FIRST, Ordinal.FOLLOW_UP]))
def test_a_negative_one_always_opens_one(said: tuple[Subject, Rating], ordinal: Ordinal) -> None:
    about = said[0]
    decision = decided(SHELF, *said, ordinal=ordinal)
    can_follow = version_of(SHELF, about).follow_up is not None
    assert (decision.order is not None) == (ordinal is Ordinal.FIRST or can_follow)


@given(said_of())
def test_every_row_belongs_to_the_subject(said: tuple[Subject, Rating]) -> None:
    about, given_ = said
    decision = decided(SHELF, about, given_)
    slots = [row["slot"] for row in decision.coverage]
    assert slots == [each.name for each in about.slots(Ordinal.FIRST, given_.submission)]
    assert len(slots) == len(set(slots)) == len(about.targets) * max(1, len(about.covers))
    assert all(len(slot) <= 160 for slot in slots)
    cases = {covered.case: covered for covered in about.covers}
    for row in decision.coverage:
        assert row["target"] in about.targets
        assert row["level"] == given_.level == decision.evaluation["level"]
        assert row["evaluation_id"] == decision.evaluation["id"]
        if row["case_id"] is None:
            assert not cases
            assert row["agency_id"] == about.agency
        else:
            assert row["agency_id"] in (cases[row["case_id"]].agency, about.agency)
            assert row["item_id"] in (cases[row["case_id"]].item, None)


@given(said_of(), moments)
def test_it_is_late_from_the_end_on_and_only_then(said: tuple[Subject, Rating], now: Any) -> None:
    about = said[0]
    late = about.timely_until is not None and now >= about.timely_until
    assert decided(SHELF, *said, now=now).evaluation["late"] is late


CHANGES: dict[str, Any] = {
    "id": UUID(int=2),
    "provenance": "proxy",
    "ordinal": 2,
    "region_id": 99,
    "invitation_id": 99,
    "submission": "another one",
    "rulebook": "other",
    "version": 2,
    "level": 6,
    "reasons": {"item": {"indicators": [], "words": "没有说过的话"}},
    "answers": {"没有问过的": "没有答过的"},
    "channel": "post",
    "credential": "oath",
    "keyed_by": "somebody",
    "real_name": None,
    "rater_hash": "0" * 64,
    "late": None,
    "at": NOW + timedelta(microseconds=1),
}


@pytest.mark.parametrize("field", CHANGES)
@given(said=said_of())
def test_the_leaf_changes_with_any_field(field: str, said: tuple[Subject, Rating]) -> None:
    decision = decided(SHELF, *said)
    assert decision.evaluation.keys() == CHANGES.keys()
    slots = [row["slot"] for row in decision.coverage]
    changed = {**decision.evaluation, field: CHANGES[field]}
    assert leaf(changed, slots) != decision.leaf["hash"]
    assert leaf(decision.evaluation, [*slots, "case-99/completion/item/1"]) != decision.leaf["hash"]
