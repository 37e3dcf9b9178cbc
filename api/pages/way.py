"""How the person came and how they read: in the query, kept from page to page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from aiohttp import web
from yarl import URL

from models.words import Channel

CHANNELS: Final = {
    "q": Channel.DYNAMIC_CODE,
    "s": Channel.SMS,
    "m": Channel.MAIL,
    "t": Channel.TERMINAL,
    "w": Channel.WINDOW_DEVICE,
}
"""The letter `c` of a link. Short, because an SMS is."""


@dataclass(frozen=True, slots=True)
class Way:
    big: bool
    """关怀版: large type."""
    letter: str
    """Of the channel; empty: a bare link."""

    @classmethod
    def of(cls, request: web.Request) -> Self:
        letter = request.query.get("c", "")
        return cls(
            big=request.query.get("big") == "1",
            letter=letter if letter in CHANNELS else "",
        )

    @property
    def channel(self) -> Channel:
        return CHANNELS.get(self.letter, Channel.LINK)

    def to(self, path: str, **more: str) -> str:
        kept = {"c": self.letter, "big": "1" if self.big else ""}
        query = {name: value for name, value in {**kept, **more}.items() if value}
        return str(URL(path).with_query(query))


def other_size(request: web.Request) -> str:
    """The same page in the other size of type."""
    here = request.rel_url
    if Way.of(request).big:
        return str(here.without_query_params("big"))
    return str(here.update_query(big="1"))
