"""What one rating is valid for, and to whom each part of it is counted (readings 20, 21, 22)."""

from __future__ import annotations

from typing import Any

import pytest

from models.ratings.subject import Covered
from models.rulebooks.shelf import Shelf
from models.words import Level, Node, Target
from tests.models.ratings.said import decided, rating, reasons, subject

TWO = (Covered(case=7, agency=50, item=70), Covered(case=8, agency=51, item=71))
SAME_AGENCY = (TWO[0], Covered(case=8, agency=50, item=70))


def rows(shelf: Shelf, about: Any) -> dict[str, dict[str, Any]]:
    return {row["slot"]: row for row in decided(shelf, about, rating()).coverage}


def test_one_case_its_item_and_its_staff(shelf: Shelf) -> None:
    found = rows(shelf, subject("tianjin", Target.ITEM, Target.STAFF))
    item, staff = found["case-7/completion/item/1"], found["case-7/completion/staff/1"]
    assert (item["item_id"], item["staff_id"]) == (70, None)
    assert (staff["item_id"], staff["staff_id"]) == (None, 9)
    for row in (item, staff):
        assert (row["case_id"], row["agency_id"], row["level"], row["ordinal"]) == (7, 50, 4, 1)


def test_a_visit_is_its_number_and_its_staff(shelf: Shelf) -> None:
    about = subject("chaoan", Target.STAFF, node=Node.VISIT, visit_number=3)
    assert rows(shelf, about).keys() == {"case-7/visit-3-9/staff/1"}


def test_a_batch_is_valid_for_every_case(shelf: Shelf) -> None:
    found = rows(shelf, subject("chaoan", covers=SAME_AGENCY, rule="batch"))
    assert found.keys() == {"case-7/completion/item/1", "case-8/completion/item/1"}
    assert [row["case_id"] for row in found.values()] == [7, 8]


@pytest.mark.parametrize(
    ("name", "agencies"),
    [
        # 三明二(二)1: 归集到牵头部门; elsewhere each agency has its own.
        ("sanming", [60, 60]),
        ("chaoan", [50, 51]),
        ("tianjin", [50, 51]),
    ],
)
def test_across_departments_the_result_goes_to(
    shelf: Shelf, name: str, agencies: list[int]
) -> None:
    found = rows(shelf, subject(name, covers=TWO, agency=60, rule="theme"))
    assert [row["agency_id"] for row in found.values()] == agencies


def test_in_one_department_it_stays_there(shelf: Shelf) -> None:
    found = rows(shelf, subject("sanming", covers=SAME_AGENCY, agency=60, rule="theme"))
    assert [row["agency_id"] for row in found.values()] == [50, 50]


def test_the_departments_that_took_part_are_told(shelf: Shelf) -> None:
    about = subject("sanming", covers=TWO, agency=51, rule="theme")
    assert about.copied_to == (50,)
    assert decided(shelf, about, rating(Level.DISSATISFIED, **reasons(item="慢"))).order is not None


@pytest.mark.parametrize(
    ("target", "place"),
    [
        (Target.AGENCY, {"hall": 5}),
        (Target.HALL, {"hall": 5}),
        (Target.PLATFORM, {"platform": 6}),
    ],
)
def test_the_whole_is_bound_to_no_case(shelf: Shelf, target: Target, place: dict[str, int]) -> None:
    """综合点评: as often as people say it, each by its submission."""
    unbound = {"invitation": None, "node": None, "rule": None, "covers": (), "until": None}
    about = subject("chaoan", target, **unbound, **place)
    one, other = rating(), rating()
    (row,) = decided(shelf, about, one).coverage
    assert row["slot"] == f"open/{one.submission}/{target.value}/1"
    assert row["slot"] != decided(shelf, about, other).coverage[0]["slot"]
    assert (row["agency_id"], row["case_id"], row["item_id"]) == (50, None, None)
    assert row["hall_id"] == (5 if target is Target.HALL else None)
    assert row["platform_id"] == (6 if target is Target.PLATFORM else None)
