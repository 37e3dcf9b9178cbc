"""Tickets as platforms make them, and as others would like to (bot/host_apps/tickets.py)."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.host_apps.refusals import (
    TicketAltered,
    TicketEarly,
    TicketExpired,
    TicketForElsewhere,
    TicketRefused,
    TicketReplayed,
    TicketUnreadable,
)
from bot.host_apps.tickets import Ticket, read_ticket
from tests.bot.host_apps.conftest import host_app
from tests.bot.host_apps.platform import (
    NOW,
    by_hmac,
    by_sm2,
    content,
    encoded,
    payload,
    sm2_signature,
)

HMAC = host_app("hmac-sm3")
SM2 = host_app("sm2")
SIGN = {"hmac-sm3": by_hmac, "sm2": by_sm2}


def read(ticket: str, now: datetime = NOW, **changes: Any) -> Ticket:
    return read_ticket(host_app("hmac-sm3", **changes), "yueshengshi", ticket, now)


def test_who_it_is(algorithm: str) -> None:
    ticket = SIGN[algorithm](content())
    assert read_ticket(host_app(algorithm), "yueshengshi", ticket, NOW) == Ticket(
        subject="u-1024",
        issued_at=NOW,
        expires_at=NOW + timedelta(minutes=5),
        nonce="d1f0c7a86e3b4952",
        level=3,
        name="陈晓明",
        phone="+8613800138000",
        identity="11010519491231002X",
    )


def test_instants_are_in_utc() -> None:
    ticket = read(by_hmac(content()))
    assert ticket.issued_at.tzinfo is ticket.expires_at.tzinfo is UTC


def test_nothing_shows_the_person() -> None:
    shown = repr(read(by_hmac(content())))
    assert "d1f0c7a86e3b4952" in shown
    for personal in ("u-1024", "陈晓明", "13800138000", "11010519491231002"):
        assert personal not in shown


def test_an_sm2_signature_in_der() -> None:
    first = encoded(content())
    proof = encode_dss_signature(*sm2_signature(first.encode()))
    assert read_ticket(SM2, "yueshengshi", f"{first}.{encoded(proof)}", NOW).subject == "u-1024"


# What counts


@pytest.mark.parametrize(
    ("level", "phone", "name", "identity"),
    [
        (0, None, None, None),
        (1, "+8613800138000", None, None),
        (2, "+8613800138000", "陈晓明", "11010519491231002X"),
        (3, "+8613800138000", "陈晓明", "11010519491231002X"),
        (4, "+8613800138000", "陈晓明", "11010519491231002X"),
    ],
)
def test_only_what_was_checked_counts(
    level: int, phone: str | None, name: str | None, identity: str | None
) -> None:
    ticket = read(by_hmac(content(level=level)))
    assert (ticket.level, ticket.phone, ticket.name) == (level, phone, name)
    assert ticket.identity == identity
    assert ticket.real_name == (name is not None)


@pytest.mark.parametrize("needed", [1, 2, 3, 4])
@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
def test_the_level_from_which_a_name_is_real(level: int, needed: int) -> None:
    ticket = read(by_hmac(content(level=level)), real_name_level=needed)
    assert ticket.real_name is (level >= needed)
    assert ticket.name == ("陈晓明" if level >= needed else None)


@pytest.mark.parametrize("nothing", [..., None, "", "  "])
def test_nobody_has_to_tell(nothing: Any) -> None:
    ticket = read(by_hmac(content(name=nothing, phone=nothing, identity=nothing)))
    assert (ticket.name, ticket.phone, ticket.identity) == (None, None, None)
    assert not ticket.real_name


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("phone", "138****8000"),
        ("phone", "12345"),
        ("identity", "1101 0519"),
        ("identity", "1" * 51),
        ("name", "陈\n晓明"),
        ("name", "陈" * 101),
    ],
)
def test_what_counts_has_to_be_fit(field: str, text: str) -> None:
    with pytest.raises(TicketUnreadable) as refusal:
        read(by_hmac(content(**{field: text})))
    assert refusal.value.field == field
    assert read(by_hmac(content(**{field: text}, level=0))).subject == "u-1024"


def test_what_a_platform_adds_for_others() -> None:
    assert read(by_hmac(content(iss="粤省事", exp=1, roles=["citizen"]))).subject == "u-1024"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((field, ...) for field in ("aud", "sub", "iat", "nonce", "level")),
        *((field, None) for field in ("aud", "sub", "iat", "nonce", "level")),
        *((field, 7) for field in ("aud", "sub", "nonce", "name", "phone", "identity")),
        *(("sub", text) for text in ("", "u 1", "用户", "u\n", "u" * 65)),
        *(("nonce", text) for text in ("a" * 15, "a" * 65, "a" * 15 + "!", "a" * 16 + "\n")),
        *(("iat", number) for number in ("1772413200", 1772413200.0, 1772413200000, -1, True)),
        *(("level", number) for number in ("2", 2.0, 5, -1, True)),
    ],
)
def test_fields_of_the_wrong_kind(field: str, value: Any) -> None:
    with pytest.raises(TicketUnreadable) as refusal:
        read(by_hmac(content(**{field: value})))
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [("sub", "!"), ("sub", "~" * 64), ("nonce", "a-_Z" * 4), ("nonce", "0" * 64)],
)
def test_fields_at_their_edges(field: str, value: str) -> None:
    ticket = read(by_hmac(content(**{field: value})))
    assert {"sub": ticket.subject, "nonce": ticket.nonce}[field] == value


@pytest.mark.parametrize(
    "signed",
    [
        b"[]",
        b"null",
        b"{",
        b"{}x",
        b"\xff\xfe",
        b"[" * 2000,
        b'{"aud":"\\ud800"}',
        json.dumps(payload()).encode("utf-16"),
    ],
)
def test_payloads_that_are_none(signed: bytes) -> None:
    with pytest.raises(TicketUnreadable):
        read(by_hmac(signed))


# When


@pytest.mark.parametrize("window", [30, 300, 900])
def test_the_window_to_the_moment(window: int) -> None:
    ticket = by_hmac(content())
    step, moment = timedelta(seconds=window), timedelta(microseconds=1)
    assert read(ticket, NOW + step, window=window).expires_at == NOW + step
    assert read(ticket, NOW - step, window=window).issued_at == NOW
    with pytest.raises(TicketExpired):
        read(ticket, NOW + step + moment, window=window)
    with pytest.raises(TicketEarly):
        read(ticket, NOW - step - moment, window=window)


# Who signed, and for whom


def test_a_ticket_for_another_account(algorithm: str) -> None:
    with pytest.raises(TicketForElsewhere):
        read_ticket(host_app(algorithm), "yueshengshi", SIGN[algorithm](content(aud="city")), NOW)


def test_another_s_signature() -> None:
    with pytest.raises(TicketAltered):
        read(by_hmac(content(), secret="b" * 40))
    with pytest.raises(TicketAltered):
        read_ticket(SM2, "yueshengshi", by_sm2(content(), user_id="1234567812345679"), NOW)


def test_one_algorithm_is_not_another() -> None:
    with pytest.raises(TicketAltered):
        read(by_sm2(content()))
    with pytest.raises(TicketAltered):
        read_ticket(SM2, "yueshengshi", by_hmac(content()), NOW)


def test_the_signature_of_another_ticket(algorithm: str) -> None:
    first, second = SIGN[algorithm](content()), SIGN[algorithm](content(level=4))
    mixed = second.partition(".")[0] + "." + first.partition(".")[2]
    with pytest.raises(TicketAltered):
        read_ticket(host_app(algorithm), "yueshengshi", mixed, NOW)


def test_a_signature_cut_short() -> None:
    first, _, second = by_hmac(content()).partition(".")
    short = urlsafe_b64decode(second + "=")[:16]
    with pytest.raises(TicketAltered):
        read(f"{first}.{encoded(short)}")


ALPHABET = [chr(code) for code in range(128)]


def test_any_other_character_anywhere() -> None:
    ticket = by_hmac(content())
    for place, right in enumerate(ticket):
        for wrong in {chr(ord(right) ^ bit) for bit in (1, 2, 4, 8, 16, 32, 64)} | {"", right * 2}:
            with pytest.raises((TicketUnreadable, TicketAltered)):
                read(ticket[:place] + wrong + ticket[place + 1 :])


SIGNED = by_sm2(content())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SIGNED) - 1), st.sampled_from(ALPHABET))
@example(len(SIGNED) - 1, "x")
@example(len(SIGNED) - 86, "x")
@example(0, "f")
def test_any_other_character_anywhere_of_sm2(place: int, wrong: str) -> None:
    altered = SIGNED[:place] + wrong + SIGNED[place + 1 :]
    if altered != SIGNED:
        with pytest.raises((TicketUnreadable, TicketAltered)):
            read_ticket(SM2, "yueshengshi", altered, NOW)


# How it is written


def test_other_spellings() -> None:
    """None of them may pass for a second ticket."""
    signed = content(name="陈??>>>")
    ticket = by_hmac(signed)
    first, _, second = ticket.partition(".")
    assert set(ticket) & set("-_")
    loose = second[:-1] + chr(ord(second[-1]) + 1)
    assert urlsafe_b64decode(loose + "=") == urlsafe_b64decode(second + "=")
    for spelling in (
        f"{first}.{loose}",
        f"{first}.{second}=",
        f"{first}=.{second}",
        f" {ticket}",
        f"{ticket}\n",
        f"{first}.{second}.",
        f".{ticket}",
        f"{first}.\n{second}",
        ticket.replace("-", "+").replace("_", "/"),
        f"{b64encode(signed).decode()}.{second}",
    ):
        with pytest.raises(TicketUnreadable):
            read(spelling)
    assert read(ticket).subject == "u-1024"


@pytest.mark.parametrize("ticket", ["", ".", "..", "a", "a.", ".a", "YQ", "YQ.", ".YQ", "证.件"])
def test_no_ticket(ticket: str) -> None:
    with pytest.raises(TicketUnreadable):
        read(ticket)


def test_four_kilobytes_and_no_more() -> None:
    sized = {len(by_hmac(content(more="x" * more))): more for more in range(2700, 2900)}
    assert read(by_hmac(content(more="x" * sized[4096]))).subject == "u-1024"
    with pytest.raises(TicketUnreadable):
        read(by_hmac(content(more="x" * (sized[4096] + 1))))


@settings(max_examples=200)
@given(st.text(max_size=300) | st.from_regex(r"[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,96}"))
@example("\ud800.\ud800")
def test_any_text_at_all(ticket: str) -> None:
    for app in (HMAC, SM2):
        with pytest.raises(TicketRefused):
            read_ticket(app, "yueshengshi", ticket, NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=4,
)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(sorted(payload())), JSON), st.booleans())
def test_whatever_a_platform_signs(changes: dict[str, Any], escaped: bool) -> None:
    text = json.dumps(payload(**changes), ensure_ascii=escaped)
    try:
        ticket = read(by_hmac(text.encode("utf-8", "replace")))
    except TicketRefused:
        return
    assert ticket.subject
    assert ticket.real_name is (ticket.name is not None)
    assert ticket.issued_at <= ticket.expires_at


# What the citizen reads


@pytest.mark.parametrize(
    "kind",
    [
        TicketUnreadable,
        TicketAltered,
        TicketForElsewhere,
        TicketExpired,
        TicketEarly,
        TicketReplayed,
    ],
)
def test_what_to_do(kind: type[TicketRefused]) -> None:
    assert "请返回粤省事重新打开" in kind("粤省事").message
    assert "请返回刚才使用的应用重新打开" in kind(None).message


def test_the_platform_by_its_name() -> None:
    with pytest.raises(TicketExpired, match="请返回粤省事重新打开"):
        read(by_hmac(content()), NOW + timedelta(days=1), name="粤省事")
