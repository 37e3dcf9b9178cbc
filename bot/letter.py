"""The words of a message, whoever has written them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Letter:
    """See `Message` for each."""

    title: str
    text: str
    link: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    table: tuple[tuple[str, ...], ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()

    def content(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}
