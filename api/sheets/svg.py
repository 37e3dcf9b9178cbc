"""The sheet of one code as SVG, for whoever sets it into a sign of their own. Its words stay words:
they are shown in a typeface of the reader's."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from api.sheets.code_sheet import CodeSheet
from api.sheets.layout import BLACK, GREEN, MM, PAGE, Box, Code, Mark, Words, poster
from api.sheets.squares import squares
from api.sheets.typeface import NAME

_FAMILY = f"{NAME}, Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


def poster_svg(sheet: CodeSheet) -> bytes:
    """A4, in points, with its size in millimetres."""
    wide, high = PAGE
    view = f"0 0 {_number(wide)} {_number(high)}"
    size = f'width="{wide / MM:.0f}mm" height="{high / MM:.0f}mm" viewBox="{view}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family={quoteattr(_FAMILY)}>',
        f"<title>{escape(sheet.place)}</title>",
        '<path fill="#ffffff" d="M0 0h600v850H0z"/>',
        *(_element(mark) for mark in poster(sheet)),
        "</svg>",
    ]
    return "\n".join(lines).encode()


def _element(mark: Mark) -> str:
    match mark:
        case Words():
            anchor = ' text-anchor="middle"' if mark.middle else ""
            weight = ' font-weight="bold"' if mark.bold else ""
            return (
                f'<text x="{_number(mark.x)}" y="{_number(mark.y)}" font-size="{mark.size:g}"'
                f' fill="{mark.colour}"{anchor}{weight}>{escape(mark.text)}</text>'
            )
        case Box():
            paint = f'fill="{GREEN}"' if mark.filled else f'fill="none" stroke="{BLACK}"'
            return (
                f'<rect x="{_number(mark.x)}" y="{_number(mark.y)}" width="{_number(mark.width)}"'
                f' height="{_number(mark.height)}" rx="{_number(mark.radius)}" {paint}/>'
            )
        case Code():
            drawn = squares(mark.link)
            runs = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in drawn.runs)
            scale = f"{mark.side / drawn.across:.5f}"
            return (
                f'<path transform="translate({_number(mark.x)} {_number(mark.y)}) scale({scale})"'
                f' fill="#000000" d="{runs}"/>'
            )


def _number(value: float) -> str:
    return f"{value:.2f}"
