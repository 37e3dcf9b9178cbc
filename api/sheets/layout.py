"""Where everything of a code's sheet stands: a page of A4, and a card of an eighth of it.

Pure: points from the upper left corner, read by the PDF and by the SVG.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from api.sheets.code_sheet import LEVELS, CodeSheet
from api.sheets.typeface import printable, width

MM: Final = 72 / 25.4
PAGE: Final = (210 * MM, 297 * MM)
CARD: Final = (105 * MM, 74.25 * MM)
TITLE: Final = "政务服务“好差评”"

BLACK: Final = "#1a1a1a"
GREY: Final = "#595959"
GREEN: Final = "#067a45"

_NOT_FIRST = frozenset("，。、；：？！”’）》」％,.;:?!)")
"""What may not begin a line: it hangs over the end of the one before."""


@dataclass(frozen=True, slots=True)
class Words:
    """`y` is the baseline; `x` the left end, or the middle."""

    text: str
    x: float
    y: float
    size: float
    middle: bool = False
    bold: bool = False
    colour: str = BLACK


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    radius: float
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """The QR code, with the white around it that the standard asks for."""

    x: float
    y: float
    side: float
    link: str


Mark = Words | Box | Code


def poster(sheet: CodeSheet) -> Iterator[Mark]:
    """A4 upright, to be read from two metres."""
    wide, high = PAGE
    margin, centre = 20 * MM, wide / 2
    yield Box(0, 0, wide, 34 * MM, 0, filled=True)
    yield Words(printable(sheet.jurisdiction), centre, 13 * MM, 15, middle=True, colour="#ffffff")
    yield Words(TITLE, centre, 25 * MM, 30, middle=True, bold=True, colour="#ffffff")
    y = 48 * MM
    size = _fitting(sheet.place, wide - 2 * margin, 30, lines=2)
    for line in wrapped(sheet.place, size, wide - 2 * margin)[:2]:
        yield Words(line, centre, y, size, middle=True, bold=True)
        y += size * 1.3
    side = 104 * MM
    top = 66 * MM
    yield Code(centre - side / 2, top, side, sheet.link)
    yield Words("请扫码评价本次服务", centre, top + side + 5 * MM, 20, middle=True, bold=True)
    yield from _levels(margin, top + side + 11 * MM, wide - 2 * margin, 12 * MM, 14)
    y = top + side + 33 * MM
    for number, step in enumerate(sheet.steps, 1):
        yield Words(f"{number}", margin, y, 13, bold=True, colour=GREEN)
        for line in wrapped(step, 13, wide - 2 * margin - 8 * MM):
            yield Words(line, margin + 8 * MM, y, 13)
            y += 7 * MM
    y += 1.5 * MM
    for note in sheet.notes:
        for line in wrapped(note, 10, wide - 2 * margin):
            yield Words(line, margin, y, 10, colour=GREY)
            y += 5 * MM
    foot = high - 10 * MM
    yield Words(printable(sheet.bureau), margin, foot, 10, colour=GREY)
    yield Words(sheet.link, wide - margin - width(sheet.link, 8), foot, 8, colour=GREY)


def card(sheet: CodeSheet) -> Iterator[Mark]:
    """To stand on a counter, or to be stuck on a terminal."""
    wide, high = CARD
    margin, side = 5 * MM, 46 * MM
    left = margin + side + 3 * MM
    room = wide - left - margin
    yield Box(0, 0, wide, 11 * MM, 0, filled=True)
    yield Words(TITLE, wide / 2, 7.5 * MM, 14, middle=True, bold=True, colour="#ffffff")
    yield Code(margin, 12.5 * MM, side, sheet.link)
    y = 19 * MM
    size = _fitting(sheet.place, room, 13, lines=3)
    for line in wrapped(sheet.place, size, room)[:3]:
        yield Words(line, left, y, size, bold=True)
        y += size * 1.35
    y = max(y + 2 * MM, 36 * MM)
    for step in ("扫码评价：", "填手机号和业务流水号后4位，找到您的办件。", sheet.steps[-1]):
        for line in wrapped(step, 8.5, room):
            yield Words(line, left, y, 8.5)
            y += 4 * MM
    yield from _levels(margin, 60.5 * MM, wide - 2 * margin, 6 * MM, 8)
    yield Words(printable(sheet.bureau), margin, high - 3 * MM, 6.5, colour=GREY)


def _levels(x: float, y: float, wide: float, high: float, size: float) -> Iterator[Mark]:
    gap = wide * 0.02
    each = (wide - gap * (len(LEVELS) - 1)) / len(LEVELS)
    for number, label in enumerate(LEVELS):
        left = x + number * (each + gap)
        yield Box(left, y, each, high, high / 5)
        yield Words(label, left + each / 2, y + high / 2 + size * 0.36, size, middle=True)


def _fitting(text: str, room: float, largest: float, lines: int) -> float:
    """The size at which a name takes no more lines than that."""
    size = largest
    while size > largest / 2 and len(wrapped(text, size, room)) > lines:
        size -= 1
    return size


def wrapped(text: str, size: float, room: float) -> list[str]:
    """Printable lines, no wider than the room but for a mark that may not begin a line."""
    lines = [""]
    for each in printable(text).replace("\n", " "):
        if width(lines[-1] + each, size) > room and each not in _NOT_FIRST:
            lines.append("")
        lines[-1] += each
    return lines
