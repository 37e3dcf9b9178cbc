"""AudioSocket's frames, as Asterisk writes and reads them: one byte of kind, two of length
(big-endian), payload. https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final
from uuid import UUID

from ivr.line import Key

KEYS: Final = frozenset("0123456789*#ABCD")


class Kind(IntEnum):
    HANG_UP = 0x00
    ID = 0x01
    KEY = 0x03
    AUDIO = 0x10
    """Linear PCM, 16 bits, little-endian, mono, at 8 kHz; the kinds after it differ in rate."""
    FAILURE = 0xFF


RATES: Final = {
    Kind.AUDIO: 8_000,
    0x11: 12_000,
    0x12: 16_000,
    0x13: 24_000,
    0x14: 32_000,
    0x15: 44_100,
    0x16: 48_000,
    0x17: 96_000,
    0x18: 192_000,
}
"""Samples a second, by kind."""


@dataclass(frozen=True, slots=True)
class Id:
    """Whose call it is. Comes first."""

    id: UUID


@dataclass(frozen=True, slots=True)
class Audio:
    """`pcm`: any number of bytes; a sample may be cut in two by the end of a frame."""

    rate: int
    pcm: bytes


@dataclass(frozen=True, slots=True)
class HangUp:
    pass


@dataclass(frozen=True, slots=True)
class Failure:
    """The other side gives up. `code`: whatever it says about it, often nothing."""

    code: bytes


Frame = Id | Audio | Key | HangUp | Failure


class FrameFault(Exception):
    """The other side does not speak AudioSocket."""

    def __init__(self, kind: Kind, length: int) -> None:
        super().__init__(f"{kind.name} with {length} bytes")


class Frames:
    """Out of a stream that is cut anywhere. Holds one unfinished frame, 64 kB at most."""

    def __init__(self) -> None:
        self._unread = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Those that `data` completes, to be taken to the end. Kinds, and keys, that are not known
        are passed over: later versions may send more. Raises FrameFault, and then whatever follows
        makes no sense either."""
        self._unread += data
        while len(self._unread) >= _HEADER:
            end = _HEADER + int.from_bytes(self._unread[1:_HEADER], "big")
            if len(self._unread) < end:
                return
            kind, payload = self._unread[0], bytes(self._unread[_HEADER:end])
            del self._unread[:end]
            frame = _frame(kind, payload)
            if frame is not None:
                yield frame


def audio(pcm: bytes) -> bytes:
    """`pcm`: at 8 kHz, 65,535 bytes at most."""
    return _written(Kind.AUDIO, pcm)


def identity(call: UUID) -> bytes:
    return _written(Kind.ID, call.bytes)


def key(name: str) -> bytes:
    """`name`: one of KEYS."""
    return _written(Kind.KEY, name.encode("ascii"))


_HEADER: Final = 3


def _frame(kind: int, payload: bytes) -> Frame | None:
    """Raises FrameFault."""
    if kind in RATES:
        return Audio(RATES[kind], payload)
    match kind:
        case Kind.HANG_UP:
            return HangUp()
        case Kind.ID if len(payload) == 16:
            return Id(UUID(bytes=payload))
        case Kind.KEY if len(payload) == 1:
            name = chr(payload[0])
            return Key(name) if name in KEYS else None
        case Kind.ID | Kind.KEY:
            raise FrameFault(Kind(kind), len(payload))
        case Kind.FAILURE:
            return Failure(payload)
    return None


def _written(kind: Kind, payload: bytes) -> bytes:
    return bytes((kind,)) + len(payload).to_bytes(2, "big") + payload


HANG_UP: Final = _written(Kind.HANG_UP, b"")
