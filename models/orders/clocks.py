"""The clocks of an order: which run from which moment, by which article, and which have ended.
Pure: all of them follow from where the order stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from models.calendar.beijing import beijing_date
from models.calendar.deadline import Deadline, deadline
from models.calendar.working_days import WorkingDays
from models.orders.events import Kind
from models.orders.standing import Standing
from models.orders.states import State
from models.orders.warnings import warnings
from models.rulebooks.order_rules import OrderClass
from models.rulebooks.rule import PLATFORM, Counting, Period, Since
from models.rulebooks.rulebook import Version

CLOCKS: Final = {
    "dispatch": "转办",
    "verify": "核实",
    "exclude": "误评、恶意差评的核实",
    "withdraw": "差评撤销核实",
    "first_contact": "首次回访",
    "rectify": "整改并反馈",
    "extended": "延期后整改并反馈",
    "appeal": "申诉",
    "review": "复核",
    "objection": "评价人异议",
    "callback": "评价人确认",
}
RIGHTS: Final = frozenset({"exclude", "appeal", "objection", "callback"})
"""Until when something may be done. Nobody is late who leaves it."""
BUREAUS: Final = frozenset({"dispatch", "withdraw", "review"})
"""Duties of who holds the order or decides; the others are the handler's."""


@dataclass(frozen=True, slots=True)
class OrderClock:
    kind: str
    source: str
    deadline: Deadline
    met_at: datetime | None = None
    void_at: datetime | None = None
    """Nothing is due any more, or not for now."""
    warnings: tuple[datetime, ...] = ()
    """When who has the duty is warned."""

    @property
    def open(self) -> bool:
        return self.met_at is None and self.void_at is None

    @property
    def late(self) -> bool:
        """A duty that was met, and not in time."""
        duty = self.kind not in RIGHTS and not self.deadline.provisional
        return duty and self.met_at is not None and self.met_at >= self.deadline.due

    def warn_after(self, moment: datetime) -> datetime | None:
        if not self.open:
            return None
        return min((each for each in self.warnings if each > moment), default=None)


def clocks_of(version: Version, now: Standing, days: WorkingDays) -> tuple[OrderClock, ...]:
    """Every clock that has begun. A moment that has not come starts nothing: what counts from the
    finding of a mistake has no due day before it."""
    before = version.supervision.before
    found = [
        clock
        if clock.kind in RIGHTS
        else replace(clock, warnings=warnings(clock.deadline, before, days))
        for clock in (_ended(each, now) for each in _begun(version, now, days))
    ]
    if now.state.ended:
        end = now.since(Kind.EXCLUDED if now.state is State.EXCLUDED else Kind.CLOSED)
        found = [
            replace(each, void_at=end) if each.open and not _pending(each, now) else each
            for each in found
        ]
    return tuple(found)


def _pending(clock: OrderClock, now: Standing) -> bool:
    """The rater may be satisfied while an appeal is still to be decided (reading 10)."""
    return clock.kind == "review" and now.appeal is Kind.APPEALED


def first_due(clocks: Iterable[OrderClock]) -> datetime | None:
    """Of the duties that are open."""
    due = [each.deadline.due for each in clocks if each.open and each.kind not in RIGHTS]
    return min(due, default=None)


def _begun(version: Version, now: Standing, days: WorkingDays) -> Iterator[OrderClock]:
    for kind, source, period in _periods(version, now):
        start = _start(period.since, now)
        if start is not None:
            yield OrderClock(kind, source, deadline(start, period, days))
    if now.extended_until is not None:
        yield _extended(version, now, now.extended_until, days)


def _extended(version: Version, now: Standing, until: date, days: WorkingDays) -> OrderClock:
    """To the day that was granted, or set in the ledger."""
    rule = version.rectification if now.in_ledger else version.extension
    start = now.moments[Kind.ENTERED_IN_LEDGER if now.in_ledger else Kind.EXTENSION_GRANTED]
    count = (until - beijing_date(start)).days
    period = Period(count=count, unit=Counting.NATURAL_DAYS, since=Since.RECEIVED)
    source = rule.source if rule is not None else PLATFORM
    return OrderClock("extended", source, deadline(start, period, days))


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
    ("objection", "second_party", "objection"),
)
"""Clock, rule, field. An internal line is the platform's and stands in for a term the text does
not give."""


def _periods(version: Version, now: Standing) -> Iterator[tuple[str, str, Period]]:
    seen: set[str] = set()
    for kind, rule_name, field in _TERMS:
        rule = version.rule(rule_name)
        period: Period | None = getattr(rule, field, None)
        if rule is None or period is None or kind in seen:
            continue
        seen.add(kind)
        yield kind, PLATFORM if field == "internal_line" else rule.source, period
    if version.classes is not None:
        source = version.classes.source
        if first := _first_contact(version.classes.kinds):
            yield "first_contact", source, first
        if answer := _answer(version.classes.kinds, now):
            yield "rectify", source, answer
    if version.callback is not None:
        yield "callback", version.supervision.source, version.supervision.confirmable


def _first_contact(kinds: Iterable[OrderClass]) -> Period | None:
    """Before the class is known, the shortest first contact of any class binds (reading 16)."""
    periods = [kind.first_contact for kind in kinds if kind.first_contact]
    return min(periods, key=lambda period: period.count, default=None)


def _answer(kinds: Iterable[OrderClass], now: Standing) -> Period | None:
    """Of its class. Before that is known the longest one binds: no class has more."""
    periods = [kind.answer for kind in kinds if kind.answer and now.class_name in (None, kind.name)]
    return max(periods, key=lambda period: period.count, default=None)


def _start(since: Since, now: Standing) -> datetime | None:
    starts = {
        Since.EVALUATION: now.since(Kind.OPENED),
        Since.ENTERED: now.entered_at,
        Since.RECEIVED: now.restarted_at or now.received_at,
        Since.VERIFIED: now.since(Kind.VERIFIED),
        Since.FOUND_MISTAKEN: now.since(Kind.FOUND_MISTAKEN),
        Since.APPEALED: now.since(Kind.APPEALED),
        Since.SET_ASIDE: _set_aside(now),
        Since.ANSWERED: now.since(Kind.ANSWERED),
    }
    return starts.get(since)


def _set_aside(now: Standing) -> datetime | None:
    return _latest(now.since(Kind.MISTAKEN_CONFIRMED), now.since(Kind.APPEAL_UPHELD))


def _ended(clock: OrderClock, now: Standing) -> OrderClock:
    """Met, or nothing is due: each counts only from the beginning of its clock on."""
    begun = clock.deadline.start
    met = _first(begun, *(now.since(kind) for kind in _MET.get(clock.kind, ())))
    void: datetime | None = None
    match clock.kind:
        case "exclude":
            void = now.since(Kind.VERIFIED)
        case "first_contact":
            met = _first(begun, now.contacted_at, now.since(Kind.ANSWERED))
            void = _aside(now)
        case "rectify":
            moved = _latest(now.since(Kind.EXTENSION_GRANTED), now.since(Kind.ENTERED_IN_LEDGER))
            void = moved if moved is not None and moved >= begun else _aside(now)
        case "extended":
            void = _aside(now)
        case "verify" | "dispatch" if now.state in (State.EXCLUDING, State.EXCLUDED):
            void = _set_aside(now)
        case "verify" if now.state in (State.OPENED, State.VERIFYING):
            # It was found mistaken, and is not.
            met = None
        case "objection":
            void = _first(begun, now.since(Kind.EXCLUDED))
        case "callback":
            void = _first(begun, now.since(Kind.UNCONFIRMED))
    return replace(clock, met_at=met, void_at=void if met is None else None)


_MET = {
    "dispatch": (Kind.DISPATCHED,),
    "verify": (Kind.VERIFIED, Kind.FOUND_MISTAKEN),
    "exclude": (Kind.FOUND_MISTAKEN,),
    "withdraw": (Kind.MISTAKEN_CONFIRMED, Kind.MISTAKEN_REJECTED),
    "rectify": (Kind.ANSWERED,),
    "extended": (Kind.ANSWERED,),
    "appeal": (Kind.APPEAL_PROPOSED, Kind.APPEALED),
    "review": (Kind.APPEAL_UPHELD, Kind.APPEAL_REJECTED),
    "objection": (Kind.OBJECTED,),
    "callback": (Kind.CONFIRMED,),
}


def _aside(now: Standing) -> datetime | None:
    """While it is decided whether the rating counts at all there is nothing to rectify. Should it
    count, the clock has run on all the time (readings 8 and 10)."""
    match now.state:
        case State.FOUND:
            return now.since(Kind.FOUND_MISTAKEN)
        case State.EXCLUDING | State.EXCLUDED:
            return _set_aside(now)
    return None


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _first(begun: datetime, *moments: datetime | None) -> datetime | None:
    return min((each for each in moments if each is not None and each >= begun), default=None)
