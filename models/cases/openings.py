"""What may be rated, and what may not: the words of the decision in `rateable.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.cases.facts import VisitFact
from models.rulebooks.rulebook import NotInForce, Rulebook, Version
from models.words import Node, Target


@dataclass(frozen=True, slots=True)
class Opening:
    """One thing that may be rated once. `key` is the same whenever the same facts are looked at."""

    key: str
    node: Node
    targets: tuple[Target, ...]
    agency: int
    version: int
    rule: str
    """The name of the rule that opened it, e.g. `window`."""
    source: str
    opened_at: datetime
    case: int | None = None
    group: int | None = None
    call: int | None = None
    visit_number: int | None = None
    staff: int | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a node that one might expect to be rated is not. `code` is for machines."""

    code: str
    source: str
    detail: str


def in_force(book: Rulebook, moment: datetime) -> Version | Closed:
    """Asked node by node: a visit before the regulation's first day is not rated, and does not
    take the completion after that day with it."""
    try:
        return book.version_at(moment)
    except NotInForce as silent:
        return Closed("no_rulebook_in_force", "", str(silent))


def with_staff(
    targets: tuple[Target, ...], visits: tuple[VisitFact, ...], at: datetime
) -> tuple[tuple[Target, ...], int | None]:
    """Who served last before completion is the 窗口人员 of it; nobody did: only the item."""
    if Target.STAFF not in targets:
        return targets, None
    served = [visit for visit in visits if visit.at <= at]
    if not served:
        return tuple(target for target in targets if target is not Target.STAFF), None
    return targets, max(served, key=lambda visit: (visit.at, visit.number)).staff
