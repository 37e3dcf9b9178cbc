"""Cases, visits, completions, calls: taken, answered again, in any order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from models.tables import Case, Invitation
from tests.api.directory import CALL, CASE, COMPLETION, VISIT
from tests.api.service import BASE, TJ_CASE, Service, refused, row_counts

STEPS = {
    "/api/v1/cases": CASE,
    "/api/v1/visits": VISIT,
    "/api/v1/completions": COMPLETION,
    "/api/v1/calls": CALL,
}


async def test_a_case_visit_and_completion_open_a_link_each(service: Service) -> None:
    case = await service.good("/api/v1/cases", CASE)
    assert (case["fresh"], case["held"], case["invitations"]) == (True, False, [])
    visit = await service.good("/api/v1/visits", VISIT)
    (staff,) = visit["invitations"]
    assert (staff["targets"], staff["node"], staff["visit"]) == (["staff"], "visit", 1)
    assert staff["subject"]["staff"] == "王丽"
    assert staff["subject"]["window"] == "潮安大厅1号窗口"
    completed = await service.good("/api/v1/completions", COMPLETION)
    item = next(each for each in completed["invitations"] if each["node"] == "completion")
    assert item["targets"] == ["item"]
    assert item["subject"]["title"] == "食品经营许可"
    assert item["subject"]["agency"] == "潮安区市场监管局"
    assert item["subject"]["cases"] == [CASE["number"]]
    assert (item["rulebook"], item["version"], item["state"]) == ("chaoan", 1, "open")
    assert item["source"].startswith("第")
    assert item["opened_from"] == "2026-03-02T00:30:00Z"
    assert item["opened_from"] < item["timely_until"] < item["until"]
    assert item["link"].startswith(f"{BASE}/r/")
    assert item["qr"] == {"svg": f"{item['link']}/qr.svg", "png": f"{item['link']}/qr.png"}
    shown = await service.get(item["link"].removeprefix(BASE), key=None)
    assert shown.status == 200


async def test_a_call_opens_a_link_to_rate_who_answered(service: Service) -> None:
    taken = await service.good("/api/v1/calls", CALL)
    (invitation,) = taken["invitations"]
    assert (invitation["targets"], invitation["node"]) == (["staff"], "call")
    assert invitation["subject"]["staff"] == "王丽"
    handed_on = {**CASE, "kind": "transferred", "handling": "online", "call": "CALL-1"}
    assert (await service.good("/api/v1/cases", handed_on))["fresh"]


@pytest.mark.parametrize("path", STEPS)
async def test_the_same_report_again_is_answered_again(service: Service, path: str) -> None:
    await service.good("/api/v1/cases", CASE)
    first = await service.good(path, STEPS[path])
    before = await row_counts()
    again = await service.good(path, STEPS[path])
    assert again == {**first, "fresh": False}
    assert await row_counts() == before


async def test_the_same_moment_in_another_zone_is_the_same_report(service: Service) -> None:
    await service.good("/api/v1/cases", CASE)
    await service.good("/api/v1/completions", COMPLETION)
    moved = {**COMPLETION, "at": "2026-03-02T00:30:00Z"}
    assert not (await service.good("/api/v1/completions", moved))["fresh"]


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("/api/v1/cases", {"item": "CA-I2"}),
        ("/api/v1/visits", {"at": "2026-03-02T08:01:00+08:00"}),
        ("/api/v1/completions", {"at": "2026-03-02T08:31:00+08:00"}),
        ("/api/v1/calls", {"caller": "13800138001"}),
    ],
)
async def test_another_report_under_the_same_number_is_refused(
    service: Service, path: str, changed: dict[str, Any]
) -> None:
    await service.good("/api/v1/cases", CASE)
    await service.good(path, STEPS[path])
    before = await row_counts()
    refused(await service.post(path, {**STEPS[path], **changed}), 409, "conflict")
    assert await row_counts() == before


@pytest.mark.parametrize("order", list(permutations(list(STEPS)[:3])))
async def test_any_order_ends_in_the_same_state(service: Service, order: tuple[str, ...]) -> None:
    for number, path in enumerate(order):
        taken = await service.good(path, STEPS[path])
        assert taken["fresh"]
        assert taken["held"] == ("/api/v1/cases" not in order[: number + 1])
    shown = await service.good(f"/api/v1/cases/{CASE['number']}")
    states = {each["node"]: each["state"] for each in shown["invitations"]}
    assert states == {"visit": "open", "completion": "open"}
    assert await Invitation.all().count() == 2


async def test_a_batch_is_one_link_for_all_its_cases(service: Service) -> None:
    group = {"kind": "batch", "number": "B1", "size": 2}
    for number in ("1", "2"):
        await service.good("/api/v1/cases", {**CASE, "number": number, "group": group})
        taken = await service.good("/api/v1/completions", {**COMPLETION, "case": number})
    (invitation,) = taken["invitations"]
    assert invitation["subject"]["cases"] == ["1", "2"]
    third = {**CASE, "number": "3", "group": group}
    refused(await service.post("/api/v1/cases", third), 409, "conflict", "group.size")
    other = {**CASE, "number": "3", "group": {**group, "size": 3}}
    refused(await service.post("/api/v1/cases", other), 409, "conflict", "group.size")
    assert await Case.all().count() == 2


async def test_nothing_is_rated_where_the_rulebook_says_so(service: Service) -> None:
    online = {**CASE, **TJ_CASE, "kind": "consultation", "handling": "online"}
    await service.good("/api/v1/cases", online)
    taken = await service.good("/api/v1/completions", COMPLETION)
    assert taken["invitations"] == []
    (closed,) = taken["not_rated"]
    assert closed["source"]
    assert closed["detail"]


async def test_nobody_who_asks_learns_who_was_served(service: Service) -> None:
    await service.completed()
    texts = [
        (await service.post("/api/v1/cases", CASE)).text,
        (await service.get(f"/api/v1/cases/{CASE['number']}")).text,
        (await service.get(f"/api/v1/cases/{CASE['number']}/explanation")).text,
        (await service.get(f"/api/v1/links?case={CASE['number']}")).text,
        (await service.post("/api/v1/calls", CALL)).text,
    ]
    for text in texts:
        for personal in ("陈小明", "13800138000", "44510319900101", "2345678"):
            assert personal not in text


async def test_a_case_shows_what_was_said_of_it(service: Service) -> None:
    await service.rate(await service.completed(), level=2)
    shown = await service.good(f"/api/v1/cases/{CASE['number']}")
    (evaluation,) = shown["evaluations"]
    assert evaluation["level_label"] == "不满意"
    assert evaluation["reasons"]["item"]["words"] == "等了三个小时"
    assert evaluation["order"] == (await service.good("/api/v1/orders"))["orders"][0]["number"]
    states = {each["node"]: each["state"] for each in shown["invitations"]}
    assert states == {"visit": "open", "completion": "rated"}


async def test_a_case_is_explained_by_article_and_day(service: Service) -> None:
    await service.rate(await service.completed(**TJ_CASE))
    explained = await service.good(f"/api/v1/cases/{CASE['number']}/explanation")
    assert explained["rulebook"] == "tianjin"
    assert explained["version"] == 1
    assert explained["judged_at"] == "2026-03-02T00:30:00Z"
    assert all(each["source"] for each in explained["because"])
    assert any("工作日" in day for each in explained["because"] for day in each["days"])


@pytest.mark.parametrize("path", ["cases/nichts", "cases/nichts/explanation", "orders/17"])
async def test_what_is_not_there_is_not_found(service: Service, path: str) -> None:
    refused(await service.get(f"/api/v1/{path}"), 404, "not_found")


@pytest.mark.parametrize(
    "number", ["%00", "a%00b", "%F0%9F%98%80", "%ED%A0%80", "%2F", "a%2Fb", "1" * 51, "1" * 101]
)
async def test_a_number_nobody_could_have_is_not_found(service: Service, number: str) -> None:
    refused(await service.get(f"/api/v1/cases/{number}"), 404, "not_found")
    refused(await service.get(f"/api/v1/cases/{number}/explanation"), 404, "not_found")
    refused(await service.ask("DELETE", f"/api/v1/integrators/{number}"), 404, "not_found")
    refused(await service.get(f"/api/v1/orders/{number}"), 404, "not_found")
