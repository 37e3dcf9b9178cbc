"""A host app opens our page with a ticket."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from typing import Any

import pytest
from multidict import CIMultiDictProxy

from api.mp.limits import Limits
from models.office import Office
from models.tables import Evaluation, HeldReceipt, RaterSession
from models.words import Channel
from tests.api.mp.person import CITY, HOST, MINI, Crowd, Person, ticket
from tests.api.pages.town import PHONE, Town, once_in
from tests.standing import MONDAY, StandingClock


class Browser:
    """Keeps the cookie as a browser does that came by https."""

    def __init__(self, crowd: Crowd) -> None:
        self._client = crowd.client
        self.cookie: str | None = None
        self.headers: CIMultiDictProxy[str]

    async def open(self, path: str, status: int = 200, **given: Any) -> str:
        """The text, or where it leads."""
        headers = {"Cookie": self.cookie} if self.cookie else {}
        ask = self._client.request(
            "POST" if given else "GET", path, headers=headers, allow_redirects=False, **given
        )
        async with ask as answer:
            text = await answer.text()
            assert answer.status == status, text
            self.headers = answer.headers
            if (sent := answer.headers.get("Set-Cookie")) is not None:
                (morsel,) = SimpleCookie(sent).values()
                self.cookie = f"{morsel.key}={morsel.value}"
                attributes = {each.strip() for each in sent.split(";")[1:]}
                assert attributes == {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"}
        if status == 303:
            return str(answer.headers["Location"])
        assert answer.content_type == "text/html"
        return text

    async def enter(self, query: str = "", **changes: Any) -> str:
        return await self.open(f"/mp/{HOST}/enter?ticket={ticket(**changes)}{query}", 303)


async def test_the_list_and_the_receipts(town: Town, crowd: Crowd) -> None:
    await town.case("LS1")
    await town.visit("LS1")
    await town.complete("LS1")
    browser = Browser(crowd)
    assert await browser.enter() == f"/mp/{HOST}/mine"
    assert browser.headers["Referrer-Policy"] == "no-referrer"
    mine = await browser.open(f"/mp/{HOST}/mine")
    assert PHONE not in mine
    assert "食品经营许可" in mine
    assert "评价工作人员王丽" in mine
    (staff, item) = sorted(re.findall(r'href="(/r/[^"]+)"', mine), key=len)
    form = await browser.open(item)
    fields = {"once": once_in(form), "level": "5"}
    receipt = await browser.open(item, 303, data=fields)
    assert receipt.startswith("/receipt/")
    evaluation = await Evaluation.get()
    assert evaluation.channel == Channel.HOST_APP
    assert (await HeldReceipt.get()).evaluation_id == evaluation.id
    mine = await browser.open(f"/mp/{HOST}/mine")
    assert len(re.findall(r'href="/r/[^"]+"', mine)) == 1
    assert receipt.partition("?")[0] in mine
    again = await crowd.in_host_app()
    (held,) = (await again.good("receipts"))["receipts"]
    assert held["code"] in receipt
    assert staff != item


async def test_to_one_rating(town: Town, crowd: Crowd, office: Office) -> None:
    invitation = await town.completed()
    browser = Browser(crowd)
    token = office.links.rating(invitation.nonce, Channel.SMS)
    there = await browser.enter(f"&to=r/{token}&big=1")
    path, _, query = there.partition("?")
    nonce, by = office.links.read_rating(path.removeprefix("/r/"))
    assert (nonce, by, query) == (invitation.nonce, Channel.HOST_APP, "big=1")
    assert "请您评价这次服务" in await browser.open(there)


@pytest.mark.usefixtures("town")
async def test_to_other_places(crowd: Crowd) -> None:
    browser = Browser(crowd)
    assert await browser.enter("&to=q/W1") == "/q/W1"
    assert await browser.enter("&to=r/altered") == "/r/altered"
    for elsewhere in ("https://example.com", "//example.com", "/staff", "r/../../x", "%00"):
        assert await browser.enter(f"&to={elsewhere}") == f"/mp/{HOST}/mine"


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (ticket(iat=int(MONDAY.timestamp()) - 301), "已经过期"),
        (ticket(iat=int(MONDAY.timestamp()) + 301), "尚未生效"),
        (ticket(aud=CITY), "不是用于这里的"),
        (ticket().partition(".")[0] + ".AAAA", "没有通过验证"),
        ("made-up", "不完整"),
        ("", "不完整"),
        ("%00", "不完整"),
        ("x" * 5000, "不完整"),
    ],
)
async def test_a_ticket_that_is_refused(crowd: Crowd, shown: str, says: str) -> None:
    browser = Browser(crowd)
    text = await browser.open(f"/mp/{HOST}/enter?ticket={shown}", 403)
    assert says in text
    assert "请返回粤省事重新打开" in text
    assert browser.cookie is None
    assert await RaterSession.all().count() == 0


async def test_a_ticket_opens_once(crowd: Crowd) -> None:
    browser, path = Browser(crowd), f"/mp/{HOST}/enter?ticket={ticket()}"
    await browser.open(path, 303)
    assert "已经使用过" in await Browser(crowd).open(path, 403)
    assert await RaterSession.all().count() == 1


async def test_who_is_not_logged_in_here(crowd: Crowd, clock: StandingClock) -> None:
    for cookie in (None, "haochaping=", "haochaping=made-up", "other=1"):
        browser = Browser(crowd)
        browser.cookie = cookie
        assert "重新打开" in await browser.open(f"/mp/{HOST}/mine", 401)
    elsewhere = await crowd.in_host_app(CITY)
    browser.cookie = f"haochaping={elsewhere.token}"
    await browser.open(f"/mp/{HOST}/mine", 401)
    await browser.enter()
    clock.advance(hours=2)
    await browser.open(f"/mp/{HOST}/mine", 401)


async def test_of_whom_nothing_is_checked(crowd: Crowd, town: Town) -> None:
    await town.completed()
    browser = Browser(crowd)
    await browser.enter(level=0)
    mine = await browser.open(f"/mp/{HOST}/mine")
    assert "没有您经核实的手机号" in mine
    assert "/r/" not in mine


async def test_no_page_of_a_mini_program_or_of_nobody(crowd: Crowd) -> None:
    for account in (MINI, "nobody", "%00"):
        for page in ("enter", "mine"):
            await Browser(crowd).open(f"/mp/{account}/{page}", 404)


async def test_without_the_cookie_nobody_holds_the_receipt(town: Town, crowd: Crowd) -> None:
    link = town.link(await town.completed())
    browser = Browser(crowd)
    form = await browser.open(link)
    await browser.open(link, 303, data={"once": once_in(form), "level": "5"})
    assert await HeldReceipt.all().count() == 0


@pytest.fixture
def limits(request: pytest.FixtureRequest) -> Limits:
    return Limits(**getattr(request, "param", {}))


@pytest.mark.parametrize("limits", [{"logins": "3 per hour"}], indirect=True)
async def test_too_often(crowd: Crowd) -> None:
    browser = Browser(crowd)
    for _ in range(3):
        await browser.open(f"/mp/{HOST}/enter?ticket=x", 403)
    text = await browser.open(f"/mp/{HOST}/enter?ticket=x", 429)
    assert "请稍后再试" in text
    assert int(browser.headers["Retry-After"]) > 0
    assert (await Person(crowd.client, HOST).post("login", {})).status == 429
