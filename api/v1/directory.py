"""Regions, agencies, halls, windows, staff, items, themes, platforms: sent and seen."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.access import administrator
from api.endpoints import Call, Endpoint, Nothing
from models.directory.importing import import_rows
from models.directory.lines import BadRow, Line
from models.directory.rows import (
    AgencyRow,
    HallRow,
    ItemRow,
    PlatformRow,
    RegionRow,
    Row,
    StaffRow,
    ThemeRow,
    WindowRow,
)
from models.refusals import Invalid

Rows = Field(max_length=5000)


class DirectoryReport(BaseModel):
    """Rows name each other by code, in any order. A stored row is changed in what is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: Annotated[tuple[RegionRow, ...], Rows] = ()
    agency: Annotated[tuple[AgencyRow, ...], Rows] = ()
    hall: Annotated[tuple[HallRow, ...], Rows] = ()
    window: Annotated[tuple[WindowRow, ...], Rows] = ()
    staff: Annotated[tuple[StaffRow, ...], Rows] = ()
    item: Annotated[tuple[ItemRow, ...], Rows] = ()
    theme: Annotated[tuple[ThemeRow, ...], Rows] = ()
    platform: Annotated[tuple[PlatformRow, ...], Rows] = ()

    def lines(self) -> Iterator[Line]:
        for kind in type(self).model_fields:
            rows: tuple[Row, ...] = getattr(self, kind)
            for number, row in enumerate(rows):
                cells = row.model_dump(mode="json", exclude_unset=True)
                yield Line(kind, cells, place=kind, number=number)


class KindCounts(BaseModel):
    added: int
    changed: int
    unchanged: int


class DirectoryAnswer(BaseModel):
    counts: dict[str, KindCounts]


class BadRows(Invalid):
    """Nothing of the import was stored."""

    code = "bad_rows"

    def __init__(self, bad: tuple[BadRow, ...]) -> None:
        super().__init__(f"有{len(bad)}处有误，没有保存任何一行。")
        self.bad = bad

    @property
    def errors(self) -> list[tuple[str, str]]:
        return [(f"{each.place}.{each.number}.{each.field}", each.reason) for each in self.bad]


async def report_directory(call: Call[DirectoryReport, Nothing]) -> DirectoryAnswer:
    """All rows, or none and what is wrong with each. Regions, and under which rulebook they are,
    only the administrator reports."""
    if call.body.region:
        administrator(call.integrator)
    report = await import_rows(
        call.office.database,
        call.office.shelf,
        call.body.lines(),
        within=call.integrator.region_id,
    )
    if report.bad:
        raise BadRows(report.bad)
    return DirectoryAnswer(
        counts={
            kind: KindCounts(added=counts.added, changed=counts.changed, unchanged=counts.unchanged)
            for kind, counts in report.counts.items()
        }
    )


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/v1/directory",
        report_directory,
        "Add or change rows of the directory",
        "directory",
        DirectoryAnswer,
        body=DirectoryReport,
        problems=(HTTPStatus.CONFLICT,),
    ),
)
