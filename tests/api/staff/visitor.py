"""Somebody with a browser in front of the console's sign-in."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, CookieJar
from yarl import URL

from api.staff.session import COOKIE
from models.accounts.roles import Role
from models.office import Office
from models.tables import Account
from tests.api.service import Answer
from tests.models.accounts.people import PASSWORD, code, person
from tests.standing import StandingClock

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Visitor:
    """Follows no redirect by itself. `token`: of the last page that had a form."""

    session: ClientSession
    base: URL
    token: str = field(default="", repr=False)

    async def get(self, path: str) -> Answer:
        return await self._ask("GET", path)

    async def post(self, path: str, **fields: str) -> Answer:
        return await self.post_bare(path, {"csrf": self.token, **fields})

    async def post_bare(self, path: str, fields: dict[str, str]) -> Answer:
        return await self._ask("POST", path, data=fields)

    async def give_password(
        self, login: str, password: str = PASSWORD, goes_on: str = "/staff/me"
    ) -> Answer:
        await self.get("/staff/sign-in")
        return await self.post("/staff/sign-in", login=login, password=password, next=goes_on)

    async def give_code(self, given: str, goes_on: str = "/staff/me") -> Answer:
        await self.get("/staff/second-factor")
        return await self.post("/staff/second-factor", code=given, next=goes_on)

    @property
    def cookie(self) -> str:
        found = self.session.cookie_jar.filter_cookies(self.base / "staff")
        return found[COOKIE].value if COOKIE in found else ""

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.session.cookie_jar.update_cookies({COOKIE: value}, self.base / "staff/")

    async def _ask(self, method: str, path: str, **given: Any) -> Answer:
        async with self.session.request(
            method, self.base.join(URL(path, encoded=True)), allow_redirects=False, **given
        ) as response:
            answer = Answer(response.status, dict(response.headers), await response.text())
        if found := _TOKEN.search(answer.text):
            self.token = found[1]
        return answer


@dataclass
class Console:
    office: Office
    clock: StandingClock
    base: URL
    stack: AsyncExitStack

    async def visitor(self) -> Visitor:
        jar = CookieJar(unsafe=True, treat_as_secure_origin=[self.base])
        session = await self.stack.enter_async_context(ClientSession(cookie_jar=jar))
        return Visitor(session, self.base)

    async def person(
        self,
        login: str = "zhang.san",
        role: Role = Role.OPERATOR,
        agency: str = "",
        staff: str = "",
    ) -> Account:
        return await person(self.office, login, role, agency, staff)

    def code(self, account: Account, later: int = 0) -> str:
        return code(self.office, account, later)

    async def signed_in(self, account: Account) -> Visitor:
        """By password and code; afterwards half a minute is gone, so that there is another code."""
        visitor = await self.visitor()
        given = await visitor.give_password(account.login)
        assert given.status == 303, given.text
        fresh = await Account.get(id=account.id)
        passed = await visitor.give_code(self.code(fresh))
        assert passed.status == 303, passed.text
        self.clock.advance(seconds=30)
        await visitor.get("/staff/me")
        return visitor
