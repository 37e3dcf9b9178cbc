"""A real Asterisk 22, on ports of its own, with the dialplans of ivr/README.md (`asterisk/`).

In a chroot, if need be, which shares this machine's network.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.e2e.telephone.service import AGENT, PLATFORM, QUEUE, Service

RTP: Final = range(20000, 24000)
WAYS: Final = ("audiosocket", "fastagi", "websocket")
"""Extensions."""
_PATIENCE: Final = 30
"""Seconds to start, and to stop."""
_SETTINGS: Final = Path(__file__).parent / "asterisk"


@dataclass(frozen=True)
class Switch:
    """`sip`: the port."""

    sip: int
    process: Process
    log: Path

    @property
    def complaints(self) -> list[str]:
        """But for names that the chroot does not know."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [each for each in lines if " ERROR[" in each and "getaddrinfo" not in each]


def command(root: Path) -> list[str] | None:
    """How Asterisk is run there; None: it is not."""
    if root == Path("/"):
        program = shutil.which("asterisk")
        return [program] if program else None
    if (root / "usr/sbin/asterisk").exists():
        return ["chroot", str(root), "/usr/sbin/asterisk"]
    return None


@asynccontextmanager
async def switch(root: Path, port: int, service: Service) -> AsyncIterator[Switch]:
    """`port`: for SIP. Raises FileNotFoundError, TimeoutError."""
    program = command(root)
    if program is None:
        raise FileNotFoundError(f"no asterisk in {root}")
    with tempfile.TemporaryDirectory(prefix="asterisk-", dir=root / "tmp") as name:
        folder = Path(name)
        inside = Path("/") / folder.relative_to(root)
        _write(folder, inside, port, service)
        words = [*program, "-C", str(inside / "asterisk.conf")]
        process = await asyncio.create_subprocess_exec(
            *words, "-f", stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
        )
        try:
            await _booted(words)
            yield Switch(port, process, folder / "messages")
        finally:
            await _stopped(process)


async def _booted(words: list[str]) -> None:
    for _ in range(_PATIENCE * 10):
        asked = await asyncio.create_subprocess_exec(
            *words, "-rx", "core waitfullybooted", stdout=DEVNULL, stderr=DEVNULL
        )
        if await asked.wait() == 0:
            return
        await asyncio.sleep(0.1)
    raise TimeoutError("asterisk does not start")


async def _stopped(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _write(folder: Path, inside: Path, port: int, service: Service) -> None:
    shutil.copytree(_SETTINGS, folder, dirs_exist_ok=True)
    own = ("etc", "db", "spool", "run", "log", "cache")
    directories = "".join(f"ast{name}dir => {inside}\n" for name in own)
    settings = {
        "asterisk.conf": f"[directories]\n{directories}[options]\nsystemname = city\n",
        "rtp.conf": f"[general]\nrtpstart = {RTP.start}\nrtpend = {RTP.stop - 1}\n",
        "transport.conf": f"[udp]\ntype = transport\nprotocol = udp\nbind = 127.0.0.1:{port}\n",
        "websocket_client.conf": _WEBSOCKET.format(its=service),
        "site.conf": _SITE.format(its=service, platform=PLATFORM, agent=AGENT, queue=QUEUE),
    }
    for name, text in settings.items():
        (folder / name).write_text(text)
    for name in _ASKED_FOR.split():
        (folder / f"{name}.conf").touch()


_SITE: Final = """
[globals]
KEY = {its.key}
HTTP = 127.0.0.1:{its.port}
AUDIOSOCKET = 127.0.0.1:{its.audiosocket}
FASTAGI = 127.0.0.1:{its.fastagi}
PLATFORM = {platform}
AGENT = {agent}
QUEUE = {queue}
"""
_WEBSOCKET: Final = """
[rating]
type = websocket_client
connection_type = per_call_config
uri = ws://127.0.0.1:{its.port}/ivr/media
protocols = media
username = switch
password = {its.key}
connection_timeout = 5000
"""
_ASKED_FOR: Final = """
    acl ccss cdr cel chan_websocket codecs dnsmgr features http indications pjproject stasis udptl
"""
