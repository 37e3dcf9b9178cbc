"""What a WeChat code carries: the path of the link that it stands for, `r/TOKEN` or `q/CODE`.

At most 32 characters, all of them such as a mini-program's scene may hold (no `%`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SCENE_LENGTH: Final = 32


class Leads(StrEnum):
    RATING = "r"
    """To an invitation, by its signed token (动态二维码)."""
    PLACE = "q"
    """To a window, a hall or a terminal, by its code (静态二维码)."""


@dataclass(frozen=True, slots=True)
class Scene:
    leads: Leads
    to: str

    def __str__(self) -> str:
        return f"{self.leads}/{self.to}"


_SCENE: Final = re.compile(r"([rq])/([A-Za-z0-9._-]+)")


def read_scene(text: str) -> Scene | None:
    """None: no scene of ours."""
    found = _SCENE.fullmatch(text) if len(text) <= SCENE_LENGTH else None
    return Scene(Leads(found[1]), found[2]) if found else None
