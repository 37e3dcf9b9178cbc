"""Evaluations, orders, deadlines, links, opinions: listed, paged, filtered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from models.tables import OrderDeadline, WorkOrder
from tests.api.directory import CALL, CASE, VISIT
from tests.api.service import BASE, TJ_CASE, Service, refused, spoken


async def rated(service: Service, count: int) -> None:
    for number in range(1, count + 1):
        await service.rate(await service.completed(f"CA{number:04}"))


async def paged(service: Service, path: str, kind: str, mark: str) -> list[dict[str, Any]]:
    """Every row, one a page."""
    rows: list[dict[str, Any]] = []
    after = ""
    while found := (await service.good(f"{path}limit=1{after}"))[kind]:
        assert len(found) == 1
        rows += found
        after = f"&after={found[0][mark]}"
        assert len(rows) < 50
    return rows


async def test_evaluations_are_paged_in_the_order_in_which_they_came(service: Service) -> None:
    # The clock stands: all are of one moment.
    seen: list[str] = []
    after = ""
    for number in range(1, 7):
        await service.rate(await service.completed(f"CA{number:04}"))
        (row,) = (await service.good(f"/api/v1/evaluations?{after}"))["evaluations"]
        seen.append(row["covers"][0])
        after = f"after={row['id']}"
    assert [number in slot for number, slot in zip("123456", seen, strict=True)] == [True] * 6
    nobodys = f"/api/v1/evaluations?after={UUID(int=7)}"
    refused(await service.get(nobodys), 422, "unknown_reference", "after")
    rows = await paged(service, "/api/v1/evaluations?", "evaluations", "id")
    assert [row["covers"][0] for row in rows] == seen
    whole = (await service.good("/api/v1/evaluations"))["evaluations"]
    assert rows == whole


async def test_evaluations_since_a_moment(service: Service) -> None:
    await service.rate(await service.completed("CA1"))
    service.clock.advance(hours=1)
    await service.rate(await service.completed("CA2"))
    since = "/api/v1/evaluations?since=2026-03-02T10:00:00%2B08:00"
    (late,) = (await service.good(since))["evaluations"]
    assert late["at"] == "2026-03-02T02:00:00Z"
    assert late["provenance"] == "person"
    assert len(late["leaf"]) == 64


async def test_orders_are_paged_in_the_order_of_their_numbers(service: Service) -> None:
    await rated(service, 3)
    orders = await paged(service, "/api/v1/orders?", "orders", "number")
    assert len(orders) == 3
    assert orders == (await service.good("/api/v1/orders"))["orders"]
    numbers = [order["number"] for order in orders]
    assert numbers == sorted(numbers)


async def test_deadlines_come_soonest_first(service: Service) -> None:
    for change in ({}, TJ_CASE):
        number = change.get("agency", "CA-SJJ")
        await service.rate(await service.completed(number, **change))
        await service.completed(f"{number}-unrated", **change)
        service.clock.advance(hours=1)
    listed = await service.good("/api/v1/deadlines")
    due = [row["due_at"] for row in listed["deadlines"]]
    assert len(due) == await OrderDeadline.all().count() > 1
    assert due == sorted(due)
    ends = [row["timely_until"] for row in listed["silences"]]
    assert ends
    assert ends == sorted(ends)
    first = await service.good("/api/v1/deadlines?limit=1")
    assert first["deadlines"] == listed["deadlines"][:1]
    since = due[-1].replace("+", "%2B")
    last = (await service.good(f"/api/v1/deadlines?since={since}"))["deadlines"]
    assert last == [row for row in listed["deadlines"] if row["due_at"] == due[-1]]


async def test_an_order_tells_its_clocks_and_its_history(service: Service) -> None:
    await service.rate(await service.completed())
    (listed,) = (await service.good("/api/v1/orders"))["orders"]
    order = await service.good(f"/api/v1/orders/{listed['number']}")
    assert order == listed
    assert order["agency"] == "CA-SJJ"
    assert order["holder"] == "CA-ZSJ"
    assert [event["kind"] for event in order["events"]] == [order["state"]]
    assert order["deadlines"]
    (evaluation,) = (await service.good("/api/v1/evaluations"))["evaluations"]
    assert evaluation["order"] == order["number"]
    assert evaluation["id"] == order["evaluation"]


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "%D9%A3", "1" * 19, "9" * 19, "1" * 5000])
async def test_a_number_that_is_no_orders_is_not_found(service: Service, number: str) -> None:
    refused(await service.get(f"/api/v1/orders/{number}"), 404, "not_found")


async def test_deadlines_into_a_year_without_notice_are_provisional(service: Service) -> None:
    await service.rate(await service.completed("CA1"))
    service.clock.at = service.clock.at.replace(month=12, day=31)
    december = {"case": "CA2", "at": "2026-12-31T08:30:00+08:00"}
    await service.good("/api/v1/cases", {**CASE, "number": "CA2"})
    for part, report in (("visits", {**VISIT, **december}), ("completions", december)):
        taken = await service.good(f"/api/v1/{part}", report)
    await service.rate(taken["invitations"][-1]["link"], 1, **{"w-staff": "慢"})
    listed = (await service.good("/api/v1/deadlines?provisional=true"))["deadlines"]
    assert {row["provisional"] for row in listed} == {True}
    assert len({row["order"] for row in listed}) == 1
    settled = (await service.good("/api/v1/deadlines?provisional=false"))["deadlines"]
    assert {row["provisional"] for row in settled} == {False}
    whole = (await service.good("/api/v1/deadlines"))["deadlines"]
    assert len(listed) + len(settled) == len(whole)


async def test_links_are_those_that_are_open_now(service: Service) -> None:
    link = await service.completed()
    path = f"/api/v1/links?case={CASE['number']}"
    found = await service.good(path)
    assert found["now"] == "2026-03-02T01:00:00Z"
    assert link in [each["link"] for each in found["invitations"]]
    await service.rate(link)
    assert link not in [each["link"] for each in (await service.good(path))["invitations"]]
    service.clock.advance(days=400)
    assert (await service.good(path))["invitations"] == []
    await service.good("/api/v1/calls", CALL)


async def test_links_of_a_call(service: Service) -> None:
    taken = await service.good("/api/v1/calls", CALL)
    assert (await service.good("/api/v1/links?call=CALL-1"))["invitations"] == taken["invitations"]


async def test_links_are_asked_for_one_case_or_one_call(service: Service) -> None:
    for query in ("", "?case=1&call=1"):
        refused(await service.get(f"/api/v1/links{query}"), 422, "invalid", "query")
    for query in ("case=1", "call=1"):
        refused(await service.get(f"/api/v1/links?{query}"), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("evaluations", "limit=0", "limit"),
        ("evaluations", "limit=501", "limit"),
        ("evaluations", "limit=ten", "limit"),
        ("evaluations", "limit=", "limit"),
        ("evaluations", "since=2026-03-02T10:00:00", "since"),
        ("evaluations", "since=soon", "since"),
        ("evaluations", "after=7", "after"),
        ("evaluations", "colour=red", "colour"),
        ("orders", f"after={2**63}", "after"),
        ("orders", "after=-1", "after"),
        ("orders", f"after={'1' * 5000}", "after"),
        ("deadlines", "limit=0", "limit"),
        ("deadlines", "since=0001-01-01T00:00:00%2B14:00", "since"),
        ("evaluations", "since=9999-12-31T23:59:59-12:00", "since"),
        ("deadlines", "provisional=perhaps", "provisional"),
        ("links", "case=%00", "case"),
        ("links", "case=", "case"),
        ("opinions", "limit=1", "limit"),
    ],
)
async def test_a_wrong_parameter_is_named(
    service: Service, path: str, query: str, field: str
) -> None:
    refused(await service.get(f"/api/v1/{path}?{query}"), 422, "invalid", field)


async def test_an_opinion_is_listed_without_who_said_it(service: Service) -> None:
    code = await service.good("/api/v1/codes", {"window": "TJ-W1"})
    path = f"{code['link'].removeprefix(BASE)}?whole=1"
    form = {"once": "x" * 16, "words": "空调太冷", "name": "陈小明", "phone": "13800138000"}
    kept = await service.ask("POST", path, key=None, data=form, allow_redirects=False)
    assert kept.status == 303, kept.text
    answer = await service.get("/api/v1/opinions", key="120103")
    (opinion,) = answer.body["opinions"]
    assert (opinion["agency"], opinion["words"], opinion["level"]) == ("TJ-SP", "空调太冷", None)
    assert "陈小明" not in answer.text
    assert "138" not in answer.text
    spoken(opinion["words"])


async def test_orders_by_state_by_agency_and_by_what_is_overdue(service: Service) -> None:
    """潮安's is to be dispatched within a working day, 天津's answered within 15."""
    await service.rate(await service.completed())
    await service.rate(await service.completed("TJ-1", **TJ_CASE))

    async def found(query: str, **given: Any) -> list[str]:
        listed = await service.good(f"/api/v1/orders?{query}", **given)
        return [order["agency"] for order in listed["orders"]]

    assert await found("state=opened") == ["CA-SJJ", "TJ-SP"]
    assert await found("state=closed") == []
    assert await found("agency=CA-SJJ") == await found("agency=CA-ZSJ") == ["CA-SJJ"]
    assert await found("agency=CA-SJJ&state=closed") == []
    assert await found("overdue=true") == []
    service.clock.advance(days=3)
    assert await found("overdue=true", key="445103") == ["CA-SJJ"]
    assert await found("overdue=false", key="445103") == []
    await WorkOrder.filter(agency__code="CA-SJJ").update(state="closed", due_at=None)
    assert await found("overdue=false", key="445103") == ["CA-SJJ"]
    foreign = await service.get("/api/v1/orders?agency=TJ-SP", key="445103")
    refused(foreign, 403, "forbidden", "agency")
    refused(await service.get("/api/v1/orders?state=lost"), 422, "invalid", "state")


async def test_an_order_is_explained(service: Service) -> None:
    await service.rate(await service.completed())
    (order,) = (await service.good("/api/v1/orders"))["orders"]
    path = f"/api/v1/orders/{order['number']}/explanation"
    found = await service.good(path)
    assert (found["rulebook"], found["version"]) == ("chaoan", 1)
    received, *clocks = found["because"]
    assert (received["rule"], received["source"]) == ("first_receiver", "第二十二条")
    assert "潮安区政数局" in received["what"]
    assert {each["rule"] for each in clocks} == {each["kind"] for each in order["deadlines"]}
    assert all(each["days"] for each in clocks)
    refused(await service.get(path, key="120103"), 404, "not_found")
