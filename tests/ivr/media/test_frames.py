"""AudioSocket's frames out of any stream (ivr/media/frames.py)."""

from __future__ import annotations

import struct
from contextlib import suppress
from itertools import chain, pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.line import Key
from ivr.media import frames
from ivr.media.frames import Audio, Failure, Frame, FrameFault, Frames, HangUp, Id

RATES = (8000, 12000, 16000, 24000, 32000, 44100, 48000, 96000, 192000)


def wire(kind: int, payload: bytes = b"") -> bytes:
    return struct.pack(">BH", kind, len(payload)) + payload


payloads = st.binary(max_size=700)
written = st.one_of(
    st.just((wire(0x00), HangUp())),
    st.uuids().map(lambda call: (wire(0x01, call.bytes), Id(call))),
    st.sampled_from("0123456789*#ABCD").map(lambda name: (wire(0x03, name.encode()), Key(name))),
    st.tuples(st.integers(0, 8), payloads).map(
        lambda each: (wire(0x10 + each[0], each[1]), Audio(RATES[each[0]], each[1]))
    ),
    payloads.map(lambda code: (wire(0xFF, code), Failure(code))),
    st.tuples(st.sampled_from((0x02, 0x04, 0x0F, 0x19, 0x80, 0xFE)), payloads).map(
        lambda each: (wire(*each), None)
    ),
)


def pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[start:end] for start, end in pairwise(edges)]


def read(*stream: bytes) -> list[Frame]:
    parser = Frames()
    return [frame for piece in stream for frame in parser.feed(piece)]


@settings(max_examples=150, deadline=None)
@given(st.lists(written, max_size=8), st.lists(st.integers(0), max_size=12))
def test_a_stream_may_be_cut_anywhere(
    each: list[tuple[bytes, Frame | None]], cuts: list[int]
) -> None:
    stream = b"".join(sent for sent, _ in each)

    assert read(*pieces(stream, cuts)) == [meant for _, meant in each if meant is not None]


def test_a_byte_at_a_time() -> None:
    call = uuid4()
    stream = wire(0x01, call.bytes) + wire(0x10, bytes(314)) + wire(0x03, b"5") + wire(0x00)

    assert read(*(bytes((byte,)) for byte in stream)) == [
        Id(call),
        Audio(8000, bytes(314)),
        Key("5"),
        HangUp(),
    ]


@pytest.mark.parametrize("size", [0, 1, 160, 314, 320, 480, 640, 65535])
def test_audio_is_of_any_size(size: int) -> None:
    assert read(wire(0x10, b"x" * size)) == [Audio(8000, b"x" * size)]


@pytest.mark.parametrize(
    "stream", [wire(0x01, bytes(15)), wire(0x01), wire(0x03), wire(0x03, b"12")]
)
def test_what_cannot_be_is_a_fault(stream: bytes) -> None:
    parser = Frames()
    before = parser.feed(wire(0x03, b"1") + stream)

    assert next(before) == Key("1")
    with pytest.raises(FrameFault):
        next(before)


@pytest.mark.parametrize("name", [b"!", b"a", b"\0", b"\xff", b"E"])
def test_keys_that_are_none_are_passed_over(name: bytes) -> None:
    assert read(wire(0x03, name) + wire(0x03, b"#")) == [Key("#")]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000), st.lists(st.integers(0), max_size=5))
def test_of_random_bytes_every_cut_makes_the_same(stream: bytes, cuts: list[int]) -> None:
    def attempt(*parts: bytes) -> list[Frame]:
        parser, made = Frames(), []
        with suppress(FrameFault):
            for frame in chain.from_iterable(map(parser.feed, parts)):
                made.append(frame)  # noqa: PERF402 - those before a fault count
        return made

    assert attempt(*pieces(stream, cuts)) == attempt(stream)


def test_what_is_written_is_read() -> None:
    call = UUID("40325ec2-5efd-4bd3-805f-53576e581d13")

    assert frames.identity(call) == b"\x01\x00\x10" + call.bytes
    assert frames.key("#") == b"\x03\x00\x01#"
    assert frames.audio(b"\x01\x02") == b"\x10\x00\x02\x01\x02"
    assert frames.HANG_UP == b"\x00\x00\x00"
