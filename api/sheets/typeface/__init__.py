"""The typeface of the sheets: where it lies, what is in it, how wide it runs."""

from __future__ import annotations

import io
import lzma
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

NAME: Final = "Haochaping Sans"
FILE: Final = Path(__file__).with_name("haochaping-sans.ttf.xz")
GETA: Final = "〓"
"""Stands for a character that the typeface lacks, as printers have it."""


@cache
def typeface() -> TTFont:
    """Read once, in a third of a second: 22,000 characters."""
    font = TTFont(NAME, io.BytesIO(lzma.decompress(FILE.read_bytes())))
    registerFont(font)
    return font


def printable(text: str) -> str:
    """With a geta for what cannot be printed, without what is not to be seen. Line breaks stay."""
    known = typeface().face.charToGlyph
    return "".join(
        each if each == "\n" or ord(each) in known else GETA
        for each in text
        if each == "\n" or unicodedata.category(each) not in ("Cc", "Cf")
    )


def width(text: str, size: float) -> float:
    """Of printable text, in points."""
    return float(typeface().stringWidth(text, size))
