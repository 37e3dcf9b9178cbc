"""Vectors of the documentation (bot/feishu/signing.py)."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feishu.signing import decrypted, robot_signature, signature
from tests.bot.feishu import theirs

EXAMPLE = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="


def test_the_documented_cipher() -> None:
    assert decrypted("test key", EXAMPLE) == b"hello world"


@given(st.binary(max_size=200), st.text(min_size=1, max_size=40))
def test_what_is_encrypted_is_read(plain: bytes, key: str) -> None:
    key = key.encode(errors="ignore").decode() or "key"
    assert decrypted(key, theirs.encrypted(plain, key)) == plain


@pytest.mark.parametrize(
    "text",
    ["", "A", "====", "汉字", EXAMPLE[:-4], EXAMPLE[:20], base64.b64encode(bytes(16)).decode()],
)
def test_what_is_no_cipher_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whoever opens it knows nothing more
        decrypted("test key", text)


def test_with_another_key_it_is_not_that() -> None:
    try:
        opened = decrypted("another key", EXAMPLE)
    except ValueError:
        return
    assert opened != b"hello world"


def test_a_push_is_signed_as_documented() -> None:
    body = b'{"encrypt":"x"}'
    by_hand = hashlib.sha256(b"1628752612" + b"173456721" + b"test key" + body).hexdigest()
    assert signature("1628752612", "173456721", "test key", body) == by_hand


def test_a_robot_signs_an_empty_message() -> None:
    """openssl dgst -sha256 -hmac $'1599360473\\nsecret' -binary </dev/null | base64"""
    assert robot_signature("secret", "1599360473") == "q4jswNiMy51J5JuQV566yJat0/lQ/c+22kINzUgKsGU="
