"""Links that people hold: short, ours, each for one purpose."""

from __future__ import annotations

import string
from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.links import Links, Tampered, fresh_nonce
from models.words import Channel

LINKS = Links(bytes(range(32)))
ID = UUID("019577d8-7a80-7123-8abc-0123456789ab")
ALPHABET = string.ascii_letters + string.digits + "-_.+/= \n*"

TOKENS: dict[str, tuple[str, Callable[[str], object]]] = {
    "rating": (LINKS.rating("q83vEjRWeJA"), LINKS.read_rating),
    "follow-up": (LINKS.follow_up(ID), LINKS.read_follow_up),
    "receipt": (LINKS.receipt(ID), LINKS.read_receipt),
    "answer": (LINKS.answer(ID), LINKS.read_answer),
    "form": (LINKS.form("static:q83vEjRWeJA"), LINKS.read_form),
}
kinds = pytest.mark.parametrize("kind", TOKENS)


def test_each_kind_is_read_as_it_was_written() -> None:
    nonce = fresh_nonce()
    for by in (None, Channel.SMS, Channel.MAIL):
        assert LINKS.read_rating(LINKS.rating(nonce, by)) == (nonce, by)
        assert len(LINKS.rating(nonce, by)) <= 24
    assert LINKS.read_follow_up(LINKS.follow_up(ID)) == ID
    assert LINKS.read_receipt(LINKS.receipt(ID)) == ID
    assert LINKS.read_answer(LINKS.answer(ID)) == ID
    assert LINKS.read_form(LINKS.form("名字 static:1.2")) == "名字 static:1.2"


def test_the_path_of_a_rating_fits_an_sms() -> None:
    paths = [f"/r/{LINKS.rating(fresh_nonce())}" for _ in range(200)]
    assert max(map(len, paths)) <= 30
    unreserved = set(string.ascii_letters + string.digits + "-_./")
    assert set("".join(paths)) <= unreserved


def test_the_token_stays_the_same_between_versions_of_the_program() -> None:
    """Links are printed on receipts."""
    assert LINKS.rating("q83vEjRWeJA") == "q83vEjRWeJA.p2f1JZFDDQzv"


@kinds
def test_every_character_counts(kind: str) -> None:
    token, read = TOKENS[kind]
    for place, was in enumerate(token):
        for character in ALPHABET:
            if character != was:
                with pytest.raises(Tampered):
                    read(token[:place] + character + token[place + 1 :])


@kinds
@given(data=st.data())
def test_nothing_else_passes(kind: str, data: st.DataObject) -> None:
    """Cut, lengthened, with characters put in between, or made up."""
    token, read = TOKENS[kind]
    start = data.draw(st.integers(0, len(token)))
    end = data.draw(st.integers(start, len(token)))
    put_in = data.draw(st.text(st.sampled_from(ALPHABET) | st.characters(), max_size=30))
    altered = token[:start] + put_in + token[end:]
    if altered != token:
        with pytest.raises(Tampered):
            read(altered)


@kinds
@pytest.mark.parametrize("other", TOKENS)
def test_no_token_passes_for_another_kind(kind: str, other: str) -> None:
    if kind != other:
        with pytest.raises(Tampered):
            TOKENS[other][1](TOKENS[kind][0])


@kinds
def test_another_key_reads_nothing(kind: str) -> None:
    stranger = Links(bytes(32))
    reads: dict[str, Callable[[str], object]] = {
        "rating": stranger.read_rating,
        "follow-up": stranger.read_follow_up,
        "receipt": stranger.read_receipt,
        "answer": stranger.read_answer,
        "form": stranger.read_form,
    }
    with pytest.raises(Tampered):
        reads[kind](TOKENS[kind][0])


@given(st.uuids())
def test_every_evaluation_has_its_links(evaluation: UUID) -> None:
    assert LINKS.read_follow_up(LINKS.follow_up(evaluation)) == evaluation
    assert LINKS.read_receipt(LINKS.receipt(evaluation)) == evaluation


def test_nonces_do_not_repeat() -> None:
    assert len({fresh_nonce() for _ in range(10_000)}) == 10_000
