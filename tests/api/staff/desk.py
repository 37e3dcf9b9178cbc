"""A desk at the console for each role, and orders of the two jurisdictions on it."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientSession, CookieJar, FormData
from yarl import URL

from api.staff.session import COOKIE
from models.accounts import sessions
from models.accounts.roles import Role
from models.clock import SystemClock
from models.tables import Account, Agency, Invitation, Staff, WorkOrder
from tests.api.service import TJ_CASE, Answer, Service

MORE: Final = {
    "region": [{"code": "990001", "name": "无规则镇", "parent": "990000"}],
    "agency": [
        {
            "code": "CA-GX",
            "name": "古巷镇公共服务办公室",
            "region": "445103100",
            "party": "town",
        },
        {"code": "TJ-HX", "name": "河西区政务办", "region": "120103", "party": "bureau"},
    ],
    "staff": [{"code": "CA-S2", "name": "陈洁", "agency": "CA-SJJ"}],
}
IDENTITY: Final = ("陈小明", "13800138000", "44510319900101123")
"""Of who rated, as `CASE` names them."""


@dataclass
class Seat:
    """Somebody signed in, with a browser of their own."""

    account: Account
    session: ClientSession

    async def get(self, path: str) -> Answer:
        return await self._ask("GET", path)

    async def post(
        self, path: str, fields: Sequence[tuple[str, str]] = (), files: Sequence[bytes] = ()
    ) -> Answer:
        """With the token of a page of this session."""
        shown = await self.get("/staff")
        token = re.search(r'name="csrf" value="([^"]+)"', shown.text)
        assert token is not None, shown.text
        data = FormData([("csrf", token[1]), *fields])
        for number, content in enumerate(files):
            data.add_field("files", content, filename=f"{number}.bin", content_type="image/png")
        return await self._ask("POST", path, data)

    async def step(self, number: int, name: str, at: int | None = None, **fields: str) -> Answer:
        """As the page of this moment would send it, or the one that showed event `at`."""
        seen = (await WorkOrder.get(id=number)).sequence if at is None else at
        sent = [("seen", str(seen)), *fields.items()]
        return await self.post(f"/staff/orders/{number}/{name}", sent)

    async def _ask(self, method: str, path: str, data: FormData | None = None) -> Answer:
        async with self.session.request(
            method, URL(path, encoded=True), data=data, allow_redirects=False
        ) as answer:
            return Answer(
                answer.status, dict(answer.headers), await answer.text("utf-8", "replace")
            )


@dataclass
class Desk:
    service: Service
    base: URL
    stack: AsyncExitStack

    async def account(
        self, role: Role, agency: str | None = "CA-ZSJ", *, staff: str | None = None
    ) -> Account:
        count = await Account.all().count()
        return await Account.create(
            login=f"{role}{count}",
            name=f"{role.label}甲{count}",
            role=role.value,
            agency=await Agency.get(code=agency) if agency else None,
            staff=await Staff.get(code=staff) if staff else None,
            created_at=self.service.clock.now(),
        )

    async def seat(
        self, role: Role, agency: str | None = "CA-ZSJ", *, staff: str | None = None
    ) -> Seat:
        account = await self.account(role, agency, staff=staff)
        token = await sessions.start(
            self.service.office, account, SystemClock().now(), complete=True
        )
        session = await self.stack.enter_async_context(
            ClientSession(self.base, cookie_jar=CookieJar(unsafe=True))
        )
        session.cookie_jar.update_cookies({COOKIE: token}, self.base)
        return Seat(account, session)

    async def order(self, number: str = "CA1", words: str = "等了三个小时", level: int = 1) -> int:
        """A negative rating at 潮安's 市场监管局, held by its 政数局."""
        return await self._rated(await self.service.completed(number), words, level)

    async def tianjin(self, number: str = "TJ1", words: str = "环节太多") -> int:
        """At 河西区审批局."""
        return await self._rated(await self.service.completed(number, **TJ_CASE), words, 1)

    async def about_staff(self, number: str = "CA1") -> int:
        """About 王丽 at the window of 市场监管局."""
        await self.service.completed(number)
        invitation = await Invitation.get(case__number=number, node="visit")
        link = f"/r/{self.service.office.links.rating(invitation.nonce)}"
        return await self._rated(link, "", 1, **{"w-staff": "态度生硬"})

    async def _rated(self, link: str, words: str, level: int, **more: str) -> int:
        await self.service.rate(link, level, **{"w-item": words, **more})
        order = await WorkOrder.all().order_by("-id").first()
        assert order is not None
        number: int = order.id
        return number


@contextmanager
def queries() -> Iterator[list[str]]:
    """What the database is asked meanwhile, as the ORM logs it."""
    asked: list[str] = []

    class Note(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            asked.append(record.getMessage())

    log, note = logging.getLogger("tortoise.db_client"), Note()
    before = log.level
    log.addHandler(note)
    log.setLevel(logging.DEBUG)
    try:
        yield asked
    finally:
        log.removeHandler(note)
        log.setLevel(before)


def shown(answer: Answer) -> str:
    """What a page says, without its tags."""
    body = answer.text[answer.text.index("<main") :]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())
