"""AGI over TCP: what the switch tells of a call, and commands to it, one a line.

"Asterisk Gateway Interface (AGI)" in docs.asterisk.org; what it leaves open was seen with
Asterisk 22.10.
"""

from __future__ import annotations

import asyncio
import re
from typing import Final

LONGEST_LINE: Final = 1024
MOST_LINES: Final = 64

_RESULT: Final = re.compile(rb"200 result=(-?[0-9]{1,9})[ \r\n]")
_REFUSED: Final = re.compile(rb"[0-9]{3} ")


class NoSwitch(Exception):
    """What no switch says, or nothing more."""


class Channel:
    """`switch`: its address; `here`: ours, as it knows it. Methods raise NoSwitch, OSError
    (TimeoutError is one)."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, patience: float
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._patience = patience
        self.switch: str = (writer.get_extra_info("peername") or ("",))[0]
        self.here: str = (writer.get_extra_info("sockname") or ("",))[0]
        self.hung_up = False

    async def headers(self) -> dict[str, str]:
        """None of them twice: nobody smuggles one in behind a line break in their name."""
        found: dict[str, str] = {}
        async with asyncio.timeout(self._patience):
            for _ in range(MOST_LINES):
                line = await self._line()
                if not line.strip():
                    return found
                name, colon, value = line.decode(errors="replace").partition(":")
                if not name.startswith("agi_") or not colon or name in found:
                    break
                found[name] = value.strip()
        raise NoSwitch

    async def command(self, words: str, patience: float | None = None) -> int | None:
        """Its result; None: the switch does not know it, or not now."""
        self._writer.write(f"{words}\n".encode())
        async with asyncio.timeout(patience or self._patience):
            await self._writer.drain()
            for _ in range(MOST_LINES):
                line = await self._line()
                if result := _RESULT.match(line):
                    return int(result[1])
                if _REFUSED.match(line):
                    return None
                self.hung_up |= line.strip() == b"HANGUP"
        raise NoSwitch

    def close(self) -> None:
        """At once: whoever reads nothing holds nothing up."""
        self._writer.transport.abort()

    async def _line(self) -> bytes:
        try:
            line = await self._reader.readline()
        except ValueError:
            raise NoSwitch from None
        if not line.endswith(b"\n"):
            raise NoSwitch
        return line


def quoted(text: str) -> str:
    """An argument of a command: whatever is in it, it stays one, on one line."""
    line = "".join(each if each.isprintable() else " " for each in text)
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'
