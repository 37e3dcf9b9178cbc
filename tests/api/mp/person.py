"""Somebody with an app, as the app speaks for them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestClient
from yarl import URL

from tests.api.service import Answer
from tests.bot.host_apps.platform import by_hmac, content
from tests.bot.wechat.fake_platform import FakePlatform
from tests.standing import MONDAY

MINI: Final = "town"
HOST: Final = "yueshengshi"
CITY: Final = "city"

_numbers = itertools.count(1)


def once() -> str:
    return f"form-{next(_numbers):06}"


def ticket(account: str = HOST, **changes: Any) -> str:
    """Made now, by the tests' clock; never the same twice."""
    fields = {
        "aud": account,
        "iat": int(MONDAY.timestamp()),
        "nonce": f"nonce-{next(_numbers):012}",
        "phone": "13800138000",
    }
    return by_hmac(content(**{**fields, **changes}))


@dataclass
class Person:
    client: TestClient[web.Request, web.Application]
    account: str
    token: str | None = None

    async def ask(self, method: str, path: str, **given: Any) -> Answer:
        headers = dict(given.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        url = URL(f"/mp/{self.account}/{path}", encoded=True)
        async with self.client.request(method, url, headers=headers, **given) as response:
            return Answer(response.status, dict(response.headers), await response.text())

    async def get(self, path: str) -> Answer:
        return await self.ask("GET", path)

    async def post(self, path: str, body: object) -> Answer:
        return await self.ask("POST", path, json=body)

    async def good(self, path: str, body: object = None) -> Any:
        """The body of an answer that must be good: a GET where nothing is sent."""
        answer = await (self.get(path) if body is None else self.post(path, body))
        assert answer.status == 200, answer.text
        return answer.body

    async def log_in(self, **by: str) -> Any:
        said = await self.good("login", by)
        self.token = said["token"]
        return said


@dataclass
class Crowd:
    """Makes people: `fake` is the platform behind the mini-program."""

    client: TestClient[web.Request, web.Application]
    fake: FakePlatform

    async def in_mini_program(self, openid: str = "openid-1", phone: str | None = None) -> Person:
        person = Person(self.client, MINI)
        self.fake.mini.person(openid)
        await person.log_in(code=self.fake.mini.log_in(openid))
        if phone is not None:
            await person.good("phone", {"code": self.fake.mini.show_phone(phone)})
        return person

    async def in_host_app(self, account: str = HOST, **changes: Any) -> Person:
        person = Person(self.client, account)
        await person.log_in(ticket=ticket(account, **changes))
        return person
