"""The switch's side of FastAGI, as strict as Asterisk 22's res_agi: what it tells, how it takes a
command apart, what it answers. What it does here was seen there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

TOLD = {
    "agi_network": "yes",
    "agi_network_script": "rate",
    "agi_request": "agi://127.0.0.1:4573/rate",
    "agi_channel": "PJSIP/caller-0000001b",
    "agi_language": "en",
    "agi_type": "PJSIP",
    "agi_uniqueid": "city-1795284487.37",
    "agi_version": "22.10.1",
    "agi_callerid": "13800138000",
    "agi_calleridname": "Lin",
    "agi_callingpres": "0",
    "agi_dnid": "12345",
    "agi_rdnis": "unknown",
    "agi_context": "calls",
    "agi_extension": "rate",
    "agi_priority": "2",
    "agi_enhanced": "0.0",
    "agi_accountcode": "",
    "agi_threadid": "140572379137728",
}


def told(*arguments: str, **headers: str) -> dict[str, str]:
    numbered = {f"agi_arg_{place}": each for place, each in enumerate(arguments, 1)}
    return {**TOLD, **headers, **numbered}


def words(command: str) -> list[str]:
    """As `parse_args` takes them: quotes hold together, a backslash takes what follows as it is."""
    found: list[str] = []
    word: str | None = None
    quotes = False
    letters = iter(command)
    for letter in letters:
        if letter == '"':
            quotes = not quotes
            word = word or ""
        elif letter == " " and not quotes:
            if word is not None:
                found.append(word)
            word = None
        else:
            word = (word or "") + (next(letters) if letter == "\\" else letter)
    assert not quotes, command
    return found if word is None else [*found, word]


@dataclass
class Switch:
    """`result`: of AudioSocket. `hung_up`: the caller, meanwhile."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    result: int = 0
    hung_up: bool = False
    executed: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)

    async def run(self, headers: Mapping[str, str]) -> None:
        """Until the other side closes."""
        lines = "".join(f"{name}: {value}\n" for name, value in headers.items())
        self.writer.write(f"{lines}\n".encode())
        while line := await self.reader.readline():
            assert line.endswith(b"\n")
            self.writer.write(self._answer(words(line.decode().removesuffix("\n"))).encode())

    def _answer(self, command: Sequence[str]) -> str:
        match command:
            case ["EXEC", "AudioSocket", arguments]:
                self.executed.append(arguments)
                gone = "HANGUP\n" if self.hung_up else ""
                return f"200 result={self.result}\n{gone}"
            case ["SET", "VARIABLE", name, value]:
                self.variables[name] = value
                return "200 result=1\n"
            case ["VERBOSE", message, "1"]:
                self.shown.append(message)
                return "200 result=1\n"
            case ["CHANNEL", "STATUS"]:
                return "200 result=6\n"
            case _:
                raise AssertionError(command)


@asynccontextmanager
async def calling(port: int) -> AsyncIterator[Switch]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Switch(reader, writer)
    finally:
        writer.close()
        await writer.wait_closed()
