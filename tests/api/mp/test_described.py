"""/openapi.json says what the API of the apps does."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from aiohttp import web

from tests.api.mp.person import MINI, Crowd, Person, once
from tests.api.pages.town import PHONE, Town


@pytest.fixture
async def described(crowd: Crowd) -> dict[str, Any]:
    async with crowd.client.get("/openapi.json") as answer:
        body: dict[str, Any] = await answer.json()
    return body


async def test_every_route_is_described(app: web.Application, described: dict[str, Any]) -> None:
    served = {
        (route.method.lower(), route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/mp/")
    }
    pages = {(method, f"/mp/{{account}}/{page}") for method in ("get", "head") for page in PAGES}
    told = {
        (method, path)
        for path, operations in described["paths"].items()
        for method in operations
        if path.startswith("/mp/")
    }
    assert served - pages == told


PAGES = ("enter", "mine")


async def test_who_may_call(described: dict[str, Any]) -> None:
    for path, operations in described["paths"].items():
        for operation in operations.values():
            known: list[dict[str, list[str]]] = [] if path.endswith("/login") else [{"session": []}]
            wanted = known if path.startswith("/mp/") else [{"key": []}]
            assert operation["security"] == wanted
            if path.startswith("/mp/"):
                assert {"404", "429"} <= set(operation["responses"])


async def test_answers_are_what_it_says(
    town: Town, crowd: Crowd, described: dict[str, Any]
) -> None:
    person = await crowd.in_mini_program(phone=PHONE)
    token = town.link(await town.completed()).removeprefix("/r/")
    other = await crowd.in_mini_program("openid-2")
    rating = {"level": 1, "reasons": {"item": {"words": "慢"}}, "submission": once()}
    said: list[tuple[str, str, str, object]] = [
        ("get", "rateable", "rateable", None),
        ("get", "me", "me", None),
        ("get", "scenes/{scene}", f"scenes/r/{token}", None),
        ("get", "scenes/{scene}", "scenes/q/W1", None),
        ("get", "ratings/{token}", f"ratings/{token}", None),
        ("get", "ratings/{token}", "ratings/none", None),
        ("post", "ratings/{token}", f"ratings/{token}", {**rating, "level": "1"}),
        ("post", "ratings/{token}", f"ratings/{token}", rating),
        ("get", "ratings/{token}", f"ratings/{token}", None),
        ("post", "places/{code}", "places/H1", {"level": 5, "submission": once()}),
        ("get", "receipts", "receipts", None),
        ("post", "consents", "consents", {"results": {"REMINDER_TEMPLATE": "accept"}}),
        ("post", "login", "login", {"code": "bad"}),
        ("post", "phone", "phone", {"code": "bad"}),
        ("delete", "phone", "phone", None),
        ("post", "logout", "logout", None),
    ]
    for method, path, asked, body in said:
        answer = await person.ask(method.upper(), asked, json=body)
        _fits(described, method, path, answer.status, answer.body)
    (receipt,) = (await other.good("receipts"))["receipts"] or [None]
    assert receipt is None
    gone = await Person(crowd.client, MINI).get("me")
    _fits(described, "get", "me", 401, gone.body)


def _fits(described: dict[str, Any], method: str, path: str, status: int, body: object) -> None:
    answers = described["paths"][f"/mp/{{account}}/{path}"][method]["responses"]
    (content,) = answers[str(status)]["content"].values()
    whole = {**content["schema"], "components": described["components"]}
    jsonschema_rs.validator_for(whole).validate(body)
