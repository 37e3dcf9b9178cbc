"""A row as it was sent, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from models.directory.kinds import KINDS
from models.directory.rows import PARTIES, PLATFORM_KINDS, Row

SHOWN = 50
"""So much of a wrong value is repeated."""

WORDS = {code: word for word, code in reversed((*PARTIES.items(), *PLATFORM_KINDS.items()))}
_SENTENCES = {"extra_forbidden": "没有这一列", "tuple_type": "应为一组文字"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was sent, not yet looked at."""

    kind: str
    cells: Mapping[str, object]
    """By field. An empty cell is None, a column that is not there is not here either."""
    place: str = ""
    """The file or the sheet."""
    number: int = 0
    """As a spreadsheet counts: the headings are row 1."""
    faults: Mapping[str, str] = field(default_factory=dict)
    """Cells that could not be taken as text, and why."""


@dataclass(frozen=True, slots=True)
class BadRow:
    place: str
    number: int
    """0: the whole file or sheet."""
    field: str
    reason: str
    kind: str = ""

    def __str__(self) -> str:
        row = f"第{self.number}行" if self.number else ""
        known = KINDS[self.kind].headings if self.kind in KINDS else {}
        heading = known.get(self.field, (self.field,))[0]
        column = f"“{heading}”" if heading else ""
        return f"{self.place}{row}{column}：{self.reason}"


def bad(line: Line, at: str, reason: str) -> BadRow:
    return BadRow(line.place, line.number, at, reason, line.kind)


def check(line: Line) -> Row | tuple[BadRow, ...]:
    """The row, or everything that is wrong with it."""
    kind = KINDS.get(line.kind)
    if kind is None:
        known = "、".join(KINDS)
        return (bad(line, "", f"没有“{line.kind}”这一类，可用的有：{known}"),)
    found = [bad(line, at, reason) for at, reason in line.faults.items()]
    try:
        row = kind.row.model_validate(dict(line.cells))
    except ValidationError as error:
        wrong = {str(each["loc"][0]): _sentence(each) for each in error.errors()}
        found += [bad(line, at, why) for at, why in wrong.items() if at not in line.faults]
    else:
        if not found:
            return row
    return tuple(found)


def _sentence(error: ErrorDetails) -> str:
    """pydantic's error in Chinese."""
    if error["input"] is None or error["type"] == "missing":
        return "未填写"
    if error["type"] == "literal_error":
        codes = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        choices = "、".join(f"{WORDS[code]}（{code}）" for code in codes)
        return f"“{str(error['input'])[:SHOWN]}”不可用，可用的有：{choices}"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return _SENTENCES.get(error["type"], "应为文字")
