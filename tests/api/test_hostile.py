"""Random and hostile input to every address: no 5xx, nothing undeclared, nothing half stored."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.endpoints import Endpoint
from api.openapi import document
from api.v1 import ENDPOINTS
from models.rulebooks.shelf import Shelf
from models.tables import Evaluation
from tests.api.directory import CASE, COMPLETION, VISIT
from tests.api.hostile import FORM_TYPES, forms, reports, segments
from tests.api.invariants import check_whole
from tests.api.live import Live, running

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES: Final = {"sqlite": 120, "postgres": 40}
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")

Send = Callable[..., int]


@pytest.fixture
def live(database_url: str, shelf: Shelf, tmp_path: Path) -> Iterator[Live]:
    with running(database_url, shelf, tmp_path) as live:
        yield live
        live.run(check_whole(live.office.database))


@pytest.fixture
def examples(engine: str) -> settings:
    return settings(
        max_examples=EXAMPLES[engine],
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def send(live: Live) -> Iterator[Send]:
    """One request as it is, on one connection; its status, never one of the server's faults."""
    connection = HTTPConnection(live.host, live.port, timeout=30)

    def send(method: str, path: str, body: bytes = b"", **headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Authorization": f"Bearer {live.key}", **named})
        answer: HTTPResponse = connection.getresponse()
        text = answer.read()
        assert answer.status < 500, (method, path[:200], body[:500], text[:500])
        if path.startswith("/api/") and answer.status >= 400 and method != "HEAD":
            kind = answer.getheader("Content-Type", "")
            assert kind.startswith("application/problem+json"), (method, path, kind, text)
        return answer.status

    yield send
    connection.close()


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.handler.__name__)
def test_answers_are_as_declared_whatever_is_sent(
    live: Live, examples: settings, endpoint: Endpoint
) -> None:
    described = schemathesis.openapi.from_dict(document((endpoint,), "1"))
    operation = described[endpoint.path][endpoint.method]
    strategies = [operation.as_strategy(generation_mode=GenerationMode.POSITIVE)]
    if endpoint.status and (operation.body or operation.query):
        strategies.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    with requests.Session() as session:

        @settings(examples, max_examples=examples.max_examples // 4 + 1)
        @given(st.one_of(strategies))
        def conforms(case: schemathesis.Case[Any]) -> None:
            headers = {"Authorization": f"Bearer {live.key}"}
            response = case.call(live.url, session=session, headers=headers)
            case.validate_response(response, checks=CHECKS)

        conforms()


def test_almost_right_reports_are_stored_whole_or_not_at_all(
    live: Live, send: Send, examples: settings
) -> None:
    taken: list[int] = []

    @settings(examples, max_examples=examples.max_examples * 6)
    @given(reports())
    def report(sent: tuple[str, bytes]) -> None:
        path, body = sent
        taken.append(send("POST", path, body, Content_Type="application/json"))

    report()
    live.run(check_whole(live.office.database))
    # Else nothing was tried.
    assert taken.count(200) > 10
    for number in ("N1", "N2", "N3", "N4"):
        for what in ("", "/explanation"):
            assert send("GET", f"/api/v1/cases/{number}{what}") in {200, 404}


def test_no_address_breaks_it(send: Send, examples: settings) -> None:
    places = sorted(
        {endpoint.path for endpoint in ENDPOINTS}
        | {
            "/r/{x}",
            "/r/{x}/qr.svg",
            "/r/{x}/qr.png",
            "/f/{x}",
            "/a/{x}",
            "/q/{x}",
            "/q/{x}/qr.png",
        }
        | {"/receipt/{x}", "/style.css", "/demo", "/demo/clock", "/demo/messages", "/{x}", "/docs"}
    )

    @settings(examples, max_examples=examples.max_examples * 3)
    @given(st.sampled_from(METHODS), st.sampled_from(places), segments, segments, segments)
    def ask(method: str, place: str, first: str, second: str, value: str) -> None:
        path = re.sub(r"{\w+}", lambda _: first, place)
        send(method, f"{path}?{second}={value}&whole=1&kept=1&case={value}")

    ask()


@pytest.fixture
def links(live: Live, send: Send) -> list[str]:
    """A page of every kind: open, rated, its follow-up and receipt, and static codes."""
    found = []
    for number in ("L1", "L2"):
        for path, body in (("cases", CASE), ("visits", VISIT), ("completions", COMPLETION)):
            key = "number" if path == "cases" else "case"
            raw = json.dumps({**body, key: number}).encode()
            assert send("POST", f"/api/v1/{path}", raw) == 200
        asked = requests.get(
            f"{live.url}/api/v1/links?case={number}",
            headers={"Authorization": f"Bearer {live.key}"},
            timeout=30,
        )
        found += [each["link"] for each in asked.json()["invitations"]]
    paths = [link[link.index("/r/") :] for link in found]
    once = "abcdefghijklmnop"
    form = urlencode({"once": once, "level": "1", "w-item": "慢", "w-staff": "慢"}).encode()
    kind = "application/x-www-form-urlencoded"
    assert send("POST", paths[0], form, Content_Type=kind) == 303
    (evaluation,) = _evaluations(live)
    paths.append(f"/f/{live.office.links.follow_up(evaluation)}")
    paths.append(f"/a/{live.office.links.answer(evaluation)}")
    paths.append(f"/receipt/{live.office.links.receipt(evaluation)}")
    for place in ({"window": "CA-W1"}, {"hall": "TJ-H1"}, {"platform": "CA-P2"}):
        answer = requests.post(
            f"{live.url}/api/v1/codes",
            json=place,
            headers={"Authorization": f"Bearer {live.key}"},
            timeout=30,
        )
        path = f"/q/{answer.json()['code']}"
        paths += [path, f"{path}?whole=1"]
    return paths


def _evaluations(live: Live) -> list[Any]:
    async def ids() -> list[Any]:
        return [each.id for each in await Evaluation.all()]

    return live.run(ids())


def test_no_form_breaks_a_page(
    live: Live, send: Send, links: list[str], examples: settings
) -> None:
    @settings(examples, max_examples=examples.max_examples * 4)
    @given(st.sampled_from(links), forms, st.sampled_from(FORM_TYPES), st.integers(0, 9))
    def post(path: str, fields: list[tuple[str, str]], kind: str, way: int) -> None:
        body = urlencode(fields).encode()
        raw = {0: b"\xff\xfe" + body, 1: b"", 2: b"%ff&" + body, 3: b"\0" * 99}.get(way, body)
        # Most are forms, or nothing would be reached.
        send("POST", path, raw, Content_Type=kind if way == 4 else FORM_TYPES[0])

    post()
    live.run(check_whole(live.office.database))


def test_no_form_breaks_the_demo(send: Send, examples: settings) -> None:
    moves = st.one_of(
        st.dictionaries(
            st.sampled_from(["to", "advance", "?"]),
            st.one_of(
                st.sampled_from(["PT1H", "-PT1H", "P9999999D", "PT9e99H", "P1Y", "", "24"]),
                st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]),
                st.integers(),
                st.floats(),
                st.none(),
            ),
            max_size=2,
        ).map(json.dumps),
        st.text(max_size=9),
    )

    @settings(examples)
    @given(moves, forms, st.sampled_from(FORM_TYPES), st.booleans())
    def move(body: str, fields: list[tuple[str, str]], kind: str, break_it: bool) -> None:
        send("POST", "/demo/clock", body.encode("utf-8", "surrogatepass"))
        raw = urlencode(fields).encode() + b"%ff\xff" * break_it
        send("POST", "/demo/advance", raw, Content_Type=kind)

    move()
    for path in ("/demo", "/demo/clock", "/demo/messages"):
        assert send("GET", path) == 200
