"""Sheets of codes as PDF, with the typeface in it: it prints the same everywhere."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from api.sheets.code_sheet import CodeSheet
from api.sheets.layout import (
    BLACK,
    CARD,
    GREEN,
    GREY,
    PAGE,
    TITLE,
    Box,
    Code,
    Mark,
    Words,
    card,
    poster,
)
from api.sheets.squares import squares
from api.sheets.typeface import NAME, typeface, width

ACROSS: Final = 2
PER_PAGE: Final = 8
_WEIGHT: Final = 0.03
"""A bold letter is one with an outline of so much of its size."""


def posters(sheets: Iterable[CodeSheet]) -> bytes:
    """One on a page of A4. Of many a second or more: not in the event loop."""
    out, canvas = _begun()
    for sheet in sheets:
        _draw(canvas, poster(sheet), 0, 0)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def cards(sheets: Sequence[CodeSheet]) -> bytes:
    """Eight on a page of A4, to be cut along the dashes."""
    out, canvas = _begun()
    for start in range(0, len(sheets), PER_PAGE):
        for place, sheet in enumerate(sheets[start : start + PER_PAGE]):
            row, column = divmod(place, ACROSS)
            _draw(canvas, card(sheet), column * CARD[0], row * CARD[1])
        _cut_lines(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _begun() -> tuple[io.BytesIO, Canvas]:
    typeface()
    out = io.BytesIO()
    # Invariant: no date and no random id, so that the same sheets are the same file. The first
    # font would be one that is not in the file: the stubs take its name for a number.
    canvas = Canvas(out, pagesize=PAGE, invariant=1, initialFontName=NAME)  # type: ignore[arg-type]
    canvas.setTitle(TITLE)
    return out, canvas


def _cut_lines(canvas: Canvas) -> None:
    wide, high = PAGE
    canvas.setStrokeColor(HexColor(GREY))
    canvas.setLineWidth(0.4)
    canvas.setDash(3, 3)
    canvas.line(CARD[0], 0, CARD[0], high)
    for row in range(1, PER_PAGE // ACROSS):
        canvas.line(0, row * CARD[1], wide, row * CARD[1])
    canvas.setDash()


def _draw(canvas: Canvas, marks: Iterable[Mark], left: float, top: float) -> None:
    """PDF counts from below."""
    canvas.saveState()
    canvas.translate(left, PAGE[1] - top)
    for mark in marks:
        match mark:
            case Words():
                _words(canvas, mark)
            case Box():
                colour = HexColor(GREEN if mark.filled else BLACK)
                canvas.setFillColor(colour)
                canvas.setStrokeColor(colour)
                canvas.setLineWidth(0.8)
                canvas.roundRect(
                    mark.x,
                    -mark.y - mark.height,
                    mark.width,
                    mark.height,
                    mark.radius,
                    stroke=not mark.filled,
                    fill=mark.filled,
                )
            case Code():
                _code(canvas, mark)
    canvas.restoreState()


def _words(canvas: Canvas, words: Words) -> None:
    left = words.x - width(words.text, words.size) / 2 if words.middle else words.x
    # How letters are painted outlives the text object.
    canvas.saveState()
    text = canvas.beginText(left, -words.y)
    text.setFont(NAME, words.size)
    text.setFillColor(HexColor(words.colour))
    if words.bold:
        canvas.setLineWidth(words.size * _WEIGHT)
        canvas.setLineJoin(1)
        text.setStrokeColor(HexColor(words.colour))
        text.setTextRenderMode(2)
    text.textOut(words.text)
    canvas.drawText(text)
    canvas.restoreState()


def _code(canvas: Canvas, code: Code) -> None:
    drawn = squares(code.link)
    module = code.side / drawn.across
    # One path: squares filled one by one would show hairlines between them.
    path = canvas.beginPath()
    for column, row, length in drawn.runs:
        x, y = code.x + column * module, -code.y - (row + 1) * module
        path.rect(x, y, length * module, module)
    canvas.setFillColor(HexColor("#000000"))
    canvas.drawPath(path, stroke=0, fill=1)
