"""/openapi.json: valid, complete, and what the service does."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from aiohttp.test_utils import TestServer

from api import v1
from api.keys import OFFICE
from api.mp import routes as mp
from models.ratings.attachments import ENDINGS
from tests.api.directory import CALL, CASE, COMPLETION, VISIT
from tests.api.service import Service


@pytest.fixture
async def described(service: Service) -> dict[str, Any]:
    answer = await service.get("/openapi.json", key=None)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    body: dict[str, Any] = answer.body
    return body


async def test_it_is_openapi_3_1(described: dict[str, Any]) -> None:
    schema = schemathesis.openapi.from_dict(described)
    schema.validate()
    assert described["openapi"] == "3.1.0"
    assert len(list(schema.get_all_operations())) == len(v1.ENDPOINTS) + len(mp.ENDPOINTS)
    for shape in described["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": DIALECT, **shape})


DIALECT = "https://json-schema.org/draft/2020-12/schema"


async def test_every_route_of_the_api_is_described(
    service: Service, described: dict[str, Any]
) -> None:
    assert isinstance(service.client.server, TestServer)
    app = service.client.server.app
    assert app[OFFICE] is service.office
    served = {
        (route.method.lower(), route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/api/")
    }
    told = {
        (method, path)
        for path, operations in described["paths"].items()
        for method in operations
        if path.startswith("/api/")
    }
    assert served == told


async def test_every_operation_names_its_refusals(described: dict[str, Any]) -> None:
    names = [
        operation["operationId"]
        for operations in described["paths"].values()
        for operation in operations.values()
    ]
    assert len(set(names)) == len(names)
    for operations in described["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            assert {"200", "401", "403", "422", "503"} <= set(answers)
            if "requestBody" in operation:
                assert {"400", "413"} <= set(answers)
            for status, answer in answers.items():
                kinds = answer["content"].keys()
                good = ({"application/json"}, ENDINGS.keys())
                assert kinds in (good if status == "200" else ({"application/problem+json"},))


async def test_answers_are_what_it_says(service: Service, described: dict[str, Any]) -> None:
    def fits(path: str, method: str, status: int, body: object) -> None:
        answer = described["paths"][path][method]["responses"][str(status)]
        (content,) = answer["content"].values()
        whole = {**content["schema"], "components": described["components"]}
        jsonschema_rs.validator_for(whole).validate(body)

    await service.rate(await service.completed())
    number = CASE["number"]
    for path, report in (
        ("/api/v1/cases", CASE),
        ("/api/v1/visits", VISIT),
        ("/api/v1/completions", COMPLETION),
        ("/api/v1/calls", CALL),
        ("/api/v1/codes", {"hall": "CA-H1"}),
        ("/api/v1/integrators", {"name": "新"}),
        ("/api/v1/directory", {"staff": [{"code": "S", "name": "李", "agency": "CA-SJJ"}]}),
    ):
        fits(path, "post", 200, await service.good(path, report))
        for body, status in (({}, 422), ({"?": 1}, 422)):
            if path != "/api/v1/directory" or body:
                fits(path, "post", status, (await service.post(path, body)).body)
        fits(path, "post", 401, (await service.post(path, report, key=None)).body)
        fits(path, "post", 400, (await service.ask("POST", path, data=b"{")).body)
    for path in ("evaluations", "orders", "deadlines", "opinions"):
        fits(f"/api/v1/{path}", "get", 200, await service.good(f"/api/v1/{path}"))
    fits("/api/v1/links", "get", 200, await service.good(f"/api/v1/links?case={number}"))
    fits("/api/v1/orders/{number}", "get", 200, await service.good("/api/v1/orders/1"))
    case = "/api/v1/cases/{number}"
    fits(case, "get", 200, await service.good(f"/api/v1/cases/{number}"))
    explained = f"/api/v1/cases/{number}/explanation"
    fits(f"{case}/explanation", "get", 200, await service.good(explained))
    fits(case, "get", 404, (await service.get("/api/v1/cases/x")).body)
    revoked = await service.ask("DELETE", "/api/v1/integrators/%E6%96%B0")
    fits("/api/v1/integrators/{name}", "delete", 200, revoked.body)
