"""SM2 signatures over SM3 (GB/T 32918.2 on the curve of GB/T 32918.5), checked by gmalg."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from gmalg import SM2

_PEM: Final = re.compile(r"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----")
_INFO: Final = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
"""All of a SubjectPublicKeyInfo (GM/T 0010: id-ecPublicKey, 1.2.156.10197.1.301) but its point.
cryptography reads none of this curve."""
_POINT: Final = 65
_HALF: Final = 32


def public_key(text: str) -> str:
    """The uncompressed point, in 130 hex digits beginning with 04. Raises ValueError."""
    point = _point(text.strip())
    if len(point) == _POINT - 1:
        point = b"\x04" + point
    if len(point) != _POINT or point[0] != 4:
        raise ValueError("SM2公钥应为04开头的130位十六进制数、不带04的128位，或PEM格式的公钥")
    if not SM2().verify_pk(point):
        raise ValueError("SM2公钥不是曲线上的点，请核对是否抄写完整")
    return point.hex()


def holds(key: str, user_id: str, message: bytes, signature: bytes) -> bool:
    """Whether it is the signature of the owner of `key`: r and s, 32 bytes each, or in DER."""
    try:
        r, s = _halves(signature)
    except (ValueError, OverflowError):
        return False
    # A new one each time: they share the state of their hash, and callers may use threads.
    return bool(SM2(uid=user_id.encode(), pk=bytes.fromhex(key)).verify(message, r, s))


def _point(text: str) -> bytes:
    try:
        if not text.startswith("-----"):
            return bytes.fromhex(text)
        found = _PEM.fullmatch(text)
        info = b64decode(found[1]) if found else b""
    except ValueError:
        return b""
    if not info.startswith(_INFO):
        raise ValueError("PEM里的不是SM2公钥（未压缩格式）")
    return info.removeprefix(_INFO)


def _halves(signature: bytes) -> tuple[bytes, bytes]:
    if len(signature) == 2 * _HALF:
        return signature[:_HALF], signature[_HALF:]
    r, s = decode_dss_signature(signature)
    return r.to_bytes(_HALF, "big"), s.to_bytes(_HALF, "big")
