"""Random and hostile input to the apps' API: no 5xx, nothing undeclared, nothing half stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

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
from api.mp.routes import ENDPOINTS
from api.openapi import document
from models.rulebooks.shelf import Shelf
from tests.api.directory import CASE, COMPLETION, VISIT
from tests.api.hostile import segments, values
from tests.api.invariants import check_whole
from tests.api.live import Live, running
from tests.api.mp.person import HOST, ticket

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES: Final = {"sqlite": 60, "postgres": 25}

Send = Callable[[str, str, bytes], tuple[int, Any]]


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
def token(live: Live) -> str:
    """Of somebody whose cases the directory's are."""
    shown = {"ticket": ticket(phone=CASE["applicant"]["phone"])}
    answer = requests.post(f"{live.url}/mp/{HOST}/login", json=shown, timeout=30)
    assert answer.status_code == 200, answer.text
    token: str = answer.json()["token"]
    return token


@pytest.fixture
def send(live: Live, token: str) -> Iterator[Send]:
    """On one connection; status and body, never one of the server's faults."""
    connection = HTTPConnection(live.host, live.port, timeout=30)

    def send(method: str, path: str, body: bytes = b"") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(method, f"/mp/{HOST}/{path}", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status < 500, (method, path[:200], body[:500], text[:500])
        kind = answer.getheader("Content-Type", "")
        wanted = "application/problem+json" if answer.status >= 400 else "application/json"
        assert kind.startswith(wanted), (method, path, kind, text)
        return answer.status, json.loads(text)

    yield send
    connection.close()


@pytest.fixture
def links(live: Live) -> list[str]:
    """Tokens: a visit's and an item's of each of four cases."""
    admin, found = {"Authorization": f"Bearer {live.key}"}, []
    for number in ("L1", "L2", "L3", "L4"):
        for path, body in (("cases", CASE), ("visits", VISIT), ("completions", COMPLETION)):
            key = "number" if path == "cases" else "case"
            told = requests.post(
                f"{live.url}/api/v1/{path}",
                json={**body, key: number},
                headers=admin,
                timeout=30,
            )
            assert told.status_code == 200, told.text
        opened = told.json()["invitations"]
        found += [urlsplit(each["link"]).path.removeprefix("/r/") for each in opened]
    return found


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.handler.__name__)
def test_answers_are_as_declared_whatever_is_sent(
    live: Live, examples: settings, token: str, links: list[str], endpoint: Endpoint
) -> None:
    described = schemathesis.openapi.from_dict(document((endpoint,), "1"))
    operation = described[endpoint.path.replace(":.+", "")][endpoint.method]
    strategies = [operation.as_strategy(generation_mode=GenerationMode.POSITIVE)]
    if operation.body:
        strategies.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    with requests.Session() as session:

        @settings(examples, max_examples=examples.max_examples // 3)
        @given(st.one_of(strategies), st.sampled_from([None, *links]))
        def conforms(case: schemathesis.Case[Any], real: str | None) -> None:
            case.path_parameters["account"] = HOST
            for name in {"token", "scene"} & set(case.path_parameters):
                if real is not None:
                    case.path_parameters[name] = real if name == "token" else f"r/{real}"
            # A new log-in each time: somebody may just have logged out.
            response = case.call(live.url, session=session, headers=_logged_in(live, token, case))
            case.validate_response(response, checks=CHECKS)

        conforms()


def _logged_in(live: Live, token: str, case: schemathesis.Case[Any]) -> dict[str, str]:
    if not case.path.endswith("/logout"):
        return {"Authorization": f"Bearer {token}"}
    answer = requests.post(f"{live.url}/mp/{HOST}/login", json={"ticket": ticket()}, timeout=30)
    return {"Authorization": f"Bearer {answer.json()['token']}"}


right = st.fixed_dictionaries(
    {"level": st.integers(1, 5), "submission": st.sampled_from(["key-0001", "key-0002"])},
    optional={
        "reasons": st.dictionaries(
            st.sampled_from(["item", "staff", "hall"]),
            st.fixed_dictionaries({"words": st.sampled_from(["", "慢", "x" * 1000])}),
            max_size=2,
        ),
        "name": st.sampled_from(["", "陈小明"]),
        "phone": st.sampled_from(["13800138000", "1"]),
    },
)
wrong = st.dictionaries(
    st.sampled_from(
        ["level", "reasons", "answers", "submission", "name", "phone", "words", "digits", "?"]
    ),
    values,
    max_size=2,
)


def test_almost_right_ratings_are_stored_whole_or_not_at_all(
    live: Live, send: Send, links: list[str], examples: settings
) -> None:
    taken: list[int] = []

    @settings(examples, max_examples=examples.max_examples * 6)
    @given(
        st.sampled_from([*(f"ratings/{each}" for each in links), "consents", "phone"]),
        right,
        st.one_of(st.just({}), wrong),
        st.integers(0, 19),
    )
    def rate(path: str, body: dict[str, Any], changes: dict[str, Any], way: int) -> None:
        raw = json.dumps(body | changes).encode("utf-8", "surrogatepass")
        raw = {0: raw[:-2], 1: raw.decode().encode("utf-16"), 2: b"", 3: b"[]"}.get(way, raw)
        status, said = send("POST", path, raw)
        taken.append(status)
        if status == 200 and "code" in said:
            again = {"level": 1, "submission": "key-0003", "reasons": body.get("reasons", {})}
            assert send("GET", f"receipts/{said['code']}", b"")[0] == 200
            taken.append(
                send("POST", f"receipts/{said['code']}/follow-up", json.dumps(again).encode())[0]
            )

    rate()
    live.run(check_whole(live.office.database))
    # Else nothing was tried.
    assert {200, 409, 422} <= set(taken)
    assert taken.count(200) > 2


def test_no_address_breaks_it(send: Send, examples: settings) -> None:
    places = sorted({each.path.rpartition("{account}/")[2].split("{")[0] for each in ENDPOINTS})

    @settings(examples, max_examples=examples.max_examples * 3)
    @given(
        st.sampled_from(["GET", "POST", "DELETE", "PUT", "OPTIONS"]),
        st.sampled_from(places),
        segments,
        segments,
    )
    def ask(method: str, place: str, first: str, second: str) -> None:
        if place != "logout":
            send(method, f"{place}{first}?x={second}", b"{}")
            send(method, f"{place}{first}/{second}", b"{}")

    ask()
