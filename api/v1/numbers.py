"""The numbers of rows, as they stand in addresses and queries."""

from __future__ import annotations

from typing import Final

LARGEST: Final = 2**63 - 1
_DIGITS: Final = len(str(LARGEST))


def row_number(text: str) -> int | None:
    """None for what no row is called."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return None
    return number if (number := int(text)) <= LARGEST else None
