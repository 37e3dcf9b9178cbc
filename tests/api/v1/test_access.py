"""Who may call, and who may speak of what."""

from __future__ import annotations

import pytest

from tests.api.directory import CALL, CASE, COMPLETION, VISIT
from tests.api.service import Service, refused, row_counts

ROUTES = (
    ("POST", "/api/v1/cases"),
    ("POST", "/api/v1/visits"),
    ("POST", "/api/v1/completions"),
    ("POST", "/api/v1/calls"),
    ("POST", "/api/v1/directory"),
    ("POST", "/api/v1/codes"),
    ("POST", "/api/v1/integrators"),
    ("DELETE", "/api/v1/integrators/x"),
    ("GET", "/api/v1/cases/x"),
    ("GET", "/api/v1/cases/x/explanation"),
    ("GET", "/api/v1/evaluations"),
    ("GET", "/api/v1/links"),
    ("GET", "/api/v1/opinions"),
    ("GET", "/api/v1/orders"),
    ("GET", "/api/v1/orders/1"),
    ("GET", "/api/v1/deadlines"),
)
HEADERS = (
    "",
    "Bearer",
    "Bearer ",
    "Bearer hcp_wrong",
    "Basic aGNwOmhjcA==",
    "Bearer 密钥",
    "密钥",
    "Bearer \xff",
    "Bearer hcp wrong",
)


async def test_nobody_gets_in_without_a_key(service: Service) -> None:
    before = await row_counts()
    for method, path in ROUTES:
        answer = await service.ask(method, path, key=None, data=b"{" if method == "POST" else b"")
        refused(answer, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert await row_counts() == before


@pytest.mark.parametrize("header", HEADERS)
async def test_a_wrong_header_is_refused(service: Service, header: str) -> None:
    answer = await service.get("/api/v1/orders", key=None, headers={"Authorization": header})
    refused(answer, 401, "unauthorized")


async def test_the_scheme_may_be_written_small(service: Service) -> None:
    header = {"Authorization": f"bearer {service.keys['admin']}"}
    assert (await service.get("/api/v1/orders", key=None, headers=header)).status == 200


async def test_a_revoked_key_opens_nothing_and_its_reports_stay(service: Service) -> None:
    await service.good("/api/v1/cases", CASE, key="445103")
    name = "445103%E4%B8%9A%E5%8A%A1%E7%B3%BB%E7%BB%9F"
    revoked = await service.ask("DELETE", f"/api/v1/integrators/{name}")
    assert revoked.body == {"name": "445103业务系统", "revoked": True}
    refused(await service.get("/api/v1/orders", key="445103"), 401, "unauthorized")
    assert (await service.good(f"/api/v1/cases/{CASE['number']}"))["number"] == CASE["number"]
    refused(await service.ask("DELETE", f"/api/v1/integrators/{name}"), 404, "not_found")


async def test_only_the_administrator_hands_out_and_revokes_keys(service: Service) -> None:
    before = await row_counts()
    report = {"name": "我的另一个系统"}
    refused(await service.post("/api/v1/integrators", report, key="445103"), 403, "forbidden")
    answer = await service.ask("DELETE", "/api/v1/integrators/x", key="445103")
    refused(answer, 403, "forbidden")
    assert await row_counts() == before


async def test_a_key_speaks_for_its_region_only(service: Service) -> None:
    before = await row_counts()
    for path, body, field in (
        ("/api/v1/cases", CASE, "agency"),
        ("/api/v1/calls", CALL, "platform"),
        ("/api/v1/visits", VISIT, "staff"),
        ("/api/v1/codes", {"window": "CA-W1"}, "window"),
        ("/api/v1/codes", {"hall": "CA-H1"}, "hall"),
        ("/api/v1/codes", {"platform": "CA-P2"}, "platform"),
    ):
        refused(await service.post(path, body, key="120103"), 403, "forbidden", field)
    assert await row_counts() == before


async def test_what_another_region_reported_is_not_shown(service: Service) -> None:
    await service.rate(await service.completed())
    call = await service.good("/api/v1/calls", CALL)
    assert call["invitations"]
    before = await row_counts()
    number = CASE["number"]
    for path, body, field in (
        (f"/api/v1/cases/{number}", None, "number"),
        (f"/api/v1/cases/{number}/explanation", None, "number"),
        (f"/api/v1/links?case={number}", None, "case"),
        ("/api/v1/links?call=CALL-1", None, "call"),
        ("/api/v1/cases", CASE, "number"),
        ("/api/v1/visits", VISIT, "case"),
        ("/api/v1/completions", COMPLETION, "case"),
        ("/api/v1/calls", CALL, "number"),
    ):
        answer = await (
            service.get(path, key="120103")
            if body is None
            else service.post(path, body, key="120103")
        )
        refused(answer, 403, "forbidden", field)
    refused(await service.get("/api/v1/orders/1", key="120103"), 404, "not_found")
    for kind in ("orders", "evaluations", "deadlines", "opinions"):
        assert (await service.good(f"/api/v1/{kind}", key="120103"))[kind] == []
        if kind != "opinions":
            assert (await service.good(f"/api/v1/{kind}", key="445103"))[kind] != []
    assert await row_counts() == before


async def test_a_key_of_a_city_speaks_for_its_districts(service: Service) -> None:
    key = (await service.good("/api/v1/integrators", {"name": "市", "region": "120000"}))["key"]
    case = {**CASE, "agency": "TJ-SP", "item": "TJ-I1"}
    assert (await service.good("/api/v1/cases", case, key=key))["fresh"]
    higher = {**CASE, "number": "2", "agency": "TJ-ZWB", "item": "TJ-I1"}
    refused(await service.post("/api/v1/cases", higher, key="120103"), 403, "forbidden", "agency")
