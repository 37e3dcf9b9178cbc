"""A real SMTP server that keeps what it is given, and answers what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP as Server  # noqa: N811
from aiosmtpd.smtp import Envelope, Session


@dataclass
class Postbox:
    """What the server answers, and what it was given."""

    rcpt: str = "250 OK"
    data: str = "250 OK"
    hangs: bool = False
    arrived: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: Server, _session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        envelope.rcpt_tos.append(to)
        envelope.rcpt_options.extend(options)
        return self.rcpt

    async def handle_DATA(  # noqa: N802
        self, _server: Server, _session: Session, envelope: Envelope
    ) -> str:
        if self.hangs:
            await asyncio.Event().wait()
        if self.data.startswith("250"):
            self.arrived.append(envelope)
        return self.data


@asynccontextmanager
async def listening(make: Callable[[], asyncio.Protocol], **how: Any) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(make, "localhost", 0, **how)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def protocol(postbox: Postbox, **how: Any) -> Callable[[], asyncio.Protocol]:
    def make() -> asyncio.Protocol:
        return Server(postbox, hostname="mail.test", loop=asyncio.get_running_loop(), **how)

    return make
