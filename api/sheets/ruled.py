"""A ruled form on pages of A4, row by row. What does not fit on a page goes on overleaf, its label
again beside it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from reportlab.pdfgen.canvas import Canvas

from api.sheets.layout import MM, PAGE, wrapped
from api.sheets.typeface import NAME, printable, typeface, width

LEFT: Final = 20 * MM
TOP: Final = PAGE[1] - 20 * MM
BOTTOM: Final = 18 * MM
WIDE: Final = PAGE[0] - 2 * LEFT
SIZE: Final = 10.5
LEADING: Final = 16.0
PAD: Final = 5.0
FEWEST: Final = 3
"""Lines that are worth beginning at the foot of a page."""


@dataclass(frozen=True, slots=True)
class Cell:
    lines: tuple[str, ...]
    wide: float
    label: bool

    @classmethod
    def of(cls, texts: Sequence[str], wide: float, *, label: bool = False) -> Self:
        lines = [
            line
            for text in texts
            for part in text.split("\n")
            for line in wrapped(part, SIZE, wide - 2 * PAD)
        ]
        return cls(tuple(lines), wide, label)

    def cut(self, count: int) -> tuple[Cell, Cell]:
        if self.label:
            return self, self
        return replace(self, lines=self.lines[:count]), replace(self, lines=self.lines[count:])


class Form:
    def __init__(self, title: str, foot: str) -> None:
        typeface()
        self._out = io.BytesIO()
        # The stubs take the font's name for a number.
        self._canvas = Canvas(self._out, pagesize=PAGE, invariant=1, initialFontName=NAME)  # type: ignore[arg-type]
        self._canvas.setTitle(title)
        self._foot = printable(foot)
        self._y = TOP
        self._canvas.setFont(NAME, 18)
        self._canvas.drawCentredString(PAGE[0] / 2, self._y - 6, printable(title))
        self._y -= 10 * MM

    def row(self, cells: Sequence[Cell]) -> None:
        while (needed := _lines(cells)) > (room := self._room()):
            if room < FEWEST or any(len(each.lines) > room for each in cells if each.label):
                self._turn()
                continue
            now, later = zip(*(each.cut(room) for each in cells), strict=True)
            self._draw(now, room)
            cells = later
            self._turn()
        self._draw(cells, needed)

    def block(self, label: Cell, rows: Sequence[Sequence[Cell]]) -> None:
        """Rows that one label stands beside, on one page."""
        lines = [max(_lines(row), 1) for row in rows]
        high = sum(lines) * LEADING + 2 * PAD * len(rows)
        if high > self._y - BOTTOM:
            self._turn()
        top = self._y
        for row, count in zip(rows, lines, strict=True):
            self._draw(row, count, left=LEFT + label.wide)
        self._cell(label, LEFT, top, high)

    def notes(self, texts: Sequence[str]) -> None:
        self._y -= 5 * MM
        for line in Cell.of(texts, WIDE).lines:
            if self._room() < 1:
                self._turn()
            self._canvas.setFont(NAME, SIZE - 1)
            self._canvas.drawString(LEFT, self._y - SIZE, line)
            self._y -= LEADING - 2

    def finished(self) -> bytes:
        self._turn()
        self._canvas.save()
        return self._out.getvalue()

    def _room(self) -> int:
        return int((self._y - BOTTOM - 2 * PAD) // LEADING)

    def _turn(self) -> None:
        canvas = self._canvas
        canvas.setFont(NAME, 8)
        canvas.drawString(LEFT, 9 * MM, self._foot)
        canvas.drawRightString(PAGE[0] - LEFT, 9 * MM, f"第{canvas.getPageNumber()}页")
        canvas.showPage()
        self._y = TOP

    def _draw(self, cells: Sequence[Cell], lines: int, left: float = LEFT) -> None:
        high = lines * LEADING + 2 * PAD
        for each in cells:
            self._cell(each, left, self._y, high)
            left += each.wide
        self._y -= high

    def _cell(self, cell: Cell, left: float, top: float, high: float) -> None:
        self._canvas.setLineWidth(0.6)
        self._canvas.rect(left, top - high, cell.wide, high)
        self._canvas.setFont(NAME, SIZE)
        y = top - (high - len(cell.lines) * LEADING) / 2 - SIZE - (LEADING - SIZE) / 4
        for line in cell.lines:
            inset = (cell.wide - width(line, SIZE)) / 2 if cell.label else PAD
            self._canvas.drawString(left + inset, y, line)
            y -= LEADING


def _lines(cells: Sequence[Cell]) -> int:
    return max(len(each.lines) for each in cells)
