"""Events come late or out of order, and end in the same state: every row of every table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from random import Random
from typing import Any

import pytest

from models.cases.facts import GroupKind
from models.cases.reports import Report
from models.tables import Case, CaseGroup, Completion, Invitation, Notice, Visit
from models.words import Handling
from tests.models.contents import Row, contents, opened
from tests.models.town import DONE, VISITED, Town, case, done, member, under, visit

OWN = {"id", "nonce", "fingerprint"}
"""Differs from town to town: what is drawn, counted, or made of the number."""

Facts = Callable[[str], Sequence[Report]]
"""The reports of one case or group whose numbers begin with a prefix."""


def single(prefix: str) -> Sequence[Report]:
    number = f"{prefix}C1"
    return (
        case(number, handling=Handling.ONLINE),
        visit(number, 1),
        visit(number, 2, staff="staff-2"),
        done(number),
    )


def of_two(kind: GroupKind, **second: Any) -> Facts:
    def facts(prefix: str) -> Sequence[Report]:
        one, other = f"{prefix}C1", f"{prefix}C2"
        return (
            member(one, kind, 1, group=f"{prefix}G"),
            member(other, kind, 2, group=f"{prefix}G", **second),
            visit(one, 1, at=VISITED),
            # The same visit, reported for the other case a little later.
            visit(other, 1, at=DONE),
            done(one, DONE),
            done(other, VISITED),
        )

    return facts


JOINT = of_two(GroupKind.PARALLEL, agency="agency-2")
ACROSS = of_two(GroupKind.PARALLEL, agency="agency-d", item="item-3")


def orders(count: int) -> list[tuple[int, ...]]:
    """All, or where they are many some of them, the same ones every time."""
    every = list(permutations(range(count)))
    return every if count < 5 else [every[0], every[-1], *Random(1).sample(every, 22)]  # noqa: S311


async def ended(town: Town, prefix: str) -> dict[str, list[str]]:
    """What is stored of one group, with its numbers in place of ids."""
    cases = {each.id: each.number for each in await Case.filter(number__startswith=prefix)}
    groups = {each.id: each.number for each in await CaseGroup.filter(number__startswith=prefix)}
    keys: dict[int, str] = {}

    def plain(text: str) -> str:
        text = re.sub(r"case:(\d+)", lambda found: f"case:{cases.get(int(found[1]))}", text)
        return re.sub(r"group:(\d+)", lambda found: f"group:{groups.get(int(found[1]))}", text)

    def rows(table: str, found: list[Row]) -> Iterator[str]:
        for each in found:
            row = opened(town.office, each, table)
            if table == "notice":
                row["body"] = keys[row["body"]["invitation"]]
            row |= {name: cases[row[name]] for name in ("case_id",) if row.get(name)}
            row |= {name: groups[row[name]] for name in ("group_id",) if row.get(name)}
            if table == "case_group":
                # Where it was first spoken of: who may add to it, and nothing of the outcome.
                del row["region_id"]
            content = {name: row[name] for name in sorted(row) if name not in OWN}
            yield plain(repr(content)).replace(prefix, "")

    mine: dict[str, list[Row]] = {
        "case_file": [each for each in await contents(Case) if each["id"] in cases],
        "case_group": [each for each in await contents(CaseGroup) if each["id"] in groups],
        "visit": [e for e in await contents(Visit) if e["case_number"].startswith(prefix)],
        "completion": [
            e for e in await contents(Completion) if e["case_number"].startswith(prefix)
        ],
        "invitation": [
            each
            for each in await contents(Invitation)
            if each["case_id"] in cases or each["group_id"] in groups
        ],
    }
    keys.update({each["id"]: plain(each["key"]) for each in mine["invitation"]})
    mine["notice"] = [e for e in await contents(Notice) if e["body"]["invitation"] in keys]
    return {table: sorted(rows(table, found)) for table, found in mine.items()}


async def all_orders(town: Town, facts: Facts) -> list[dict[str, list[str]]]:
    states = []
    for number, order in enumerate(orders(len(facts("")))):
        prefix = f"P{number}-"
        reports = facts(prefix)
        await town.report(*(reports[place] for place in order))
        states.append(await ended(town, prefix))
    return states


@under("chaoan", "sanming")
async def test_a_case_ends_the_same(town: Town) -> None:
    first, *others = await all_orders(town, single)
    assert len(others) == 23
    assert len(first["invitation"]) == 3
    for other in others:
        assert other == first


@pytest.mark.parametrize(
    ("town", "facts", "invitations"),
    [
        ("chaoan", of_two(GroupKind.BATCH), 2),
        ("tianjin", of_two(GroupKind.BATCH), 1),
        ("chaoan", of_two(GroupKind.THEME), 4),
        ("sanming", of_two(GroupKind.THEME), 1),
        ("sanming", JOINT, 5),
        ("tianjin", JOINT, 2),
        ("lingang", JOINT, 4),
        ("sanming", ACROSS, 5),
        ("tianjin", ACROSS, 2),
    ],
    indirect=["town"],
    ids=[
        "batch-chaoan",
        "batch-tianjin",
        "theme-chaoan",
        "theme-sanming",
        "joint-sanming",
        "joint-tianjin",
        "joint-lingang",
        "city and district-sanming",
        "city and district-tianjin",
    ],
)
async def test_a_group_ends_the_same(town: Town, facts: Facts, invitations: int) -> None:
    first, *others = await all_orders(town, facts)
    assert len(first["invitation"]) == invitations
    assert all("'closed_why': None" in row for row in first["invitation"])
    for other in others:
        assert other == first
