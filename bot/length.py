"""Texts as long as a platform takes them."""

from __future__ import annotations

from typing import Final

_MORE: Final = "…"


def cut(text: str, octets: int) -> str:
    """At most so many octets of UTF-8, cut between two characters, with … where it was longer."""
    whole = text.encode()
    if len(whole) <= octets:
        return text
    room = octets - len(_MORE.encode())
    return whole[:room].decode(errors="ignore") + _MORE if room >= 0 else ""
