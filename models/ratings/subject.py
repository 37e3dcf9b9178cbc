"""What a rating is about, as plain values: the facts that `decide` needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from models.orders.opening import Holders
from models.words import Node, Ordinal, Target


@dataclass(frozen=True, slots=True)
class Covered:
    """One case that the rating is valid for."""

    case: int
    agency: int
    item: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in the figures that can be filled once."""

    name: str
    target: Target
    covered: Covered | None


@dataclass(frozen=True, slots=True)
class Subject:
    """`invitation` and `node` are None for 综合点评, which is bound to no case."""

    region: int
    rulebook: str
    version: int
    targets: tuple[Target, ...]
    agency: int
    invitation: int | None = None
    node: Node | None = None
    rule: str | None = None
    visit_number: int | None = None
    covers: tuple[Covered, ...] = ()
    call: int | None = None
    staff: int | None = None
    hall: int | None = None
    platform: int | None = None
    timely_until: datetime | None = None
    until: datetime | None = None
    silent: bool = False
    """The silence has been recorded: whoever rates now is late."""
    superseded: bool = False
    """The facts no longer open it."""
    named: bool = False
    """The applicant's real name is known from the case."""
    taken: Mapping[str, UUID] = field(default_factory=dict)
    """Slots that are filled, and by which evaluation."""
    holders: Holders | None = None
    """Who could receive a work order; loaded for a negative rating."""
    overlapping: tuple[int, ...] = ()
    """Other invitations into the same slots: overall beside separate."""

    @property
    def copied_to(self) -> tuple[int, ...]:
        """Agencies that took part beside the one that answers (reading 21)."""
        others = {covered.agency for covered in self.covers} - {self.agency}
        return tuple(sorted(others))

    def slots(self, ordinal: Ordinal, submission: str) -> tuple[Slot, ...]:
        return tuple(self._slots(ordinal, submission))

    def _slots(self, ordinal: Ordinal, submission: str) -> Iterator[Slot]:
        """去重键 (reading 22): case, node, target and ordinal, not who rates."""
        for target in self.targets:
            if self.node is None:
                yield Slot(f"open/{submission}/{target}/{ordinal:d}", target, None)
            elif self.call is not None:
                yield Slot(f"call-{self.call}/{target}/{ordinal:d}", target, None)
            else:
                for covered in self.covers:
                    name = f"case-{covered.case}/{self._node_name}/{target}/{ordinal:d}"
                    yield Slot(name, target, covered)

    @property
    def _node_name(self) -> str:
        """A visit of a group may have had several staff at work: each is rated by itself."""
        if self.node is Node.VISIT:
            return f"visit-{self.visit_number}-{self.staff}"
        return "completion"
