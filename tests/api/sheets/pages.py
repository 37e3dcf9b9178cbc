"""A PDF as a printer and a telephone see it."""

from __future__ import annotations

from contextlib import closing

import zxingcpp
from pypdfium2 import PdfDocument


def texts(pdf: bytes) -> list[str]:
    """Of each page."""
    with closing(PdfDocument(pdf)) as document:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def scanned(pdf: bytes, dots_per_inch: float = 100) -> list[list[str]]:
    """What a camera reads off each page."""
    with closing(PdfDocument(pdf)) as document:
        return [
            [
                each.text
                for each in zxingcpp.read_barcodes(page.render(scale=dots_per_inch / 72).to_pil())
            ]
            for page in document
        ]


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """In millimetres."""
    with closing(PdfDocument(pdf)) as document:
        return [
            (round(width / 72 * 25.4, 1), round(height / 72 * 25.4, 1))
            for width, height in (page.get_size() for page in document)
        ]
