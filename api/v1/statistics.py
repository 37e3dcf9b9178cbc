"""What was rated and what was not, counted. Persons, defaults and proxies are never added up:
whoever reads chooses, and both readings can be had (DESIGN §7)."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from api.endpoints import Call, Endpoint, Nothing
from models.directory.lookup import Lookup
from models.directory.regions import ids_within
from models.figures import counts, unrated
from models.tables import Agency, Integrator
from models.texts import Code, Moment


class StatisticsQuery(BaseModel):
    """From `since` until before `until`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Moment
    until: Moment
    agency: Code | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until <= self.since:
            raise ValueError("until 应晚于 since")
        return self


class CountAnswer(BaseModel):
    """`number` of cases and targets covered; a default that a person has replaced is not among
    them, nor what is not adopted (不予采纳) or not counted. `ordinal`: 0 default, 1 first, 2
    follow-up."""

    agency: str
    target: str
    level: int
    provenance: str
    ordinal: int
    number: int


class UnratedAnswer(BaseModel):
    """未评: silence fell due in this time, and nobody has rated since. `invalidated`: of `number`
    those that were rated in this time, and are not adopted (归集为“未评”, 天津第十九条)."""

    agency: str
    number: int
    invalidated: int


class StatisticsAnswer(BaseModel):
    counts: list[CountAnswer]
    unrated: list[UnratedAnswer]


async def show_statistics(call: Call[Nothing, StatisticsQuery]) -> StatisticsAnswer:
    """等级分布 by agency and target, and what stayed unrated."""
    query = call.query
    codes = await _agencies(call.integrator, query.agency)
    found = await counts(call.office, list(codes), query.since, query.until)
    stayed = await unrated(call.office, list(codes), query.since, query.until)
    rows = [
        CountAnswer(
            agency=codes[each.agency],
            target=each.target.value,
            level=int(each.level),
            provenance=each.provenance.value,
            ordinal=int(each.ordinal),
            number=each.number,
        )
        for each in found
    ]
    return StatisticsAnswer(
        counts=sorted(rows, key=lambda row: (row.agency, row.target, row.ordinal, -row.level)),
        unrated=[
            UnratedAnswer(
                agency=codes[agency],
                number=each.silent + each.invalidated,
                invalidated=each.invalidated,
            )
            for agency, each in sorted(stayed.items(), key=lambda one: codes[one[0]])
        ],
    )


async def _agencies(integrator: Integrator, code: str | None) -> dict[int, str]:
    """Codes by id. Raises UnknownReference, Forbidden."""
    if code is not None:
        agency = await Lookup(integrator).agency(code, "agency")
        return {agency.id: agency.code}
    mine = Agency.all()
    if integrator.region_id is not None:
        mine = mine.filter(region_id__in=await ids_within(integrator.region_id))
    return {agency.id: agency.code for agency in await mine}


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/statistics",
        show_statistics,
        "Figures of agencies",
        "ratings",
        StatisticsAnswer,
        query=StatisticsQuery,
    ),
)
