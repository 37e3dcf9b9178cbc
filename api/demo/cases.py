"""The demo's cases: a walk through every path of every jurisdiction, reported as a business system
reports them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from models.cases.facts import GroupKind
from models.cases.reports import (
    Applicant,
    CallReport,
    CaseReport,
    CompletionReport,
    Group,
    VisitReport,
)
from models.words import CaseKind, Handling

Step = CaseReport | VisitReport | CompletionReport | CallReport

PEOPLE = (
    ("林女士", "13800138001", "440101199001011234"),
    ("陈先生", "13800138002", "350402198502022345"),
    ("李女士", "13800138003", "120103197803033456"),
)
"""Invented; the numbers belong to nobody."""

PLACES = {
    # region: agency, item, second agency and item, staff, window, theme, hotline and its staff
    "CA": ("CA-SJJ", "CA-I2", "CA-SJJ", "CA-I3", "CA-0802", "CA-W2", "CA-T1", "CA-P1", "CA-HL01"),
    "SM": ("SM-ZJJ", "SM-I1", "SM-ZRJ", "SM-I2", "SM-0101", "SM-W1", "SM-T1", "SM-P1", "SM-HL01"),
    "QJ": ("QJ-MZJ", "QJ-I1", "QJ-MZJ", "QJ-I2", "QJ-0501", "QJ-W1", None, "QJ-P1", "QJ-HL01"),
    "LG": ("LG-SPJ", "LG-I1", "LG-SPJ", "LG-I1", "LG-0201", "LG-W1", None, None, None),
    "TJ": ("TJ-HXSP", "TJ-I3", "TJ-HXRS", "TJ-I4", "TJ-1201", "TJ-W1", "TJ-T1", "TJ-P1", "TJ-HL01"),
    "YX": ("YX-GJJ", "YX-I1", "YX-GJJ", "YX-I2", "YX-0601", "YX-W1", "YX-T1", "YX-P1", "YX-HL01"),
}


def steps(now: datetime) -> Iterator[Step]:
    for place in PLACES:
        yield from _Walk(place, now).steps()


class _Walk:
    """One jurisdiction."""

    def __init__(self, place: str, now: datetime) -> None:
        self._place = place
        self._now = now
        (
            self._agency,
            self._item,
            self._second_agency,
            self._second_item,
            self._staff,
            self._window,
            self._theme,
            self._hotline,
            self._operator,
        ) = PLACES[place]

    def steps(self) -> Iterator[Step]:
        yield from self._case("0001", Handling.ONLINE)
        yield from self._case("0002", Handling.TERMINAL)
        yield from self._case("0003", Handling.WINDOW, visits=2)
        yield from self._case("0004", Handling.WINDOW, visits=1, kind=CaseKind.CONSULTATION)
        yield from self._group("01", GroupKind.BATCH)
        if self._theme:
            yield from self._group("02", GroupKind.THEME)
        if self._agency != self._second_agency:
            yield from self._group("03", GroupKind.PARALLEL)
        if self._hotline and self._operator:
            yield CallReport(
                number=f"{self._place}-CALL-1",
                platform=self._hotline,
                staff=self._operator,
                caller=PEOPLE[0][1],
                ended_at=self._now - timedelta(hours=1),
            )
            yield from self._case("0009", Handling.ONLINE, kind=CaseKind.TRANSFERRED)

    def _case(
        self,
        number: str,
        handling: Handling,
        *,
        visits: int = 0,
        kind: CaseKind = CaseKind.APPLICATION,
        group: Group | None = None,
        second: bool = False,
    ) -> Iterator[Step]:
        name, phone, identity = PEOPLE[int(number[-1]) % len(PEOPLE)]
        case = f"{self._place}{self._now:%Y%m%d}{number}"
        transferred = kind is CaseKind.TRANSFERRED
        yield CaseReport(
            number=case,
            agency=self._second_agency if second else self._agency,
            item=self._second_item if second else self._item,
            kind=kind,
            handling=handling,
            applicant=Applicant(name=name, phone=phone, identity=identity),
            accepted_at=self._now - timedelta(hours=6),
            group=group,
            call=f"{self._place}-CALL-1" if transferred else None,
        )
        for visit in range(1, visits + 1):
            yield VisitReport(
                case=case,
                number=visit,
                staff=self._staff,
                window=self._window,
                at=self._now - timedelta(hours=6 - visit),
            )
        yield CompletionReport(case=case, at=self._now - timedelta(minutes=30))

    def _group(self, number: str, kind: GroupKind) -> Iterator[Step]:
        """Two cases; the same item for a batch, different ones otherwise."""
        mixed = kind is not GroupKind.BATCH
        group = Group(
            kind=kind,
            number=f"{self._place}-{kind.value.upper()}-1",
            size=2,
            theme=self._theme if kind is GroupKind.THEME else None,
            lead_agency=self._agency if mixed else None,
        )
        for place in (1, 2):
            yield from self._case(
                f"{number}{place:02}",
                Handling.WINDOW,
                visits=1,
                group=group,
                second=mixed and place == 2,
            )
