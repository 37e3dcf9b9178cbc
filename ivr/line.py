"""A caller on the line, whatever brings them: what the dialogue needs of a transport.

Sound is 16-bit little-endian mono PCM at 8 kHz, in and out; a transport turns others into it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Protocol

RATE: Final = 8000
"""Samples a second."""
FRAME: Final = 320
"""Bytes in 20 ms, the telephone's own step."""
SILENCE: Final = bytes(FRAME)


@dataclass(frozen=True, slots=True)
class Sound:
    """What the caller's side sent, of any length. None comes while it sends none."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """`name`: one of 0 to 9, *, #, A to D."""

    name: str


Heard = Sound | Key


class Line(Protocol):
    def say(self, pcm: bytes) -> None:
        """Behind what is being said. Returns at once; on a line that is gone nothing happens."""

    def hush(self) -> None:
        """Says no more of it, from now on: what the switch holds already is taken back too."""

    async def said(self) -> None:
        """Until everything has been heard, or hushed, or the line is gone."""

    def heard(self) -> AsyncIterator[Heard]:
        """In order. Ends when the caller has hung up. To be called once."""

    async def hang_up(self) -> None:
        """Once what is under way has reached the switch. A second time nothing happens."""
