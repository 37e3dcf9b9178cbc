"""What callers hear, by the clock of the machine: every RTP packet, recorded by tcpdump, and which
prompt it is a piece of."""

from __future__ import annotations

import asyncio
import shutil
import struct
from asyncio.subprocess import DEVNULL, PIPE
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

from ivr.line import FRAME
from ivr.media.codecs import Codec
from ivr.prompts import Language, Prompt, Prompts
from ivr.prompts.texts import SPOKEN
from tests.e2e.telephone.switch import RTP
from tests.e2e.telephone.tape import EVENT, STEP

LATE: Final = 0.06
"""Seconds without a packet that are heard."""
_ETHERNET: Final = 14
_IP: Final = 20
_UDP: Final = 8
_RTP: Final = 12
_TOGETHER: Final = 50
"""Frames, a second's, that may be missing within a prompt that is still the same one."""


def installed() -> bool:
    return shutil.which("tcpdump") is not None


@asynccontextmanager
async def recording(file: Path) -> AsyncIterator[None]:
    """Of all RTP. Needs the rights for it."""
    ports = f"udp and portrange {RTP.start}-{RTP.stop - 1}"
    process = await asyncio.create_subprocess_exec(
        *("tcpdump", "-i", "lo", "-Z", "root", "-B", "32768", "-w", str(file), *ports.split()),
        stdout=DEVNULL,
        stderr=PIPE,
    )
    assert process.stderr is not None
    await process.stderr.readline()
    try:
        yield
    finally:
        process.terminate()
        await process.communicate()


@dataclass(slots=True)
class Packet:
    """`payload`: of what is heard."""

    at: float
    number: int
    payload: bytes


@dataclass
class Ear:
    """At one caller's telephone."""

    sent: list[Packet] = field(default_factory=list)
    heard: list[Packet] = field(default_factory=list)


def ears(file: Path) -> Mapping[int, Ear]:
    """By the caller's port. Keys are left out."""
    found: defaultdict[int, Ear] = defaultdict(Ear)
    payloads: dict[bytes, bytes] = {}
    with file.open("rb") as pcap:
        pcap.read(24)
        while len(header := pcap.read(16)) == 16:
            seconds, millionths, size, _ = struct.unpack("<IIII", header)
            packet = pcap.read(size)
            rtp = packet[_ETHERNET + _IP + _UDP :]
            source, target = struct.unpack_from(">HH", packet, _ETHERNET + _IP)
            if len(rtp) <= _RTP or rtp[1] & 0x7F == EVENT:
                continue
            at, number = seconds + millionths / 1e6, int.from_bytes(rtp[2:4], "big")
            if target in RTP:
                found[source].sent.append(Packet(at, number, b""))
            else:
                payload = rtp[_RTP:]
                payload = payloads.setdefault(payload, payload)
                found[target].heard.append(Packet(at, number, payload))
    return found


def stalls(found: Iterable[Ear]) -> list[tuple[float, float]]:
    """When the machine stood still: the callers' own packets came late, too."""
    return [
        (before.at, after.at)
        for ear in found
        for before, after in pairwise(ear.sent)
        if after.number == before.number + 1 and after.at - before.at > LATE
    ]


@dataclass
class Played:
    """`began`: of the prompt, though its first frames be lost; `last`: frame of it that was heard;
    `gap`: the longest time without a packet while it played, up to `gap_at`; `missing`: frames of
    it that never came."""

    prompt: Prompt
    began: float
    last: int
    gap: float = 0.0
    gap_at: float = 0.0
    missing: int = 0


class Book:
    """Which prompt a frame belongs to, and where in it. Those of silence, and what two prompts have
    in common, tell nothing."""

    def __init__(self, prompts: Prompts) -> None:
        self._places: dict[bytes, tuple[Prompt, int] | None] = {}
        codec = Codec("alaw")
        for prompt in SPOKEN:
            pcm = prompts.pcm(Language.MANDARIN, prompt)
            # A prompt behind another one may begin in the middle of a frame.
            for offset in (0, FRAME // 2):
                for place, at in enumerate(range(offset, len(pcm) - FRAME + 1, FRAME)):
                    frame = codec.encoded(pcm[at : at + FRAME])
                    known = self._places.setdefault(frame, (prompt, place))
                    if known != (prompt, place):
                        self._places[frame] = None

    def played(self, packets: Sequence[Packet]) -> list[Played]:
        """In order."""
        return list(self._played(packets))

    def _played(self, packets: Sequence[Packet]) -> Iterator[Played]:
        now: Played | None = None
        before = 0.0
        gap, gap_at = 0.0, 0.0
        between = 0
        for packet in packets:
            if packet.at - before > gap:
                gap, gap_at = packet.at - before, packet.at
            before = packet.at
            between += 1
            place = self._places.get(packet.payload)
            if place is None:
                continue
            prompt, frame = place
            if now is not None and now.prompt is prompt and 0 < frame - now.last <= _TOGETHER:
                if gap > now.gap:
                    now.gap, now.gap_at = gap, gap_at
                now.missing += max(0, frame - now.last - between)
                now.last = frame
            else:
                if now is not None:
                    yield now
                now = Played(prompt, packet.at - frame * STEP, frame)
            gap, between = 0.0, 0
        if now is not None:
            yield now


def decided(ear: Ear, spoken: int, played: Sequence[Played]) -> float | None:
    """Seconds from the last packet with voice, of this number, to the next prompt."""
    ended = next((each.at for each in ear.sent if each.number == spoken), None)
    if ended is None:
        return None
    return next((each.began - ended for each in played if each.began > ended), None)
