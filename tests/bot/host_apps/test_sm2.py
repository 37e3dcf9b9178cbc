"""SM2 against the standard, against OpenSSL, and against signatures that nobody could have made."""

from __future__ import annotations

from itertools import product

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.host_apps.sm2 import holds
from tests.bot.host_apps.platform import PRIVATE, PUBLIC, USER_ID, N, digest, raw, sm2_signature

KEY = "04" + raw(*PUBLIC).hex()
# GB/T 32918.5-2017 (GM/T 0003.5-2012), annex A.
MESSAGE = b"message digest"
R = 0xF5A03B06_48D2C463_0EEAC513_E1BB81A1_5944DA38_27D5B741_43AC7EAC_EEE720B3
S = 0xB1B6AA29_DF212FD8_763182BC_0D421CA1_BB9038FD_1F7F42D4_840B69C4_85BBC1AA


def test_the_standard_s_signature() -> None:
    assert holds(KEY, USER_ID, MESSAGE, raw(R, S))
    assert holds(KEY, USER_ID, MESSAGE, encode_dss_signature(R, S))
    assert sm2_signature(MESSAGE) == (R, S)


# openssl dgst -sm3 -sign key.pem -sigopt distid:… (3.0)
OPENSSL = (
    "304502210095547cd76dbe6330c62cb66e0568a96b4b30c260dc625c54ee722b3c072c5"
    "4f4022033c333ad748e93123fe619858521e2754c5c5be40552899abd356686e891571b"
)
OPENSSL_WITH_ID = (
    "3046022100d2fb3e0671ee66de32f014a8428b193544654f985151e9a6f4d3f7b9234d94"
    "b7022100b66e53b48c8442b3a004de428ea7e61a8017463fb49cd74eb55eb236b35e6364"
)
# crypto.sign("sm3", …), Node 20
NODE = (
    "304402201b1c3f7655654850dd9ac1d503ac0d6f9598b070b42089e8fd26c8866d17b7"
    "7602202f48774b87ba31327e8aa482360790aef0aebcee7403a541114cf1775fc68338"
)


@pytest.mark.parametrize(
    ("user_id", "signature"),
    [(USER_ID, OPENSSL), ("yueshengshi@gd", OPENSSL_WITH_ID), ("", NODE)],
)
def test_others_signatures(user_id: str, signature: str) -> None:
    assert holds(KEY, user_id, MESSAGE, bytes.fromhex(signature))
    assert not holds(KEY, f"{user_id}0", MESSAGE, bytes.fromhex(signature))
    assert not holds(KEY, user_id, MESSAGE[::-1], bytes.fromhex(signature))


OUTSIDE = (0, N, N + 1, 2**256 - 1)


@pytest.mark.parametrize(
    ("r", "s"),
    [
        *product((R, *OUTSIDE), (S, *OUTSIDE)),
        (R, N - S),
        (N - R, S),
        (S, R),
        (R, N - R),
    ][1:],
)
def test_numbers_that_are_no_signature(r: int, s: int) -> None:
    assert not holds(KEY, USER_ID, MESSAGE, raw(r, s))
    assert not holds(KEY, USER_ID, MESSAGE, encode_dss_signature(r, s))


@pytest.mark.parametrize("ahead", [N, 2**256, 2**4000])
def test_the_same_remainder_is_not_the_same_signature(ahead: int) -> None:
    assert not holds(KEY, USER_ID, MESSAGE, encode_dss_signature(R + ahead, S))
    assert not holds(KEY, USER_ID, MESSAGE, encode_dss_signature(R, S + ahead))


def test_a_signature_that_leads_to_the_point_at_infinity() -> None:
    """sG + (r+s)P = O, and r = e: it would hold if the infinite point had x = 0."""
    r = digest(MESSAGE) % N
    s = -r * PRIVATE * pow(1 + PRIVATE, -1, N) % N
    assert (s + (r + s) * PRIVATE) % N == 0
    assert not holds(KEY, USER_ID, MESSAGE, raw(r, s))


def test_other_spellings() -> None:
    der = encode_dss_signature(R, S)
    longer = bytes([0x30, 0x81, der[1]]) + der[2:]
    padded = bytes([0x30, der[1] + 1, 0x02, 0x22, 0]) + der[4:]
    negative = bytes([0x30, der[1] - 1, 0x02, 0x20]) + der[5:]
    for signature in (b"", b"\0" * 64, raw(R, S) + b"\0", raw(R, S)[1:], der + b"\0", der[:-1]):
        assert not holds(KEY, USER_ID, MESSAGE, signature)
    for signature in (longer, padded, negative):
        assert not holds(KEY, USER_ID, MESSAGE, signature)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, N - 1), st.binary(max_size=200), st.sampled_from([USER_ID, "", "~" * 64]))
def test_whatever_is_signed_holds(random: int, message: bytes, user_id: str) -> None:
    signature = sm2_signature(message, user_id, random)
    assert holds(KEY, user_id, message, raw(*signature))
    assert holds(KEY, user_id, message, encode_dss_signature(*signature))
    assert not holds(KEY, user_id, message + b"\0", raw(*signature))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=100))
def test_what_nobody_signed_does_not(signature: bytes) -> None:
    assert not holds(KEY, USER_ID, MESSAGE, signature)
