"""CSV and XLSX to lines. What is no table is `Unreadable`, a wrong cell is its line's matter."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Final

from models.directory.kinds import KINDS, Kind, kind_of
from models.directory.lines import SHOWN, BadRow, Line
from models.directory.workbook import Cell, NotAWorkbook, Sheet, Unusable, sheets

MAX_BYTES: Final = 50 * 1024 * 1024
MAX_ROWS: Final = 200_000
EXPLANATIONS: Final = ("说明", "填写说明")
"""Sheets by people for people."""

_XLSX = b"PK\x03\x04"
_XLS_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_LABELS = "、".join(kind.label for kind in KINDS.values())


class Unreadable(ValueError):
    """Everything that is wrong with the file, its sheets and its headings."""

    def __init__(self, faults: Iterable[BadRow]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def read(name: str, content: bytes, kind: str | None = None) -> list[Line]:
    """Raises Unreadable.

    A CSV is of the given kind or of its name's (机构.csv, agency.csv), every sheet of a workbook of
    its title's. A large file takes seconds: not in the event loop.
    """
    file = PurePath(name).name
    tables = _tables(file, content)
    if sum(len(table.rows) for table in tables) > MAX_ROWS:
        raise _whole(file, f"超过{MAX_ROWS}行，请分成几个文件导入")
    tables = [table for table in tables if table.rows and table.title not in EXPLANATIONS]
    if not tables:
        raise _whole(file, "是空的")
    # Given and alone, the sheet may have any name: Excel's is Sheet1.
    given = kind_of(kind) if kind is not None and len(tables) == 1 else None
    lines: list[Line] = []
    faults: list[BadRow] = []
    for table in tables:
        wanted = given or kind_of(PurePath(table.title).stem)
        if wanted is None:
            faults.append(BadRow(table.title, 0, "", f"看不出是哪一类，请命名为：{_LABELS}"))
            continue
        number, headings = table.rows[0]
        found = list(_heading_faults(table.title, number, headings, wanted))
        if found:
            faults += found
        else:
            lines += _lines(table, wanted)
    if faults:
        raise Unreadable(faults)
    return lines


def _whole(file: str, reason: str) -> Unreadable:
    return Unreadable([BadRow(file, 0, "", reason)])


def _tables(file: str, content: bytes) -> list[Sheet]:
    if len(content) > MAX_BYTES:
        raise _whole(file, f"文件超过{MAX_BYTES // 1024 // 1024}MB，请分成几个文件导入")
    if content.startswith(_XLS_OR_ENCRYPTED):
        raise _whole(file, "是旧版xls文件，或者加了密码，请另存为不加密的xlsx文件")
    if content.startswith(_XLSX):
        try:
            return sheets(content)
        except NotAWorkbook as error:
            raise _whole(file, str(error)) from error
    try:
        return [Sheet(file, list(_csv_rows(_decoded(content))))]
    except UnicodeDecodeError as error:
        raise _whole(file, "文字编码既不是UTF-8也不是GB18030") from error
    except csv.Error as error:
        raise _whole(file, "不是可用的CSV文件：引号没有成对，或者一格过长") from error


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _csv_rows(text: str) -> Iterator[tuple[int, list[Cell]]]:
    # Strict: a quotation mark left open would swallow the rest of the file.
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
        cells: list[Cell] = [cell if cell.strip() else None for cell in row]
        if any(cells):
            yield number, cells


def _heading_faults(place: str, number: int, headings: list[Cell], kind: Kind) -> Iterator[BadRow]:
    seen: set[str] = set()
    for heading in headings:
        if heading is None:
            continue
        text = heading if isinstance(heading, str) else ""
        field = kind.field_of(text)
        if field is None:
            known = "、".join(names[0] for names in kind.headings.values())
            reason = f"不认识这一列，{kind.label}表可用的列：{known}"
            yield BadRow(place, number, text.strip()[:SHOWN], reason)
        elif field in seen:
            yield BadRow(place, number, field, "这一列出现了两次", kind.name)
        else:
            seen.add(field)
    for field in kind.required():
        if field not in seen:
            yield BadRow(place, number, field, "缺少这一列", kind.name)


def _lines(table: Sheet, kind: Kind) -> Iterator[Line]:
    headings = [kind.field_of(each) if isinstance(each, str) else None for each in table.rows[0][1]]
    for number, row in table.rows[1:]:
        cells: dict[str, object] = dict.fromkeys(filter(None, headings))
        faults: dict[str, str] = {}
        for column, cell in enumerate(row):
            field = headings[column] if column < len(headings) else None
            if cell is None:
                continue
            if field is None:
                faults[""] = f"第{column + 1}列有内容，但没有列名"
            elif isinstance(cell, Unusable):
                faults[field] = cell.reason
            else:
                cells[field] = cell
        yield Line(kind.name, cells, table.title, number, faults)
