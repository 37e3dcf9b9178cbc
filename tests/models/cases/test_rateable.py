"""What each of the five texts opens to a rating, node by node: tables by hand (matrix §2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.cases.facts import Cluster, GroupKind
from models.cases.rateable import rateable, rateable_call
from models.rulebooks.shelf import Shelf
from models.words import CaseKind, Handling, Node, Target
from tests.models.cases.known import (
    DONE,
    JURISDICTIONS,
    MORNING,
    case,
    group,
    said,
    two_versions,
    visit,
)

ALL = "all"
"""The text of every jurisdiction; else the ones named apart."""

Table = dict[str, list[str]]

AS_ANY_WINDOW = ["case:1/completion item by window", "case:1/visit:1 staff by window"]

SINGLE: dict[str, tuple[Cluster, Table]] = {
    "online: the item, once, at completion": (
        Cluster((case(handling=Handling.ONLINE),)),
        {ALL: ["case:1/completion item by online"]},
    ),
    "at a terminal: the item, once, at completion": (
        Cluster((case(handling=Handling.TERMINAL),)),
        {ALL: ["case:1/completion item by terminal"]},
    ),
    "open and not visited: nothing": (
        Cluster((case(completed=None),)),
        {ALL: []},
    ),
    "at a window: the staff at every visit": (
        Cluster((case(1, visit(1), visit(2, staff=8), completed=None),)),
        {ALL: ["case:1/visit:1 staff by window", "case:1/visit:2 staff by window"]},
    ),
    "at a window: the item once at completion": (
        Cluster((case(1, visit()),)),
        {ALL: AS_ANY_WINDOW},
    ),
    "begun online, finished at a window": (
        Cluster((case(1, visit(), handling=Handling.ONLINE),)),
        {ALL: AS_ANY_WINDOW},
    ),
    "mixed, and nobody came": (
        Cluster((case(handling=Handling.MIXED),)),
        {ALL: ["case:1/completion item by window"]},
    ),
    "asked online: 天津 rates nothing, the others have no rule apart": (
        Cluster((case(handling=Handling.ONLINE, kind=CaseKind.CONSULTATION),)),
        {ALL: ["case:1/completion item by online"], "tianjin": []},
    ),
    "asked in the hall: 天津 rates the staff only": (
        Cluster((case(1, visit(), kind=CaseKind.CONSULTATION),)),
        {ALL: AS_ANY_WINDOW, "tianjin": ["case:1/visit:1 staff by consultation"]},
    ),
    "handed on by the hotline: 潮安 rates the agency": (
        Cluster((case(handling=Handling.ONLINE, kind=CaseKind.TRANSFERRED),)),
        {
            ALL: ["case:1/completion item by online"],
            "chaoan": ["case:1/completion agency by hotline"],
        },
    ),
}


@pytest.mark.parametrize("name", JURISDICTIONS)
@pytest.mark.parametrize("situation", SINGLE)
def test_a_case_opens(shelf: Shelf, name: str, situation: str) -> None:
    cluster, table = SINGLE[situation]
    found = rateable(shelf.book(name), cluster)
    assert said(found) == table.get(name, table[ALL])


def test_why_a_question_online_is_not_rated_is_said(shelf: Shelf) -> None:
    asked = case(handling=Handling.ONLINE, kind=CaseKind.CONSULTATION)
    (why,) = rateable(shelf.book("tianjin"), Cluster((asked,))).closed
    assert (why.code, why.source) == ("consultation_online", "第十五条")
    assert "第十五条" in why.detail


@pytest.mark.parametrize(
    ("name", "opens"),
    [("chaoan", True), ("lingang", False), ("qijiang", True), ("sanming", True), ("tianjin", True)],
)
def test_a_call_opens_its_staff_where_the_text_has_a_hotline(
    shelf: Shelf, name: str, opens: bool
) -> None:
    found = rateable_call(shelf.book(name), 3, MORNING, agency=50, staff=7)
    if not opens:
        assert [why.code for why in found.closed] == ["hotline_call_not_rated"]
        assert not found.openings
        return
    (opening,) = found.openings
    assert (opening.key, opening.node, opening.targets) == ("call:3", Node.CALL, (Target.STAFF,))
    assert (opening.call, opening.staff, opening.agency) == (3, 7, 50)
    assert opening.opened_at == MORNING


def test_the_opening_says_who_served_and_by_which_article(shelf: Shelf) -> None:
    found = rateable(shelf.book("chaoan"), Cluster((case(1, visit(staff=8)),)))
    by_node = {opening.node: opening for opening in found.openings}
    visited, completed = by_node[Node.VISIT], by_node[Node.COMPLETION]
    assert (visited.staff, visited.visit_number, visited.opened_at) == (8, 1, MORNING)
    assert visited.source == completed.source == "第五条、第十六条"
    assert (completed.case, completed.agency, completed.staff) == (1, 50, None)
    assert (completed.opened_at, completed.version) == (DONE, 1)


def test_each_version_judges_what_happened_in_its_days(shelf: Shelf) -> None:
    """A visit under the old version, the completion under the new one (reading 3)."""
    change = datetime(2026, 3, 3, tzinfo=UTC)
    book = two_versions(shelf.book("chaoan"), change)
    found = rateable(book, Cluster((case(1, visit()),)))
    assert {each.node: each.version for each in found.openings} == {
        Node.VISIT: 1,
        Node.COMPLETION: 2,
    }


def test_versions_change_at_midnight_in_beijing(shelf: Shelf) -> None:
    book = two_versions(shelf.book("chaoan"), datetime(2026, 3, 3, tzinfo=UTC))
    midnight = datetime(2026, 3, 2, 16, tzinfo=UTC)
    for moment, version in ((midnight - timedelta(microseconds=1), 1), (midnight, 2)):
        (opening,) = rateable(book, Cluster((case(completed=moment),))).openings
        assert opening.version == version


def test_before_the_regulation_nothing_is_rated(shelf: Shelf) -> None:
    """天津 is in force from 2021-08-01 on."""
    before = datetime(2021, 7, 31, 15, tzinfo=UTC)
    found = rateable(shelf.book("tianjin"), Cluster((case(completed=before),)))
    assert not found.openings
    assert [why.code for why in found.closed] == ["no_rulebook_in_force"]


def test_a_visit_before_the_regulation_does_not_close_the_completion_after_it(
    shelf: Shelf,
) -> None:
    before = visit(at=datetime(2021, 7, 30, tzinfo=UTC))
    after = visit(2, at=datetime(2021, 8, 2, tzinfo=UTC))
    done = datetime(2021, 8, 3, tzinfo=UTC)
    found = rateable(shelf.book("tianjin"), Cluster((case(1, before, after, completed=done),)))
    assert said(found) == ["case:1/completion item by window", "case:1/visit:2 staff by window"]
    assert [why.code for why in found.closed] == ["no_rulebook_in_force"]


@pytest.mark.parametrize("kind", GroupKind)
def test_one_case_before_the_regulation_does_not_close_the_others(
    shelf: Shelf, kind: GroupKind
) -> None:
    before, done = datetime(2021, 7, 30, tzinfo=UTC), datetime(2021, 8, 3, tzinfo=UTC)
    cases = [case(1, visit(at=before), completed=before), case(2, completed=done)]
    found = rateable(shelf.book("tianjin"), group(kind, *cases))
    assert "group:9/completion" in {opening.key for opening in found.openings}
