"""SIPp's callers: one process a script, so many at once, through all ways in turn."""

from __future__ import annotations

import asyncio
import os
import shutil
from asyncio.subprocess import DEVNULL
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from tests.e2e.telephone.scripts import Script
from tests.e2e.telephone.switch import WAYS
from tests.e2e.telephone.tape import EVENT, Tape

MEDIA: Final = range(24000, 64000, 2100)
"""Each script's ports. SIPp takes every fourth, one a call."""
PORTS: Final = 4
LEFT: Final = 20
"""Seconds that we may take to hang up, beyond what the script lasts."""


@dataclass(frozen=True, slots=True)
class Call:
    number: str
    way: str
    phone: str


@dataclass(frozen=True)
class Callers:
    """`at_once`: of `calls`, in their order."""

    script: Script
    tape: Tape
    media: int
    at_once: int
    calls: tuple[Call, ...]

    async def call(self, folder: Path, sip: int) -> list[str]:
        """What went wrong, in words."""
        name = self.script.name
        (folder / f"{name}.pcap").write_bytes(self.tape.pcap)
        (folder / f"{name}.xml").write_text(self._scenario(folder))
        rows = "".join(f"{each.way};{each.number};{each.phone}\n" for each in self.calls)
        (folder / f"{name}.csv").write_text(f"SEQUENTIAL\n{rows}")
        process = await asyncio.create_subprocess_exec(
            *("sipp", f"127.0.0.1:{sip}", "-i", "127.0.0.1", "-mp", str(self.media)),
            *("-sf", str(folder / f"{name}.xml"), "-inf", str(folder / f"{name}.csv")),
            *("-m", str(len(self.calls)), "-l", str(self.at_once), "-r", str(self.at_once)),
            *("-rp", "3000", "-nostdin", "-trace_err", "-error_file", str(folder / f"{name}.err")),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            env={**os.environ, "TERM": "dumb"},
        )
        try:
            failed = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
        if not failed:
            return []
        errors = folder / f"{name}.err"
        said = errors.read_text(errors="replace") if errors.exists() else ""
        return [f"{name}: sipp ends with {failed}: {said[:500]}"]

    def _scenario(self, folder: Path) -> str:
        script = self.script
        play = f'<nop><action><exec play_pcap_audio="{folder}/{script.name}.pcap"/></action></nop>'
        if script.leaves:
            ending = f'<pause milliseconds="{round(script.lasts * 1000)}"/>{_BYE}'
        else:
            patience = round((script.lasts + LEFT) * 1000)
            ending = f'<recv request="BYE" timeout="{patience}"/>{_OK}'
        return f"{_CALL}{'' if script.silent else play}{ending}</scenario>"


def calls_of(script: Script, first: int, count: int) -> tuple[Call, ...]:
    """`first`: of callers' telephones, of which each has their own."""
    ways = islice(cycle(WAYS), count)
    return tuple(
        Call(f"{script.name}-{n}", way, f"139{first + n:08}") for n, way in enumerate(ways)
    )


def installed() -> bool:
    """With what it takes to play a tape: raw sockets."""
    return shutil.which("sipp") is not None and os.geteuid() == 0


_HEADERS: Final = """
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "[field1]" <sip:[field2]@[local_ip]:[local_port]>;tag=[call_number]
Call-ID: [call_id]
Contact: sip:[field2]@[local_ip]:[local_port]
Max-Forwards: 70
"""
_ANSWERED: Final = "To: <sip:[field0]@[remote_ip]>[peer_tag_param]"
_CALL: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:[field0]@[remote_ip]:[remote_port] SIP/2.0{_HEADERS}To: <sip:[field0]@[remote_ip]>
CSeq: 1 INVITE
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8 {EVENT}
a=rtpmap:8 PCMA/8000
a=rtpmap:{EVENT} telephone-event/8000
a=fmtp:{EVENT} 0-15
]]></send>
<recv response="100" optional="true"/>
<recv response="200" timeout="10000"/>
<send><![CDATA[
ACK sip:[field0]@[remote_ip]:[remote_port] SIP/2.0{_HEADERS}{_ANSWERED}
CSeq: 1 ACK
Content-Length: 0

]]></send>
"""
_BYE: Final = f"""
<send retrans="500"><![CDATA[
BYE sip:[field0]@[remote_ip]:[remote_port] SIP/2.0{_HEADERS}{_ANSWERED}
CSeq: 2 BYE
Content-Length: 0

]]></send>
<recv response="200"/>
"""
_OK: Final = """
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""
