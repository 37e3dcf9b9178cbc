"""Which days count as working days (工作日): reading 6 of the rule matrix.

Two sources: the library for the years it covers, and files an operator adds for the years it does
not. A year that stands in both is the operator's; a file is refused when it contradicts the library
(`added_years`), unless it names the notice by which the State Council changed the year afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from models.calendar.added_years import AddedYear, load_folder
from models.calendar.year_plan import YearPlan, days_of, library_plans


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    working: bool
    why: str
    """Plain Chinese: 春节, 周末, 工作日, 调休上班."""
    provisional: bool = False
    """No notice covers the year: told by the weekday alone."""


class WorkingDays:
    __slots__ = ("_plans", "_tables")

    def __init__(
        self,
        added: Iterable[AddedYear] = (),
        *,
        library: Mapping[int, YearPlan] | None = None,
    ) -> None:
        self._plans = dict(library_plans() if library is None else library)
        self._plans.update((year.year, year.plan) for year in added)
        self._tables: dict[int, dict[date, Day]] = {}

    @classmethod
    def load(cls, folder: Path | None) -> Self:
        """Raises YearFaults when a file of the folder cannot be relied on."""
        return cls(load_folder(folder) if folder else ())

    def covers(self, year: int) -> bool:
        return year in self._plans

    @property
    def covered_until(self) -> int:
        """The last year before the first gap: a later year helps no deadline across the gap."""
        year = min(self._plans)
        while year + 1 in self._plans:
            year += 1
        return year

    def day(self, day: date) -> Day:
        return self._table(day.year)[day]

    def year(self, year: int) -> tuple[Day, ...]:
        return tuple(self._table(year).values())

    def _table(self, year: int) -> dict[date, Day]:
        table = self._tables.get(year)
        if table is None:
            guessed = year not in self._plans
            plan = YearPlan(year, {}, frozenset()) if guessed else self._plans[year]
            table = {
                day: Day(day, plan.working(day), plan.why(day), guessed) for day in days_of(year)
            }
            self._tables[year] = table
        return table
