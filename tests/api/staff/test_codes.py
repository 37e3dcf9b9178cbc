"""Static codes on the console: made for a whole hall, printed, each in their own region."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import quote

import pytest

from models.accounts.roles import Role
from models.tables import StaticCode
from tests.api.sheets.pages import scanned, texts
from tests.api.staff.desk import Desk, shown
from tests.api.staff.sending import download

BASE = "http://localhost"
HALL = [("hall", "CA-H1")]
MORE = {
    "window": [
        {"code": "CA-W2", "name": "2号<窗口>", "hall": "CA-H1", "agency": "CA-RSJ"},
        {"code": "CA-W3", "name": "3号窗口", "hall": "CA-H1", "agency": "CA-SJJ"},
    ]
}


async def made(desk: Desk) -> dict[str, str]:
    """The codes of 潮安's hall, by the window's name; the hall's own by 大厅."""
    await desk.service.good("/api/v1/directory", MORE)
    bureau = await desk.seat(Role.BUREAU)
    assert (await bureau.post("/staff/codes/make", HALL)).status == 303
    codes = await StaticCode.all().select_related("window")
    return {each.window.name if each.window else "大厅": each.code for each in codes}


@pytest.mark.parametrize("role", list(Role))
async def test_they_are_for_the_bureau_and_the_operator(desk: Desk, role: Role) -> None:
    seat = await desk.seat(role, None if role is Role.OPERATOR else "CA-ZSJ")
    allowed = role in {Role.BUREAU, Role.OPERATOR}
    assert ((await seat.get("/staff/codes")).status == 200) is allowed
    assert ((await seat.get("/staff/codes?hall=CA-H1")).status == 200) is allowed
    assert ((await seat.post("/staff/codes/make", HALL)).status == 303) is allowed
    assert ((await download(seat, "/staff/codes/sheets?hall=CA-H1")).status == 200) is allowed
    assert (await StaticCode.all().count() > 0) is allowed


async def test_missing_ones_are_made_at_once_and_only_once(desk: Desk) -> None:
    first = await made(desk)
    assert set(first) == {"大厅", "1号窗口", "2号<窗口>", "3号窗口"}
    assert await made(desk) == first
    seat = await desk.seat(Role.BUREAU)
    said = shown(await seat.get("/staff/codes?hall=CA-H1"))
    for name, code in first.items():
        assert code in said
        assert name in said
    assert "还没有" not in said
    assert "全部生成" not in said


async def test_a_whole_hall_is_one_file(desk: Desk) -> None:
    codes = await made(desk)
    seat = await desk.seat(Role.BUREAU)
    links = {f"{BASE}/q/{code}" for code in codes.values()}
    given = await download(seat, "/staff/codes/sheets?hall=CA-H1&form=posters")
    assert (given.status, given.kind) == (200, "application/pdf")
    assert {link for page in scanned(given.content) for link in page} == links
    assert "潮安大厅2号<窗口>" in "".join(texts(given.content))
    given = await download(seat, "/staff/codes/sheets?hall=CA-H1&form=cards")
    (page,) = scanned(given.content, dots_per_inch=150)
    assert set(page) == links


async def test_those_that_are_ticked_are_printed(desk: Desk) -> None:
    codes = await made(desk)
    seat = await desk.seat(Role.BUREAU)
    one, other = codes["1号窗口"], codes["3号窗口"]
    given = await download(seat, f"/staff/codes/sheets?code={other}&code={one}&form=posters")
    assert scanned(given.content) == [[f"{BASE}/q/{one}"], [f"{BASE}/q/{other}"]]
    given = await download(seat, f"/staff/codes/sheets?code={one}&form=svg")
    assert given.kind == "image/svg+xml"
    assert quote("1号窗口.svg") in given.name
    assert "潮安大厅1号窗口".encode() in given.content
    given = await download(seat, f"/staff/codes/sheets?code={one}&code={other}&form=svg")
    assert given.kind == "application/zip"
    with zipfile.ZipFile(io.BytesIO(given.content)) as archive:
        assert archive.namelist() == ["001_潮安大厅1号窗口.svg", "002_潮安大厅3号窗口.svg"]


async def test_a_terminal_has_one_too(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    said = shown(await seat.get("/staff/codes"))
    assert "1号自助机" in said
    assert "热线" not in said
    assert (await seat.post("/staff/codes/make", [("platform", "CA-P2")])).status == 303
    code = (await StaticCode.get(platform__code="CA-P2")).code
    given = await download(seat, f"/staff/codes/sheets?code={code}")
    assert scanned(given.content) == [[f"{BASE}/q/{code}"]]
    assert code in shown(await seat.get("/staff/codes"))


async def test_nobody_prints_or_makes_elsewhere(desk: Desk) -> None:
    codes = await made(desk)
    away = await desk.seat(Role.BUREAU, "TJ-HX")
    assert (await away.get("/staff/codes?hall=CA-H1")).status == 403
    assert (await away.post("/staff/codes/make", HALL)).status == 403
    assert (await away.post("/staff/codes/make", [("platform", "CA-P2")])).status == 403
    assert (await away.get("/staff/codes/sheets?hall=CA-H1")).status == 403
    assert (await away.get(f"/staff/codes/sheets?code={codes['大厅']}")).status == 404
    assert "潮安大厅" not in shown(await away.get("/staff/codes"))
    assert len(codes) == await StaticCode.all().count()


async def test_what_is_not_there_is_told(desk: Desk) -> None:
    seat = await desk.seat(Role.OPERATOR, None)
    for address in ("/staff/codes/sheets", "/staff/codes/sheets?code=x&code=%00"):
        answer = await seat.get(address)
        assert answer.status == 404
        assert "没有选中" in shown(answer)
    assert (await seat.get("/staff/codes?hall=NO")).status == 422
    assert (await seat.post("/staff/codes/make", [("hall", "NO")])).status == 422
    assert "没有找到大厅" in shown(await seat.get("/staff/codes?q=%25"))
