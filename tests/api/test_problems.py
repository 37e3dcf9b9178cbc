"""Problems as machines read them, and every sentence of pydantic's in Chinese."""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, ValidationError

from api.problems import problem, status_of
from api.sentences import sentence
from models.ratings.refusals import AlreadyRated, LinkExpired, LinkUnknown
from models.refusals import Conflict, Forbidden, Invalid, Missing, Refused, UnknownReference
from models.texts import Code, Line, Moment, Phone, Words
from models.words import Handling
from tests.api.service import Service, refused, spoken
from tests.standing import MONDAY


class Everything(BaseModel, extra="forbid"):
    text: str = ""
    line: Line = ""
    words: Words = ""
    code: Code = "1"
    short: Annotated[str, Field(min_length=2, pattern="^a+$")] = "aa"
    number: Annotated[int, Field(ge=1, le=9)] = 1
    flag: bool = True
    handling: Handling = Handling.ONLINE
    party: Literal["bureau", "town"] = "town"
    many: Annotated[tuple[int, ...], Field(min_length=1, max_length=2)] = (1,)
    listed: list[int] = []
    map: dict[str, int] = {}
    inner: Everything | None = None
    at: Moment = MONDAY
    length: timedelta = timedelta()
    phone: Phone | None = None
    id: UUID | None = None


WRONG: tuple[dict[str, object], ...] = (
    {"text": 7},
    {"line": "x" * 101},
    {"line": "a\tb"},
    {"words": "x" * 1001},
    {"words": "\x1b"},
    {"code": ""},
    {"short": "a"},
    {"short": "bbb"},
    {"number": 0},
    {"number": 10},
    {"number": "x"},
    {"number": 1.5},
    {"number": []},
    {"number": "1" * 5000},
    {"number": 2**70},
    {"flag": "perhaps"},
    {"flag": []},
    {"handling": "post"},
    {"party": "king"},
    {"many": []},
    {"many": [1, 2, 3]},
    {"many": 7},
    {"listed": 7},
    {"map": 7},
    {"inner": 7},
    {"at": "x"},
    {"at": "2026-03-02"},
    {"at": "2026-03-02T09:00:00"},
    {"at": "2026-13-02T09:00:00Z"},
    {"at": "1999-12-31T09:00:00Z"},
    {"at": []},
    {"at": 1e300},
    {"length": "x"},
    {"length": []},
    {"length": 1e300},
    {"phone": "x"},
    {"id": "x"},
    {"nobody": 1},
)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_every_fault_is_said_in_chinese(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as fault:
        Everything.model_validate_json(json.dumps(wrong))
    for each in fault.value.errors(include_url=False):
        spoken(sentence(each))


def test_a_fault_nobody_foresaw_has_words_too() -> None:
    spoken(sentence({"type": "new_in_pydantic", "loc": (), "msg": "Input bad", "input": 1}))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Refused("词"), 422),
        (Invalid("词"), 422),
        (UnknownReference("词"), 422),
        (Missing("词"), 404),
        (Forbidden("词"), 403),
        (Conflict("词"), 409),
        (AlreadyRated(UUID(int=1)), 409),
        (LinkExpired(MONDAY), 410),
        (LinkUnknown(), 404),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Refused) else str(value),
)
def test_every_refusal_has_its_status(kind: Refused, status: int) -> None:
    assert status_of(kind) == status


def test_a_problem_names_the_article_that_asks() -> None:
    answer = problem(HTTPStatus.CONFLICT, "conflict", "不一致", source="第十九条")
    assert answer.content_type == "application/problem+json"
    assert json.loads(answer.text or "") == {
        "type": "urn:haochaping:conflict",
        "title": "Conflict",
        "status": 409,
        "code": "conflict",
        "detail": "不一致",
        "source": "第十九条",
    }


async def test_an_address_that_is_none_is_a_problem_too(service: Service) -> None:
    for path in ("/api/v1", "/api/v1/", "/api/v2/cases", "/api/v1/cases/a/b", "/api/"):
        refused(await service.get(path), 404, "not_found")


async def test_a_method_that_is_none_is_told_which_there_are(service: Service) -> None:
    for method in ("PUT", "PATCH", "DELETE", "GET", "OPTIONS", "TRACE", "PROPFIND"):
        answer = await service.ask(method, "/api/v1/cases")
        refused(answer, 405, "method_not_allowed")
        assert answer.headers["Allow"] == "POST"
