from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from models.directory import reading, workbook
from models.directory.lines import Line
from models.directory.reading import Unreadable, read

REGIONS = "地区编码,名称,上级地区\n445100,潮州市,\n\n445103,潮安区,445100\n"
TWO = [
    {"code": "445100", "name": "潮州市", "parent": None},
    {"code": "445103", "name": "潮安区", "parent": "445100"},
]


def xlsx(sheets: dict[str, list[list[Any]]], formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for place, number_format in (formats or {}).items():
            sheet[place].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(content: bytes, old: bytes, new: str) -> bytes:
    """The workbook with something that openpyxl does not write."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        assert any(old in source.read(entry) for entry in source.namelist())
        for entry in source.namelist():
            target.writestr(entry, source.read(entry).replace(old, new.encode()))
    return stream.getvalue()


def cells(lines: list[Line]) -> list[dict[str, object]]:
    return [dict(line.cells) for line in lines]


def faults(name: str, content: bytes, kind: str | None = None) -> list[str]:
    with pytest.raises(Unreadable) as caught:
        read(name, content, kind)
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_that_spreadsheets_write(encoding: str) -> None:
    lines = read("地区.csv", REGIONS.encode(encoding))
    assert cells(lines) == TWO
    # An empty row is no row, and still counts: people look for the number in their spreadsheet.
    assert [(line.kind, line.place, line.number) for line in lines] == [
        ("region", "地区.csv", 2),
        ("region", "地区.csv", 4),
    ]


@pytest.mark.parametrize("name", ["region.csv", "Region.CSV", "上传/地区.csv", "x.csv"])
def test_the_kind_of_a_csv(name: str) -> None:
    given_kind = "地区" if name == "x.csv" else None
    assert cells(read(name, REGIONS.encode(), given_kind)) == TWO


def test_english_headings_and_any_order_of_columns() -> None:
    assert cells(read("region.csv", b"parent,NAME , code\r\n,a,1\r\n")) == [
        {"code": "1", "name": "a", "parent": None}
    ]


def test_a_column_that_is_not_there_is_not_an_empty_one() -> None:
    assert "rulebook" not in read("region.csv", b"code,name\n1,a\n")[0].cells
    assert read("region.csv", b"code,name,rulebook\n1,a,\n")[0].cells["rulebook"] is None
    # Shorter rows end in empty cells, empty columns at the end are nothing.
    assert cells(read("region.csv", b"code,name,rulebook,,\n1,a\n2,b,,,\n")) == [
        {"code": "1", "name": "a", "rulebook": None},
        {"code": "2", "name": "b", "rulebook": None},
    ]


def test_a_workbook_of_several_kinds() -> None:
    content = xlsx(
        {
            "说明": [["每张表一类"]],
            "地区": [["地区编码", "名称", "上级地区"], ["445100", "潮州市", None]],
            "Agency": [[], ["code", "name", "region"], ["A1", "民政局", "445100"]],
            "Sheet3": [],
        }
    )
    lines = read("目录.xlsx", content)
    assert [(line.kind, line.place, line.number) for line in lines] == [
        ("region", "地区", 2),
        ("agency", "Agency", 3),
    ]
    assert cells(lines)[1] == {"code": "A1", "name": "民政局", "region": "445100"}


def test_a_single_sheet_is_of_the_given_kind() -> None:
    content = xlsx({"Sheet1": [["地区编码", "名称"], ["1", "a"]]})
    assert read("x.xlsx", content, "region")[0].kind == "region"
    assert "看不出是哪一类" in faults("x.xlsx", content)[0]
    two = xlsx({"Sheet1": [["地区编码"]], "Sheet2": [["地区编码"]]})
    assert len(faults("x.xlsx", two, "region")) == 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (445103, "445103"),
        (445103.0, "445103"),
        (12.5, "12.5"),
        ("007", "007"),
        (" 潮安 ", " 潮安 "),
        (True, "TRUE"),
        (-3, "-3"),
        ("   ", None),
    ],
)
def test_cells_are_text(value: object, text: str | None) -> None:
    content = xlsx({"地区": [["地区编码", "名称", "规则书"], ["1", "x", value]]})
    assert read("x.xlsx", content)[0].cells["rulebook"] == text


def test_zeros_that_only_the_format_shows() -> None:
    content = xlsx(
        {"工作人员": [["工号", "姓名", "机构编码"], [12, "陈某", "A"]]}, {"A2": "000000"}
    )
    assert read("x.xlsx", content)[0].cells["code"] == "000012"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (datetime(2024, 1, 2, tzinfo=UTC).replace(tzinfo=None), "被当作日期或时间"),
        (914451034561234567, "数字超过15位"),
        ("#N/A", "公式出错（#N/A）"),
    ],
)
def test_cells_that_lost_their_text(value: object, reason: str) -> None:
    content = xlsx({"地区": [["地区编码", "名称"], [value, "x"], ["2", "y"]]})
    lines = read("x.xlsx", content)
    assert reason in lines[0].faults["code"]
    assert not lines[1].faults


def test_a_formula_gives_what_it_last_was() -> None:
    content = xlsx({"地区": [["地区编码", "名称"], ["1", "=A2"], ["2", "=A3"]]})
    # openpyxl computes nothing: put in what Excel would have stored.
    content = changed(content, b'r="B2"><f>A2</f><v', 'r="B2" t="str"><f>A2</f><v>潮州</v><v')
    assert [line.cells["name"] for line in read("x.xlsx", content)] == ["潮州", None]


def test_headings() -> None:
    assert faults("地区.csv", "地区编码,编码,手机号,\n1,1,1,\n".encode()) == [
        "地区.csv第1行“地区编码”：这一列出现了两次",
        "地区.csv第1行“手机号”：不认识这一列，地区表可用的列：地区编码、名称、上级地区、规则书",
        "地区.csv第1行“名称”：缺少这一列",
    ]


def test_faults_of_all_sheets_at_once() -> None:
    content = xlsx({"地区": [["编码"]], "机构": [["编码", "名称"]], "市民": [["姓名"]]})
    assert [fault.split("：")[0] for fault in faults("x.xlsx", content)] == [
        "地区第1行“名称”",
        "机构第1行“所属地区”",
        "市民",
    ]


def test_content_without_a_heading() -> None:
    lines = read("地区.csv", b"code,name\n1,a,b\n2,b\n")
    assert lines[0].faults == {"": "第3列有内容，但没有列名"}
    assert not lines[1].faults


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "是空的"),
        (b"\n , \n", "是空的"),
        ("地区编码\n".encode("utf-16"), "文字编码"),
        (b'code,name\n1,"open\n2,b\n', "引号"),
        (b"code,name\n1," + b"x" * 200_000, "一格过长"),
        (b"PK\x03\x04 and then nothing", "不是可用的xlsx文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "加了密码"),
        (xlsx({"地区": []}), "是空的"),
    ],
)
def test_files_that_are_no_table(content: bytes, reason: str) -> None:
    (fault,) = faults("region.csv", content)
    assert fault.startswith("region.csv：")
    assert reason in fault


def test_a_zip_that_is_no_workbook() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "不是可用的xlsx文件" in faults("x.xlsx", stream.getvalue())[0]


def test_files_that_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    content = xlsx({"地区": [["地区编码", "名称"], ["1", "a"]]})
    monkeypatch.setattr(reading, "MAX_ROWS", 1)
    assert "超过1行" in faults("x.xlsx", content)[0]
    assert "超过1行" in faults("地区.csv", REGIONS.encode())[0]
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 10)
    assert "解压后过大" in faults("x.xlsx", content)[0]
    assert "超过50MB" in faults("地区.csv", b" " * (reading.MAX_BYTES + 1))[0]


def test_a_row_far_below_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LAST_ROW", 100)
    content = xlsx({"地区": [["地区编码", "名称"], ["1", "a"]]})
    content = changed(content, b'<row r="2"', '<row r="99999999999"')
    assert "行号超出范围" in faults("x.xlsx", content)[0]


@given(st.binary(), st.sampled_from(["region.csv", "x.xlsx", ""]))
def test_whatever_bytes_come(content: bytes, name: str) -> None:
    for begin in (b"", b"PK\x03\x04", b"code,name\n"):
        with contextlib.suppress(Unreadable):
            read(name, begin + content)


SMALL = xlsx({"地区": [["地区编码", "名称"], ["1", "a"], [2, 3.5]]})


@settings(deadline=None)
@given(st.data())
def test_a_workbook_with_something_broken(data: st.DataObject) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SMALL)) as source, zipfile.ZipFile(out, "w") as target:
        broken = data.draw(st.sampled_from(source.namelist()))
        for entry in source.namelist():
            content = source.read(entry)
            if entry == broken:
                at = data.draw(st.integers(0, len(content)))
                cut = data.draw(st.integers(0, 20))
                content = content[:at] + data.draw(st.binary(max_size=5)) + content[at + cut :]
            target.writestr(entry, content)
    with contextlib.suppress(Unreadable):
        read("x.xlsx", out.getvalue())


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_any_text_comes_through_csv(texts: list[str]) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["code", "name"])
    writer.writerows(["1", text] for text in texts)
    for encoding in ("utf-8", "utf-8-sig"):
        lines = read("region.csv", stream.getvalue().encode(encoding))
        assert [line.cells["name"] for line in lines] == [
            text if text.strip() else None for text in texts
        ]


# XML knows no control characters, and takes "=" at the beginning for a formula.
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="=_"))


@settings(deadline=None)
@given(PLAIN)
def test_any_text_comes_through_xlsx(text: str) -> None:
    content = xlsx({"地区": [["code", "name"], ["1", text]]})
    assert read("x.xlsx", content)[0].cells["name"] == (text if text.strip() else None)
