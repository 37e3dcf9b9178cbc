"""/api/v1/statistics: whose voice a figure is, and what a person's late word does to it."""

from __future__ import annotations

from typing import Any

from models.tables import WorkOrder
from models.tick import tick
from tests.api.directory import CASE
from tests.api.service import TJ_CASE, Service, refused

SPAN = "since=2026-03-01T00:00:00%2B08:00&until=2026-05-01T00:00:00%2B08:00"

SILENT = {"agency": "TJ-SP", "invalidated": 0}


async def figures(service: Service, query: str = SPAN, **given: Any) -> Any:
    return await service.good(f"/api/v1/statistics?{query}", **given)


async def beat(service: Service, **later: float) -> None:
    service.clock.advance(**later)
    await tick(service.office)


async def test_a_late_rating_takes_the_place_of_the_default(service: Service) -> None:
    """潮安第十九条, reading 18."""
    link = await service.completed()
    await beat(service, days=8)
    (default,) = (await figures(service))["counts"]
    assert default == {
        "agency": CASE["agency"],
        "target": "item",
        "level": 5,
        "provenance": "default",
        "ordinal": 0,
        "number": 1,
    }
    await service.rate(link, 2)
    (person,) = (await figures(service))["counts"]
    assert (person["provenance"], person["level"], person["number"]) == ("person", 2, 1)
    first, second = (await service.good("/api/v1/evaluations"))["evaluations"]
    assert (first["provenance"], first["replaced_by"]) == ("default", second["id"])
    assert (second["provenance"], second["late"], second["replaced_by"]) == ("person", True, None)


async def test_what_stayed_unrated_is_counted_until_somebody_rates_it(service: Service) -> None:
    """天津第十六条."""
    link = await service.completed("TJ-1", **TJ_CASE)
    await service.completed("TJ-2", **TJ_CASE)
    await beat(service, days=10)
    found = await figures(service)
    assert found == {"counts": [], "unrated": [SILENT | {"number": 2}]}
    await service.rate(link, 5)
    found = await figures(service)
    assert found["unrated"] == [SILENT | {"number": 1}]
    assert [each["agency"] for each in found["counts"]] == ["TJ-SP"]


async def test_what_was_set_aside_is_unrated_and_said_to_be(service: Service) -> None:
    """天津第十九条."""
    await service.rate(await service.completed("TJ-1", **TJ_CASE), 1)
    assert len((await figures(service))["counts"]) == 1
    await WorkOrder.all().update(state="excluded", counted=False)
    found = await figures(service)
    assert found == {"counts": [], "unrated": [{"agency": "TJ-SP", "number": 1, "invalidated": 1}]}


async def test_each_sees_its_own(service: Service) -> None:
    await service.completed("TJ-1", **TJ_CASE)
    await beat(service, days=10)
    assert (await figures(service, key="445103"))["unrated"] == []
    assert len((await figures(service, key="120103"))["unrated"]) == 1
    foreign = await service.get(f"/api/v1/statistics?{SPAN}&agency=TJ-SP", key="445103")
    refused(foreign, 403, "forbidden", "agency")


async def test_a_time_that_ends_before_it_begins_is_refused(service: Service) -> None:
    query = "since=2026-03-02T00:00:00Z&until=2026-03-01T00:00:00Z"
    assert (await service.get(f"/api/v1/statistics?{query}")).status == 422
