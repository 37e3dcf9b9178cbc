"""The directory on the console: searched, and imported from files, each in their own region."""

from __future__ import annotations

import io
from urllib.parse import quote

import pytest
from openpyxl import Workbook

from models.accounts.roles import Role
from models.tables import Agency, Staff
from tests.api.service import row_counts
from tests.api.staff.desk import Desk, Seat, shown
from tests.api.staff.sending import download, upload

AGENCIES = "机构编码,名称,所属地区,机构身份\n"


async def imported(seat: Seat, name: str, text: str, kind: str = "") -> tuple[int, str]:
    """The status, and what the page or the one after it says."""
    answer = await upload(seat, "/staff/directory", [("as", kind)], (name, text.encode()))
    if answer.status == 303:
        return 303, shown(await seat.get(answer.headers["Location"]))
    return answer.status, shown(answer)


@pytest.mark.parametrize("role", list(Role))
async def test_it_is_for_the_bureau_and_the_operator(desk: Desk, role: Role) -> None:
    seat = await desk.seat(role, None if role is Role.OPERATOR else "CA-ZSJ")
    allowed = role in {Role.BUREAU, Role.OPERATOR}
    for path in ("/staff/directory", "/staff/directory/template?kind=agency"):
        assert ((await seat.get(path)).status == 200) is allowed
    answer = await upload(seat, "/staff/directory", (), ("机构.csv", AGENCIES.encode()))
    assert (answer.status == 403) is not allowed
    home = await seat.get("/staff")
    assert ('href="/staff/directory"' in home.text) is allowed


async def test_a_bureau_finds_its_own_and_the_operator_everything(desk: Desk) -> None:
    bureau, operator = await desk.seat(Role.BUREAU), await desk.seat(Role.OPERATOR, None)
    own = shown(await bureau.get("/staff/directory?kind=agency"))
    assert "潮安区市场监管局" in own
    assert "古巷镇公共服务办公室" in own
    assert "河西区审批局" not in own
    assert "河西区审批局" in shown(await operator.get("/staff/directory?kind=agency"))


async def test_it_is_searched_by_a_part_of_name_or_code(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    for kind, text, found, other in (
        ("agency", "市场", "潮安区市场监管局", "人社"),
        ("staff", "CA-S1", "王丽", "陈洁"),
        ("window", "1号", "潮安大厅（CA-H1）", "河西"),
        ("hall", "", "潮安大厅", "河西大厅"),
        ("item", "食品", "食品经营许可", "失业"),
        ("platform", "自助", "自助终端", "热线"),
        ("theme", "餐馆", "我要开餐馆", "美容"),
        ("region", "古巷", "潮安区（445103）", "天津"),
    ):
        said = shown(await seat.get(f"/staff/directory?kind={kind}&q={quote(text)}"))
        assert found in said
        assert not other or other not in said
    for text in ("%25", "_", "%27%3B--", "%00"):
        assert "没有找到" in shown(await seat.get(f"/staff/directory?kind=agency&q=zz{text}"))


async def test_what_an_address_says_amiss_is_left_out(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    assert "潮安区市场监管局" in shown(await seat.get("/staff/directory?kind=x&page=%C2%B2"))
    assert "没有找到" in shown(await seat.get("/staff/directory?page=99999"))
    assert (await seat.get("/staff/directory?page=999999999999999999999")).status == 200


async def test_fifty_on_a_page_and_a_way_on(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    agency = await Agency.get(code="CA-SJJ")
    await Staff.bulk_create(
        [Staff(code=f"M{number:03d}", name="某人", agency=agency) for number in range(60)]
    )
    first = await seat.get("/staff/directory?kind=staff&q=M0")
    assert first.text.count("<td") == 50 * 3
    assert "kind=staff&amp;q=M0&amp;page=2" in first.text
    second = await seat.get("/staff/directory?kind=staff&q=M0&page=2")
    assert second.text.count("<td") == 10 * 3
    assert "page=3" not in second.text


async def test_a_file_is_imported_whole(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    status, said = await imported(
        seat,
        "机构.csv",
        f"{AGENCIES}CA-NEW,潮安区税务局,445103,\nCA-RSJ,潮安区人力社保局,445103,\n",
    )
    assert status == 303
    assert "机构新增1、更改1、未变0" in said
    assert (await Agency.get(code="CA-RSJ")).name == "潮安区人力社保局"


async def test_a_workbook_is_imported(desk: Desk) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "工作人员"
    sheet.append(["工号", "姓名", "所属机构"])
    sheet.append(["CA-S9", "赵𬀩", "CA-SJJ"])
    out = io.BytesIO()
    book.save(out)
    seat = await desk.seat(Role.OPERATOR, None)
    answer = await upload(seat, "/staff/directory", (), ("人员.xlsx", out.getvalue()))
    assert answer.status == 303
    assert "kind=staff" in answer.headers["Location"]
    assert (await Staff.get(code="CA-S9")).name == "赵𬀩"


async def test_one_bad_row_and_none_is_imported(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    before = await row_counts()
    status, said = await imported(
        seat,
        "机构.csv",
        f"{AGENCIES}CA-NEW,潮安区税务局,445103,\nCA-NEW,<b>又一个</b>,445103,\n,无编码,445103,\n",
    )
    assert status == 422
    assert "没有导入，一行也没有保存" in said
    assert "机构.csv第3行“机构编码”：编码“CA-NEW”与机构.csv第2行重复" in said
    assert "机构.csv第4行“机构编码”：未填写" in said
    assert await row_counts() == before


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("机构.csv", f"{AGENCIES}TJ-NEW,河西某局,120103,\n", "机构.csv第2行"),
        ("地区.csv", "地区编码,名称,上级地区\n120199,新区,120000\n", "地区.csv第2行"),
        ("机构.csv", f"{AGENCIES}TJ-SP,改名,120103,\n", "机构.csv第2行"),
    ],
)
async def test_a_bureau_imports_nothing_elsewhere(
    desk: Desk, name: str, text: str, words: str
) -> None:
    seat = await desk.seat(Role.BUREAU)
    before = await row_counts()
    status, said = await imported(seat, name, text)
    assert status == 422
    assert words in said
    assert await row_counts() == before
    assert (await Agency.get(code="TJ-SP")).name == "河西区审批局"


async def test_what_is_no_table_is_told(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    for name, text, words in (
        ("机构.csv", "", "是空的"),
        ("名单.csv", AGENCIES, "看不出是哪一类"),
        ("机构.csv", "机构编码,电话\n", "不认识这一列"),
        ("机构.xlsx", "PK\x03\x04 no", "不是可用的xlsx文件"),
    ):
        status, said = await imported(seat, name, text)
        assert status == 422
        assert words in said
    assert (await upload(seat, "/staff/directory")).status == 422
    status, said = await imported(seat, "名单.csv", f"{AGENCIES}CA-N,某局,445103,\n", "agency")
    assert status == 303


async def test_so_many_faults_are_counted(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    rows = "".join(f"X{number},,445103,\n" for number in range(230))
    _, said = await imported(seat, "机构.csv", AGENCIES + rows)
    assert "第201行" in said
    assert "另有30处没有列出" in said


async def test_a_template_is_a_table_of_its_kind(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    given = await download(seat, "/staff/directory/template?kind=staff")
    assert given.kind == "text/csv"
    assert "%E5%B7%A5%E4%BD%9C%E4%BA%BA%E5%91%98.csv" in given.name
    filled = given.content + "CA-S8,钱多,CA-SJJ\r\n".encode()
    answer = await upload(seat, "/staff/directory", (), ("工作人员.csv", filled))
    assert answer.status == 303
    assert (await Staff.get(code="CA-S8")).name == "钱多"
    assert (await seat.get("/staff/directory/template?kind=x")).status == 422


async def test_without_its_token_nothing_is_imported(desk: Desk) -> None:
    seat = await desk.seat(Role.BUREAU)
    before = await row_counts()
    async with seat.session.post("/staff/directory", data={"as": "agency"}) as answer:
        assert answer.status == 403
    assert await row_counts() == before
