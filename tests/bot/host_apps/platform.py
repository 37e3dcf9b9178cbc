"""A host app's server: SM2 as GB/T 32918.2 writes it down, in plain numbers and without the library
under test."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any

from models.calendar.beijing import BEIJING
from models.sm3 import hmac_sm3, sm3

NOW = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
SECRET = "an-example-secret-of-40-characters-00000"  # noqa: S105

# GB/T 32918.5: the curve, and the key pair of its annex A.
P = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF
A = P - 3
B = 0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93
N = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
G = (
    0x32C4AE2C_1F198119_5F990446_6A39C994_8FE30BBF_F2660BE1_715A4589_334C74C7,
    0xBC3736A2_F4F6779C_59BDCEE3_6B692153_D0A9877C_C62A4740_02DF32E5_2139F0A0,
)
PRIVATE = 0x3945208F_7B2144B1_3F36E38A_C6D39F95_88939369_2860B51A_42FB81EF_4DF7C5B8
PUBLIC = (
    0x09F9DF31_1E5421A1_50DD7D16_1E4BC5C6_72179FAD_1833FC07_6BB08FF3_56F35020,
    0xCCEA490C_E26775A5_2DC6EA71_8CC1AA60_0AED05FB_F35E084A_6632F607_2DA9AD13,
)
RANDOM = 0x59276E27_D506861A_16680F3A_D9C02DCC_EF3CC1FA_3CDBE4CE_6D54B80D_EAC1BC21
USER_ID = "1234567812345678"

Point = tuple[int, int]


def sum_of(one: Point, other: Point) -> Point:
    """Of two points that are not each other's opposite."""
    if one == other:
        slope = (3 * one[0] ** 2 + A) * pow(2 * one[1], -1, P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P)
    x = (slope**2 - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def times(factor: int, point: Point) -> Point:
    result = point
    for digit in f"{factor:b}"[1:]:
        result = sum_of(result, result)
        if digit == "1":
            result = sum_of(result, point)
    return result


def digest(message: bytes, user_id: str = USER_ID) -> int:
    name = user_id.encode()
    parts = b"".join(number.to_bytes(32, "big") for number in (A, B, *G, *PUBLIC))
    za = sm3((8 * len(name)).to_bytes(2, "big") + name + parts)
    return int.from_bytes(sm3(za + message), "big")


def sm2_signature(message: bytes, user_id: str = USER_ID, random: int = RANDOM) -> tuple[int, int]:
    r = (digest(message, user_id) + times(random, G)[0]) % N
    s = pow(1 + PRIVATE, -1, N) * (random - r * PRIVATE) % N
    return r, s


def raw(r: int, s: int) -> bytes:
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def payload(**changes: Any) -> dict[str, Any]:
    """`...` leaves a field out."""
    fields = {
        "aud": "yueshengshi",
        "sub": "u-1024",
        "iat": int(NOW.timestamp()),
        "nonce": "d1f0c7a86e3b4952",
        "level": 3,
        "name": "陈晓明",
        "phone": "13800138000",
        "identity": "11010519491231002x",
    }
    return {name: value for name, value in (fields | changes).items() if value is not ...}


def content(**changes: Any) -> bytes:
    return json.dumps(payload(**changes), ensure_ascii=False).encode()


def by_hmac(content: bytes, secret: str = SECRET) -> str:
    first = encoded(content)
    return f"{first}.{encoded(hmac_sm3(secret.encode(), first.encode()))}"


def by_sm2(content: bytes, user_id: str = USER_ID) -> str:
    first = encoded(content)
    return f"{first}.{encoded(raw(*sm2_signature(first.encode(), user_id)))}"
