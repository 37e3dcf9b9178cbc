"""The clocks of an order: which run from which moment, by which article. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.calendar.deadline import Deadline, deadline
from models.calendar.working_days import WorkingDays
from models.rulebooks.rule import PLATFORM, Period, Since
from models.rulebooks.rulebook import Version


@dataclass(frozen=True, slots=True)
class OrderClock:
    kind: str
    source: str
    deadline: Deadline


def running(
    version: Version, moments: Mapping[Since, datetime], days: WorkingDays
) -> tuple[OrderClock, ...]:
    """The clocks that run, given the moments that have come. A moment that has not come starts
    nothing: what counts from the finding of a mistake has no due day before it."""
    return tuple(
        OrderClock(kind, source, deadline(moments[period.since], period, days))
        for kind, source, period in _periods(version)
        if period.since in moments
    )


_TERMS = (
    ("dispatch", "dispatch", "within"),
    ("dispatch", "dispatch", "internal_line"),
    ("verify", "verification", "within"),
    ("exclude", "exclusion", "within"),
    ("withdraw", "exclusion", "withdrawal_within"),
    ("appeal", "appeal", "within"),
    ("rectify", "rectification", "within"),
    ("review", "review", "within"),
    ("review", "review", "internal_line"),
)
"""Clock, rule, field. An internal line is the platform's and stands in for a term the text does
not give."""


def _periods(version: Version) -> Iterator[tuple[str, str, Period]]:
    """Every term that is known before the order has a class, with its source."""
    seen: set[str] = set()
    for kind, rule_name, field in _TERMS:
        rule = version.rule(rule_name)
        period: Period | None = getattr(rule, field, None)
        if rule is None or period is None or kind in seen:
            continue
        seen.add(kind)
        yield kind, PLATFORM if field == "internal_line" else rule.source, period
    if version.classes and (first := _first_contact(version)):
        yield "first_contact", version.classes.source, first


def _first_contact(version: Version) -> Period | None:
    """Before the class is known, the shortest first contact of any class binds (reading 16)."""
    kinds = version.classes.kinds if version.classes else ()
    periods = [kind.first_contact for kind in kinds if kind.first_contact]
    return min(periods, key=lambda period: period.count, default=None)
