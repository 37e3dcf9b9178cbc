"""The smallest files of each kind: pictures and recordings, and others in their clothes."""

from __future__ import annotations

import io
import struct
import wave
import zlib


def _png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixel = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + pixel + chunk(b"IEND", b"")


def _wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 80)
    return out.getvalue()


_OGG_PAGE = b"OggS\0\x02" + bytes(20)
PNG, WAV = _png(), _wav()
FILES = {
    "image/png": PNG,
    "image/jpeg": bytes.fromhex("ffd8ffe000104a46494600010101006000600000ffd9"),
    "audio/wav": WAV,
    "audio/mpeg": b"ID3\x04" + bytes(6) + bytes.fromhex("fffb9064") + bytes(413),
    "audio/amr": b"#!AMR\n\x3c" + bytes(31),
    "audio/mp4": b"\0\0\0\x1cftypM4A \0\0\x02\0M4A isomiso2",
    "audio/ogg": _OGG_PAGE + b"\x01\x13OpusHead\x01\x01" + bytes(16),
}
OTHERS = {
    "gif": b"GIF89a" + bytes(20),
    "webp": b"RIFF\x1a\0\0\0WEBPVP8L" + bytes(20),
    "avi": b"RIFF\x1a\0\0\0AVI LIST" + bytes(20),
    "pdf": b"%PDF-1.7\n",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "html": b"<html><script>alert(1)</script>",
    "exe": b"MZ" + bytes(100),
    "zip": b"PK\x03\x04" + bytes(30),
    "mp4": b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2mp41",
    "text": "我不满意".encode(),
    "late png": b"\n" + PNG,
    "cut": PNG[:3],
}
