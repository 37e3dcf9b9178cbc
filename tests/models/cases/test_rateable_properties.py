"""Whatever the facts: what they open depends on the set of them, never on how they came."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.cases.facts import CaseFact, Cluster, GroupFact, GroupKind, VisitFact
from models.cases.openings import Opening
from models.cases.rateable import rateable
from models.rulebooks.shelf import Shelf
from models.words import CaseKind, Handling, Node
from tests.models.cases.known import JURISDICTIONS, MORNING, two_versions

SHELF = Shelf.load()
CHANGE = MORNING + timedelta(days=5)
BOOKS = {
    **{name: SHELF.book(name) for name in JURISDICTIONS},
    # Groups become known, are known otherwise, or no more, while cases are under way.
    "chaoan, then less": two_versions(SHELF.book("chaoan"), CHANGE, batch=None, theme=None),
    "sanming, then other": two_versions(
        SHELF.book("sanming"), CHANGE, theme=SHELF.base.theme, parallel=None
    ),
    "lingang, then more": two_versions(
        SHELF.book("lingang"), CHANGE, batch=SHELF.base.batch, window=None
    ),
}

moments = st.integers(0, 10 * 24 * 60).map(lambda minutes: MORNING + timedelta(minutes=minutes))
visits = st.lists(
    st.builds(VisitFact, st.integers(1, 4), moments, st.integers(1, 3)),
    max_size=4,
    unique_by=lambda each: each.number,
)


@st.composite
def cases(draw: st.DrawFn, number: int) -> CaseFact:
    return CaseFact(
        id=number,
        number=f"C{number:03d}",
        kind=draw(st.sampled_from(CaseKind)),
        handling=draw(st.sampled_from(Handling)),
        agency=draw(st.integers(1, 3)),
        visits=tuple(draw(visits)),
        completed_at=draw(st.none() | moments),
    )


@st.composite
def clusters(draw: st.DrawFn) -> Cluster:
    kind = draw(st.none() | st.sampled_from(GroupKind))
    if kind is None:
        return Cluster((draw(cases(1)),))
    size = draw(st.integers(2, 4))
    known = draw(st.integers(1, size))
    members = tuple(draw(cases(number)) for number in range(1, known + 1))
    return Cluster(members, GroupFact(9, kind, size, draw(st.none() | st.integers(1, 4))))


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[Cluster, Cluster]:
    """The same facts twice, in two orders."""
    cluster = draw(clusters())
    mixed = [
        CaseFact(
            id=each.id,
            number=each.number,
            kind=each.kind,
            handling=each.handling,
            agency=each.agency,
            visits=tuple(draw(st.permutations(each.visits))),
            completed_at=each.completed_at,
        )
        for each in draw(st.permutations(cluster.cases))
    ]
    return cluster, Cluster(tuple(mixed), cluster.group)


def by_key(name: str, cluster: Cluster) -> dict[str, Opening]:
    return {opening.key: opening for opening in rateable(BOOKS[name], cluster).openings}


every_book = pytest.mark.parametrize("name", BOOKS)


@every_book
@given(twice=shuffled())
def test_the_order_of_facts_changes_nothing(name: str, twice: tuple[Cluster, Cluster]) -> None:
    one, other = twice
    assert by_key(name, one) == by_key(name, other)


@every_book
@given(cluster=clusters())
def test_every_key_is_there_once(name: str, cluster: Cluster) -> None:
    keys = [opening.key for opening in rateable(BOOKS[name], cluster).openings]
    assert len(keys) == len(set(keys))


@every_book
@given(cluster=clusters())
def test_nothing_opens_before_its_fact(name: str, cluster: Cluster) -> None:
    visited = {visit.at for each in cluster.cases for visit in each.visits}
    completed = {each.id: each.completed_at for each in cluster.cases}
    for opening in rateable(BOOKS[name], cluster).openings:
        if opening.node is Node.VISIT:
            assert opening.opened_at in visited
        elif opening.case is not None:
            assert opening.opened_at == completed[opening.case]
        else:
            assert opening.opened_at == cluster.completed_at


@every_book
@given(cluster=clusters())
def test_every_opening_can_be_rated_and_answered_for(name: str, cluster: Cluster) -> None:
    """It has something to rate, a member of staff where one is rated, and an article."""
    for opening in rateable(BOOKS[name], cluster).openings:
        assert opening.targets
        assert ("staff" in opening.targets) <= (opening.staff is not None)
        rule = BOOKS[name].version(opening.version).rule(opening.rule)
        assert rule is not None
        assert rule.source == opening.source
        assert (opening.case is None) != (opening.group is None)
