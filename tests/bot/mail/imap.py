"""An IMAP server: Twisted's, spoken to through asyncio, with mail in memory."""
# mypy: disable-error-code="no-untyped-call,import-untyped"

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from twisted.cred.error import UnauthorizedLogin
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.mail.imap4 import IAccount, IMailbox, IMAP4Server, IMessage, IMessageFile
from zope.interface import implementer

USER = "yj@haochaping.example.cn"
PASSWORD = "a-password-of-the-test"  # noqa: S105


@implementer(IMessage, IMessageFile)
@dataclass
class Kept:
    raw: bytes
    uid: int
    flags: set[str] = field(default_factory=set)
    breaks: bool = False

    def getUID(self) -> int:  # noqa: N802
        return self.uid

    def getFlags(self) -> list[str]:  # noqa: N802
        return sorted(self.flags)

    def getInternalDate(self) -> bytes:  # noqa: N802
        return b"02-Mar-2026 09:00:00 +0800"

    def getSize(self) -> int:  # noqa: N802
        return len(self.raw)

    def open(self) -> BytesIO:
        if self.breaks:
            raise OSError("the disk is gone")
        return BytesIO(self.raw)


@implementer(IMailbox)
@dataclass
class Folder:
    mails: list[Kept] = field(default_factory=list)
    hangs: bool = False
    refuses: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, raw: bytes, *flags: str, breaks: bool = False) -> Kept:
        kept = Kept(raw, self.getUIDNext(), set(flags), breaks)
        self.mails.append(kept)
        return kept

    def unread(self) -> list[bytes]:
        return [kept.raw for kept in self.mails if "\\Seen" not in kept.flags]

    def getFlags(self) -> list[str]:  # noqa: N802
        return ["\\Seen", "\\Deleted"]

    def getMessageCount(self) -> int:  # noqa: N802
        return len(self.mails)

    def getRecentCount(self) -> int:  # noqa: N802
        return 0

    def getUIDValidity(self) -> int:  # noqa: N802
        return 1

    def getUIDNext(self) -> int:  # noqa: N802
        return 10 + max((kept.uid for kept in self.mails), default=0)

    def getUID(self, number: int) -> int:  # noqa: N802
        return self.mails[number - 1].uid

    def isWriteable(self) -> bool:  # noqa: N802
        return True

    def addListener(self, listener: object) -> None:  # noqa: N802
        """Nobody is told."""

    removeListener = addListener  # noqa: N815

    def fetch(self, wanted: Any, uid: int) -> Any:
        self.asked.set()
        if self.hangs:
            return Deferred()
        return list(self._chosen(wanted, uid))

    def store(self, wanted: Any, flags: list[str], mode: int, uid: int) -> dict[int, list[str]]:
        if self.refuses:
            raise OSError("the disk is full")
        changed = {}
        for number, kept in self._chosen(wanted, uid):
            kept.flags = kept.flags | set(flags) if mode > 0 else kept.flags - set(flags)
            changed[number] = kept.getFlags()
        return changed

    def addMessage(self, given: BytesIO, flags: list[str], _date: bytes) -> None:  # noqa: N802
        self.add(given.read(), *flags)

    def expunge(self) -> list[int]:
        gone = [n for n, kept in enumerate(self.mails, 1) if "\\Deleted" in kept.flags]
        self.mails = [kept for kept in self.mails if "\\Deleted" not in kept.flags]
        return gone[::-1]

    def _chosen(self, wanted: Any, uid: int) -> Iterator[tuple[int, Kept]]:
        wanted.last = self.mails[-1].uid if uid and self.mails else len(self.mails)
        for number, kept in enumerate(self.mails, 1):
            if (kept.uid if uid else number) in wanted:
                yield number, kept


@implementer(IAccount)
@dataclass
class Account:
    """`shy`: opens no folder before the client has introduced itself, as 163 does."""

    folders: dict[str, Folder]
    shy: bool = False

    def select(self, name: str, readwrite: bool = True) -> Folder | None:  # noqa: ARG002
        return None if self.shy else self.folders.get(name)


class Server(IMAP4Server):
    def __init__(self, account: Account) -> None:
        # An answer's parts are written at once: its own way needs Twisted's reactor, as a timeout
        # does, and that does not run.
        super().__init__(scheduler=lambda steps: maybeDeferred(list, steps))
        self._opened = account

    def setTimeout(self, period: float | None) -> None:  # noqa: N802
        """The tests are short."""

    def capabilities(self) -> dict[bytes, None]:
        return {b"IMAP4rev1": None, b"ID": None}

    def authenticateLogin(self, user: bytes, password: bytes) -> Any:  # noqa: N802
        if (user, password) != (USER.encode(), PASSWORD.encode()):
            raise UnauthorizedLogin
        return IAccount, self._opened, lambda: None

    def do_ID(self, tag: bytes, who: bytes) -> None:  # noqa: N802
        self._opened.shy = b"haochaping" not in who
        self.sendUntaggedResponse(b"ID NIL")
        self.sendPositiveResponse(tag, b"ID completed")

    auth_ID = (do_ID, IMAP4Server.arg_line)  # noqa: N815


class Line(asyncio.Protocol):
    """What Twisted calls a transport, over what asyncio calls one."""

    disconnecting = False

    def __init__(self, account: Account) -> None:
        self._server = Server(account)
        self._producer: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.write = transport.write
        self._server.makeConnection(self)

    def data_received(self, data: bytes) -> None:
        self._server.dataReceived(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connectionLost(exc)

    def writeSequence(self, parts: list[bytes]) -> None:  # noqa: N802
        self.write(b"".join(parts))

    def loseConnection(self) -> None:  # noqa: N802
        self._transport.close()

    def registerProducer(self, producer: Any, _streaming: bool) -> None:  # noqa: N802
        self._producer = producer
        while self._producer is not None:
            producer.resumeProducing()

    def unregisterProducer(self) -> None:  # noqa: N802
        self._producer = None


@asynccontextmanager
async def serving(account: Account, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Line(account), "localhost", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
