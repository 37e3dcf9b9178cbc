"""What is known of a case or of a group of cases, as plain values: the input of every decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.words import CaseKind, Handling


class GroupKind(StrEnum):
    BATCH = "batch"
    """批量: the same item several times."""
    THEME = "theme"
    """主题式、一件事: different items, one declaration."""
    PARALLEL = "parallel"
    """并联、联合审批: several departments."""

    @property
    def label(self) -> str:
        return {"batch": "批量业务", "theme": "主题服务", "parallel": "并联审批"}[self.value]


@dataclass(frozen=True, slots=True)
class VisitFact:
    number: int
    at: datetime
    staff: int


@dataclass(frozen=True, slots=True)
class GroupFact:
    id: int
    kind: GroupKind
    size: int
    lead_agency: int | None


@dataclass(frozen=True, slots=True)
class CaseFact:
    id: int
    number: str
    kind: CaseKind
    handling: Handling
    agency: int
    visits: tuple[VisitFact, ...] = ()
    completed_at: datetime | None = None

    @property
    def handled_as(self) -> Handling:
        """A visit makes an online or terminal case a mixed one (线上线下相结合)."""
        if self.visits and self.handling in (Handling.ONLINE, Handling.TERMINAL):
            return Handling.MIXED
        return self.handling

    @property
    def at_window(self) -> bool:
        return self.handled_as in (Handling.WINDOW, Handling.MIXED)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A case alone, or a group with every case of it that has been reported."""

    cases: tuple[CaseFact, ...]
    group: GroupFact | None = None

    @property
    def completed_at(self) -> datetime | None:
        """When the last case of the group was completed; None while one is missing or open."""
        moments = [case.completed_at for case in self.cases if case.completed_at is not None]
        expected = self.group.size if self.group else 1
        return max(moments) if len(moments) == expected else None

    @property
    def first(self) -> CaseFact:
        """The lowest case number, whichever was reported first."""
        return min(self.cases, key=lambda case: case.number)

    @property
    def lead(self) -> int:
        """牵头部门 (reading 21); the agency of the lowest case number where none was named."""
        if self.group is not None and self.group.lead_agency is not None:
            return self.group.lead_agency
        return self.first.agency

    @property
    def visits(self) -> tuple[VisitFact, ...]:
        """Each visit once, whichever of the cases it was reported for."""
        found: dict[tuple[int, int], VisitFact] = {}
        for case in self.cases:
            for visit in case.visits:
                key = (visit.number, visit.staff)
                if key not in found or visit.at < found[key].at:
                    found[key] = visit
        return tuple(found[key] for key in sorted(found))
