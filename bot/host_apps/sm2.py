"""SM2 signatures over SM3 (GB/T 32918.2 on the curve of GB/T 32918.5), checked by gmalg."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from gmalg.ellipticcurve import ECDLP
from gmalg.sm2 import SM2Core
from gmalg.sm3 import SM3

_CURVE: Final = ECDLP(
    p=0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF,
    a=0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFC,
    b=0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93,
    G=(
        0x32C4AE2C_1F198119_5F990446_6A39C994_8FE30BBF_F2660BE1_715A4589_334C74C7,
        0xBC3736A2_F4F6779C_59BDCEE3_6B692153_D0A9877C_C62A4740_02DF32E5_2139F0A0,
    ),
    n=0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123,
)
_PEM: Final = re.compile(r"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----")
_INFO: Final = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
"""All of a SubjectPublicKeyInfo (GM/T 0010: id-ecPublicKey, 1.2.156.10197.1.301) but its point.
cryptography reads none of this curve."""
_HALF: Final = 32


def public_key(text: str) -> str:
    """The uncompressed point, in 130 hex digits beginning with 04. Raises ValueError."""
    point = _point(text.strip())
    if len(point) == 2 * _HALF:
        point = b"\x04" + point
    if len(point) != 1 + 2 * _HALF or point[0] != 4:
        raise ValueError("SM2公钥应为04开头的130位十六进制数、不带04的128位，或PEM格式的公钥")
    if not _core().verify_pk(_numbers(point[1:])):
        raise ValueError("SM2公钥不是曲线上的点，请核对是否抄写完整")
    return point.hex()


def holds(key: str, user_id: str, message: bytes, signature: bytes) -> bool:
    """Whether it is the signature of the owner of `key`: r and s, 32 bytes each, or in DER."""
    try:
        raw = len(signature) == 2 * _HALF
        r, s = _numbers(signature) if raw else decode_dss_signature(signature)
    except ValueError:
        return False
    point = _numbers(bytes.fromhex(key)[1:])
    return bool(_core().verify(message, r, s, user_id.encode(), point))


def _core() -> SM2Core:
    """A new one each time: it holds the state of its hash, and callers may use threads. Unlike
    gmalg.SM2 it takes an empty user id."""
    return SM2Core(_CURVE, SM3())


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


def _numbers(pair: bytes) -> tuple[int, int]:
    return int.from_bytes(pair[:_HALF], "big"), int.from_bytes(pair[_HALF:], "big")
