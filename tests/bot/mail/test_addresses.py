from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.addresses import address, without_addresses
from models.texts import WHY_LENGTH


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 <wang@example.com> unknown", "550 <…> unknown"),
        ("user WANG does not exist", "user … does not exist"),
        ("swang and wangs are others", "swang and wangs are others"),
        ("wang=40example.com, wang%40example.com", "… …"),
        ("see https://mx.example/?to=wang@example.com", "see …"),
        ("call 138 0013 8000 now", "call … now"),
        ("two\r\nlines\x00", "two lines"),
    ],
)
def test_what_a_server_said_names_nobody(said: str, kept: str) -> None:
    assert without_addresses(said, "wang@example.com") == kept


@given(st.text(max_size=2000), st.text(max_size=80))
def test_it_fits_and_holds_no_address(said: str, to: str) -> None:
    line = without_addresses(said, to)
    assert len(line) <= WHY_LENGTH
    assert "@" not in line
    assert "\n" not in line


@given(st.text(max_size=60))
def test_an_address_is_one_or_none(text: str) -> None:
    try:
        found = address(text)
    except ValueError:
        return
    assert found.addr_spec.count("@") == 1
    assert found.addr_spec.isprintable()
    assert found.domain.isascii()
