"""An XLSX file as sheets of text."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as WritableCell
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.read_only import ReadOnlyCell

MAX_UNPACKED: Final = 500 * 1024 * 1024
"""A few kilobytes of archive can hold gigabytes of nothing."""
MAX_COLUMNS: Final = 100
LAST_ROW: Final = 1_048_576
"""Excel's own. openpyxl fills up missing rows one by one, for as long as a file asks."""
EXACT: Final = 10**15
"""Excel keeps 15 digits of a number and puts zeros for the rest."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell that is no text, and why."""

    reason: str


Cell = str | Unusable | None


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    rows: list[tuple[int, list[Cell]]]
    """With their numbers, without the empty ones."""


class NotAWorkbook(ValueError):
    pass


def sheets(content: bytes) -> list[Sheet]:
    """Raises NotAWorkbook."""
    with warnings.catch_warnings():
        # About styles and validations that nobody asks for.
        warnings.simplefilter("ignore")
        try:
            return list(_sheets(content))
        except NotAWorkbook:
            raise
        except Exception as error:
            # openpyxl has no error of its own for a broken file: anything may come.
            raise NotAWorkbook("不是可用的xlsx文件，可能已损坏") from error


def _sheets(content: bytes) -> Iterator[Sheet]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise NotAWorkbook("解压后过大，请分成几个文件导入")
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for worksheet in workbook.worksheets:
            # What a file says about its own size is often wrong.
            worksheet.reset_dimensions()
            rows: list[tuple[int, list[Cell]]] = []
            for number, row in enumerate(worksheet.iter_rows(max_col=MAX_COLUMNS), 1):
                if number > LAST_ROW:
                    raise NotAWorkbook("行号超出范围")
                cells = [None if cell.value is None else _text(cell) for cell in row]
                if any(cell is not None for cell in cells):
                    rows.append((number, cells))
            yield Sheet(worksheet.title, rows)
    finally:
        workbook.close()


def _text(cell: ReadOnlyCell | WritableCell | MergedCell) -> Cell:
    value = cell.value
    if cell.data_type == "e":
        return Unusable(f"公式出错（{value}）")
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _digits(value, cell.number_format)
    return Unusable("被当作日期或时间，请把单元格格式设为“文本”后重新填写")


def _digits(number: float, shown: str) -> Cell:
    if abs(number) >= EXACT:
        return Unusable("数字超过15位，末尾已不准确，请把单元格格式设为“文本”后重新填写")
    if number != int(number):
        return repr(number)
    # 000012 may be the number 12, shown in six digits.
    return str(int(number)).zfill(len(shown) if re.fullmatch("0+", shown) else 0)
