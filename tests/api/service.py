"""The service over HTTP, and what its tests say of every answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestClient
from yarl import URL

import models.tables
from models.office import Office
from tests.api.directory import CASE, COMPLETION, VISIT
from tests.standing import StandingClock

BASE: Final = "https://haochaping.example"
Client = TestClient[web.Request, web.Application]

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH: Final = re.compile(
    r"\b(or|and|should|must|input|valid|invalid|field|expected|required|seconds?|value)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def fields(self) -> set[str]:
        return {each["field"] for each in self.body.get("errors", [])}


@dataclass
class Service:
    client: Client
    office: Office
    clock: StandingClock
    keys: dict[str, str] = field(default_factory=dict)
    """`admin`: the administrator's; others by the region they are bound to."""

    async def ask(
        self, method: str, path: str, *, key: str | None = "admin", **given: Any
    ) -> Answer:
        headers = dict(given.pop("headers", {}))
        if key is not None:
            headers.setdefault("Authorization", f"Bearer {self.keys.get(key, key)}")
        url = URL(path, encoded=True)
        async with self.client.request(method, url, headers=headers, **given) as response:
            return Answer(response.status, dict(response.headers), await response.text())

    async def get(self, path: str, **given: Any) -> Answer:
        return await self.ask("GET", path, **given)

    async def post(self, path: str, body: object, **given: Any) -> Answer:
        return await self.ask("POST", path, json=body, **given)

    async def good(self, path: str, body: object = None, **given: Any) -> Any:
        """The body of an answer that must be good: a GET where nothing is sent."""
        sent = self.get(path, **given) if body is None else self.post(path, body, **given)
        answer = await sent
        assert answer.status == 200, answer.text
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        return answer.body

    async def completed(self, number: str = CASE["number"], **changed: Any) -> str:
        """A case, its visit, its completion; the link to rate the item."""
        await self.good("/api/v1/cases", {**CASE, **changed, "number": number})
        staff = {"staff": "TJ-S1", "window": "TJ-W1"} if changed else {}
        await self.good("/api/v1/visits", {**VISIT, **staff, "case": number})
        taken = await self.good("/api/v1/completions", {**COMPLETION, "case": number})
        (invitation,) = [each for each in taken["invitations"] if each["node"] == "completion"]
        link: str = invitation["link"]
        return link

    async def rate(self, link: str, level: int = 1, **fields: str) -> str:
        """On the page behind the link; its receipt's address."""
        path = link.removeprefix(BASE)
        shown = await self.get(path, key=None)
        once = re.search(r'name="once" value="([^"]+)"', shown.text)
        assert once is not None, shown.text
        form = {"once": once[1], "level": str(level), "w-item": "等了三个小时", **fields}
        given = await self.ask("POST", path, key=None, data=form, allow_redirects=False)
        assert given.status == 303, given.text
        return given.headers["Location"]


TJ_CASE: Final = {"agency": "TJ-SP", "item": "TJ-I1"}
"""Changes that make CASE one of 天津."""


def refused(answer: Answer, status: int, code: str, *fields: str) -> None:
    """As RFC 9457 has it, in Chinese, with every field at fault and no other."""
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    body = answer.body
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"] == f"urn:haochaping:{code}"
    assert answer.fields == set(fields)
    for words in (body["detail"], *(each["message"] for each in body.get("errors", []))):
        spoken(words)


def spoken(words: str) -> None:
    """Chinese, and no sentence of a library's."""
    assert _HAN.search(words), words
    assert not _ENGLISH.search(words), words


async def row_counts() -> dict[str, int]:
    """Every table: what a refusal must leave as it was."""
    return {
        name: await getattr(models.tables, name).all().count() for name in models.tables.__all__
    }
