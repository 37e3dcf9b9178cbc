"""A caller's side of a call as RTP packets in a pcap file, for SIPp to play: A-law every 20 ms,
keys by RFC 4733."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from ivr.line import FRAME
from ivr.media.codecs import Codec
from tests.e2e.telephone.scripts import WHY, Does, Script

STEP: Final = 0.02
EVENT: Final = 101
"""The payload type of keys, as the scenario's SDP says."""
_ALAW: Final = 8
_KEYS: Final = "0123456789*#ABCD"
_PRESSED: Final = 6
"""Packets of a key that is held: 120 ms."""
_VOICED: Final = 500
"""Peak of a frame that somebody speaks in."""
_SAMPLES: Final = FRAME // 2


@dataclass(frozen=True, slots=True)
class Tape:
    """`answers`: sequence numbers of the last packet with voice of each that is said, but for the
    reason."""

    pcap: bytes
    answers: tuple[int, ...]


def recorded(script: Script, sounds: Mapping[str, bytes], seconds: float) -> Tape:
    """`sounds`: PCM of the recordings. On a line, silence is a little noise."""
    places = {round(each.at / STEP): each for each in script.does}
    packets: list[bytes] = []
    answers: list[int] = []
    noise = _noise()
    while len(packets) < seconds / STEP:
        place = len(packets)
        does = places.get(place)
        if does is None:
            packets.append(_packet(place, _ALAW, place, next(noise)))
        elif does.speaks:
            frames = _frames(sounds[does.what])
            packets += [_packet(place + n, _ALAW, place + n, each) for n, each in enumerate(frames)]
            if does.what != WHY:
                answers.append(place + _last_voiced(frames))
        else:
            packets += _key(place, does)
    return Tape(_pcap(packets), tuple(answers))


def _noise() -> Iterator[bytes]:
    dice = Random(1)  # noqa: S311 - repeatable
    codec = Codec("alaw")
    while True:
        samples = [dice.randint(-24, 24) for _ in range(_SAMPLES)]
        yield codec.encoded(struct.pack(f"<{_SAMPLES}h", *samples))


def _frames(pcm: bytes) -> list[bytes]:
    codec = Codec("alaw")
    starts = range(0, len(pcm), FRAME)
    return [codec.encoded(pcm[at : at + FRAME].ljust(FRAME, b"\0")) for at in starts]


def _last_voiced(frames: Sequence[bytes]) -> int:
    codec = Codec("alaw")
    peaks = [max(map(abs, struct.unpack(f"<{_SAMPLES}h", codec.decoded(each)))) for each in frames]
    return max(n for n, peak in enumerate(peaks) if peak > _VOICED)


def _key(place: int, does: Does) -> Iterator[bytes]:
    """One timestamp for all of its packets; the end is told three times."""
    event = _KEYS.index(does.what)
    for n in range(_PRESSED):
        end = n >= _PRESSED - 3
        held = min(n + 1, _PRESSED - 2) * _SAMPLES
        volume = 10 | (0x80 if end else 0)
        yield _packet(
            place + n, EVENT, place, struct.pack(">BBH", event, volume, held), marked=n == 0
        )


def _packet(
    number: int,
    kind: int,
    step: int,
    payload: bytes,
    *,
    marked: bool = False,
) -> bytes:
    marker = 0x80 if marked else 0
    header = struct.pack(">BBHII", 0x80, marker | kind, number, step * _SAMPLES, 0x484350)
    return header + payload


def _pcap(packets: Sequence[bytes]) -> bytes:
    """Of Ethernet, IPv4 and UDP SIPp reads the ports and no more."""
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)]
    for n, rtp in enumerate(packets):
        udp = struct.pack(">HHHH", 6000, 6000, 8 + len(rtp), 0) + rtp
        ip = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, 0x7F000001, 0)
        frame = bytes(12) + b"\x08\x00" + ip + udp
        millionths = round(n * STEP * 1_000_000)
        when = divmod(millionths, 1_000_000)
        out.append(struct.pack("<IIII", *when, len(frame), len(frame)) + frame)
    return b"".join(out)
