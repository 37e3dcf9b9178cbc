"""批量, 主题式, 并联: what a group opens in each of the five (第十二条 to 第十八条 and 二(二)1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.cases.facts import Cluster, GroupKind
from models.cases.rateable import rateable
from models.rulebooks.rating_rules import Batch
from models.rulebooks.shelf import Shelf
from models.words import Target
from tests.models.cases.known import DONE, MORNING, case, group, said, visit

TWO = (case(1, visit()), case(2, visit()))

ONE_BY_ONE = [
    "case:1/completion item by window",
    "case:1/visit:1 staff by window",
    "case:2/completion item by window",
    "case:2/visit:1 staff by window",
]
AS_ONE_VISIT = [
    "case:1/completion item by window",
    "case:2/completion item by window",
    "group:9/completion item by theme",
    "group:9/visit:1/staff:7 staff by window",
]
TABLE: dict[GroupKind, dict[str, list[str]]] = {
    # 潮安第十七条: 一次评价, for all. 天津第十二条: staff and item, at completion.
    GroupKind.BATCH: {
        "chaoan": [
            "group:9/completion item by batch",
            "group:9/visit:1/staff:7 staff by batch",
        ],
        "tianjin": ["group:9/completion staff+item by batch"],
        "sanming": ONE_BY_ONE,
        "qijiang": ONE_BY_ONE,
        "lingang": ONE_BY_ONE,
    },
    # 潮安第十八条, 天津第十四条: 总体 or 分别, one declaration at one window.
    # 三明: 统一评价，不再分阶段评价.
    GroupKind.THEME: {
        "chaoan": AS_ONE_VISIT,
        "tianjin": AS_ONE_VISIT,
        "sanming": ["group:9/completion item by theme"],
        "qijiang": ONE_BY_ONE,
        "lingang": ONE_BY_ONE,
    },
    # 三明: 总体, or 分部门分阶段. 天津第十三条: 收件时 the staff, 办结时 staff and item.
    GroupKind.PARALLEL: {
        "chaoan": ONE_BY_ONE,
        "tianjin": [
            "group:9/completion staff+item by parallel",
            "group:9/visit:1/staff:7 staff by parallel",
        ],
        "sanming": [*ONE_BY_ONE, "group:9/completion item by parallel"],
        "qijiang": ONE_BY_ONE,
        "lingang": ONE_BY_ONE,
    },
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, row in TABLE.items() for name in row]
)
def test_a_completed_group_opens(shelf: Shelf, kind: GroupKind, name: str) -> None:
    assert said(rateable(shelf.book(name), group(kind, *TWO))) == TABLE[kind][name]


OPEN = case(2, completed=None)
MISSING = "one case is not reported yet"
UNFINISHED = "one case is not completed yet"


@pytest.mark.parametrize("name", ["chaoan", "sanming", "tianjin"])
@pytest.mark.parametrize("kind", GroupKind)
@pytest.mark.parametrize("why", [MISSING, UNFINISHED])
def test_no_overall_rating_while(shelf: Shelf, name: str, kind: GroupKind, why: str) -> None:
    cases = (case(1),) if why == MISSING else (case(1), OPEN)
    found = rateable(shelf.book(name), group(kind, *cases))
    assert not [key for key in said(found) if key.startswith("group:9/completion")]


def test_the_overall_rating_opens_with_the_last_completion(shelf: Shelf) -> None:
    last = DONE + timedelta(days=3)
    cases = (case(1, completed=last), case(2))
    (opening,) = rateable(shelf.book("chaoan"), group(GroupKind.BATCH, *cases)).openings
    assert (opening.opened_at, opening.group, opening.case) == (last, 9, None)


def test_the_results_go_to_the_lead_department(shelf: Shelf) -> None:
    cases = (case(1, agency=50), case(2, agency=40))
    for lead, expected in ((60, 60), (None, 50)):
        cluster = group(GroupKind.THEME, *reversed(cases), lead=lead)
        (opening,) = rateable(shelf.book("sanming"), cluster).openings
        # Nobody named: that of the lowest case number.
        assert opening.agency == expected


def test_one_visit_for_all_is_rated_once(shelf: Shelf) -> None:
    """Reported for each of the cases, at the earliest of the times said."""
    later = MORNING + timedelta(minutes=5)
    cases = (case(1, visit(at=later), completed=None), case(2, visit(), completed=None))
    (opening,) = rateable(shelf.book("chaoan"), group(GroupKind.BATCH, *cases)).openings
    assert (opening.opened_at, opening.staff, opening.visit_number) == (MORNING, 7, 1)


def test_two_staff_at_one_visit_are_rated_each(shelf: Shelf) -> None:
    cases = (case(1, visit(staff=7), completed=None), case(2, visit(staff=8), completed=None))
    found = rateable(shelf.book("chaoan"), group(GroupKind.BATCH, *cases))
    assert said(found) == [
        "group:9/visit:1/staff:7 staff by batch",
        "group:9/visit:1/staff:8 staff by batch",
    ]


@pytest.mark.parametrize("kind", [GroupKind.BATCH, GroupKind.PARALLEL])
def test_in_tianjin_the_staff_of_a_completion_is_who_served_last(
    shelf: Shelf, kind: GroupKind
) -> None:
    fetched = visit(3, at=DONE + timedelta(days=1), staff=9)
    cases = (case(1, visit(1, staff=7), fetched), case(2, visit(2, staff=8)))
    found = rateable(shelf.book("tianjin"), group(kind, *cases)).openings
    completion = next(each for each in found if each.key == "group:9/completion")
    assert completion.staff == 8


@pytest.mark.parametrize("kind", [GroupKind.BATCH, GroupKind.PARALLEL])
def test_in_tianjin_nobody_served_leaves_the_item(shelf: Shelf, kind: GroupKind) -> None:
    (opening,) = rateable(shelf.book("tianjin"), group(kind, case(1), case(2))).openings
    assert opening.targets == ("item",)
    assert opening.staff is None


def test_a_group_whose_rule_leaves_nothing_to_rate_opens_nothing(shelf: Shelf) -> None:
    """A rulebook that rates a batch by its staff alone, and nobody was seen."""
    book = shelf.book("tianjin")
    version = book.versions[0]
    assert isinstance(version.batch, Batch)
    staff_only = version.batch.model_copy(update={"completion": (Target.STAFF,)})
    changed = version.model_copy(update={"batch": staff_only})
    book = book.model_copy(update={"versions": (changed,)})
    assert not rateable(book, group(GroupKind.BATCH, case(1), case(2))).openings


def test_a_batch_below_the_size_of_the_text_is_rated_one_by_one(shelf: Shelf) -> None:
    book = shelf.book("chaoan")
    version = book.versions[0]
    assert version.batch is not None
    three = version.model_copy(update={"batch": version.batch.model_copy(update={"min_cases": 3})})
    book = book.model_copy(update={"versions": (three,)})
    assert said(rateable(book, group(GroupKind.BATCH, *TWO))) == ONE_BY_ONE


def test_an_empty_group_opens_nothing(shelf: Shelf) -> None:
    cluster = Cluster((case(1, completed=None),), group(GroupKind.BATCH).group)
    assert said(rateable(shelf.book("chaoan"), cluster)) == []
