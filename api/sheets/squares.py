"""A QR code as the dark runs of its rows: shapes, sharp at any size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import segno

MARGIN = 4
"""Modules of white on every side, as the standard asks for."""


@dataclass(frozen=True, slots=True)
class Squares:
    across: int
    """Modules, with the margin."""
    runs: tuple[tuple[int, int, int], ...]
    """Column, row and length of each."""


def squares(link: str) -> Squares:
    """With 25 % to spare (Q): paper gets dirty and torn."""
    matrix = segno.make(link, error="q", micro=False).matrix
    runs = tuple(run for row, cells in enumerate(matrix) for run in _runs(row, cells))
    return Squares(len(matrix) + 2 * MARGIN, runs)


def _runs(row: int, cells: bytearray) -> Iterator[tuple[int, int, int]]:
    column = MARGIN
    for dark, group in groupby(cells):
        length = len(list(group))
        if dark:
            yield column, row + MARGIN, length
        column += length
