"""FastAGI: one line of a dialplan brings the caller here once the agent has hung up.

    AGI(agi://rating.example:4573/rate,key=…,platform=12345,agent=${AGENT},queue=…,case=…)

The switch tells what it knows of the call; the call is registered, and the switch is told to
connect the caller by AudioSocket. How that ended stands in the channel's variable HAOCHAPING
(`Outcome`), why it was not tried in HAOCHAPING_FAULT. Whatever goes wrong, the dialplan goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

import structlog

from ivr.agi import LONGEST_LINE, Channel, NoSwitch, quoted
from ivr.reporting import report_of
from models.cases.reports import CallReport
from models.refusals import Refused
from models.texts import phone

PATIENCE: Final = 5.0
"""Seconds for all that the switch tells, and for an answer to a short command."""
LONGEST_CALL: Final = 900.0
"""Seconds: no dialogue takes longer."""

Register = Callable[[str, CallReport], Awaitable[UUID]]

log = structlog.get_logger()


class Outcome(StrEnum):
    ENDED = "ENDED"
    """The conversation came to its end: we have hung up."""
    HANGUP = "HANGUP"
    """The caller has."""
    FAILED = "FAILED"
    """The switch does not reach AudioSocket, or has lost the connection."""
    REFUSED = "REFUSED"
    """Nothing to rate, or wrongly asked."""


def call_of(headers: Mapping[str, str], switch: str) -> tuple[str, CallReport]:
    """The integrator's key, and the call. `switch`: its address, by which calls of two switches
    are told apart where the dialplan gives no number of its own. Raises Invalid."""
    told: dict[str, str] = {}
    for header, argument in headers.items():
        if header.startswith("agi_arg_") and argument:
            name, _, value = argument.partition("=")
            told[name.strip()] = value.strip()
    key = told.pop("key", "")
    told["number"] = told.get("number") or f"{switch}-{headers.get('agi_uniqueid', '')}"
    told["caller"] = told.get("caller") or _telephone(headers.get("agi_callerid", ""))
    return key, report_of(told)


def _telephone(caller: str) -> str:
    """Empty for an extension, `unknown` and `anonymous`."""
    try:
        return phone(caller)
    except ValueError:
        return ""


class FastAgiServer:
    """`port`: where it listens."""

    port: int

    def __init__(self, register: Register, audiosocket: str, patience: float) -> None:
        self._register = register
        self._audiosocket = audiosocket
        self._patience = patience
        self._calls: set[asyncio.Task[None]] = set()

    async def listen(self, host: str, port: int) -> None:
        self._server = await asyncio.start_server(self._accept, host, port, limit=LONGEST_LINE)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Who is on the line stays with the dialplan."""
        self._server.close()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        channel = Channel(reader, writer, self._patience)
        call = asyncio.create_task(self._hand_over(channel), name="FastAGI call")
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _hand_over(self, channel: Channel) -> None:
        try:
            outcome = await self._outcome(channel)
            await channel.command(f"SET VARIABLE HAOCHAPING {outcome}")
        except (NoSwitch, OSError) as fault:
            log.info("FastAGI broken off", switch=channel.switch, why=type(fault).__name__)
        except Exception:
            log.exception("a caller was not handed over", switch=channel.switch)
        else:
            log.info("caller handed over", switch=channel.switch, outcome=outcome)
        finally:
            channel.close()

    def _address(self, channel: Channel) -> str:
        if not self._audiosocket.startswith(":"):
            return self._audiosocket
        host = f"[{channel.here}]" if ":" in channel.here else channel.here
        return host + self._audiosocket

    async def _outcome(self, channel: Channel) -> Outcome:
        headers = await channel.headers()
        try:
            handover = await self._register(*call_of(headers, channel.switch))
        except Refused as refused:
            why = {"why": refused.code, "field": refused.field}
            log.warning("caller not handed over", switch=channel.switch, **why)
            await channel.command(f"SET VARIABLE HAOCHAPING_FAULT {quoted(refused.code)}")
            await channel.command(f"VERBOSE {quoted(f'haochaping: {refused.message}')} 1")
            return Outcome.REFUSED
        address = self._address(channel)
        connect = f"EXEC AudioSocket {handover},{address}"
        if await channel.command(connect, patience=LONGEST_CALL) == 0:
            return Outcome.ENDED
        # Both are -1; that the caller is gone is told before the next answer.
        await channel.command("CHANNEL STATUS")
        if channel.hung_up:
            return Outcome.HANGUP
        log.warning("AudioSocket not reached", switch=channel.switch, audiosocket=address)
        return Outcome.FAILED


async def serve_fastagi(
    host: str,
    port: int,
    register: Register,
    audiosocket: str,
    *,
    patience: float = PATIENCE,
) -> FastAgiServer:
    """`register`: an integrator's key and a call, to the id of its handover; raises Refused.
    `audiosocket`: HOST:PORT where the switch finds it, or :PORT of the host at which it found us.
    Raises OSError."""
    server = FastAgiServer(register, audiosocket, patience)
    await server.listen(host, port)
    return server
