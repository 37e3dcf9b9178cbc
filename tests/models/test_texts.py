"""Numbers and text as people and systems send them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from models.texts import Code, Line, Moment, Phone, Words

PHONE: TypeAdapter[str] = TypeAdapter(Phone)
LINE: TypeAdapter[str] = TypeAdapter(Line)
WORDS: TypeAdapter[str] = TypeAdapter(Words)
CODE: TypeAdapter[str] = TypeAdapter(Code)
MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("19912345678", "+8619912345678"),
        ("010-12345678", "+861012345678"),
        ("（021）63211234", "+862163211234"),
        ("0768-2268888", "+867682268888"),
        ("0755 8888 8888", "+8675588888888"),
        ("400-810-8888", "+864008108888"),
        ("+852 2123 4567", "+85221234567"),
        ("+1 650 253 0000", "+16502530000"),
    ],
)
def test_a_number_is_kept_in_one_form(written: str, number: str) -> None:
    assert PHONE.validate_python(written) == number


@pytest.mark.parametrize(
    "written",
    [
        "010-12345",  # a valid short number to the library
        "12345",
        "110",
        "95588",
        "0768-22688",
        "1380013800",
        "138001380000",
        "12800138000",
        "+86 010",
        "",
        " ",
        "电话没有",
        "13800138000，13900139000",
        "+",
        "\x00",
    ],
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        PHONE.validate_python(written)


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(written: str) -> None:
    try:
        number = PHONE.validate_python(written)
    except ValidationError:
        return
    assert PHONE.validate_python(number) == number
    assert len(number) <= 16


CONTROLS = ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\udfff"]


@pytest.mark.parametrize("kind", [LINE, WORDS, CODE])
@pytest.mark.parametrize("character", CONTROLS, ids=ascii)
def test_control_characters_and_surrogates_are_refused(
    kind: TypeAdapter[str], character: str
) -> None:
    with pytest.raises(ValidationError):
        kind.validate_python(f"前{character}后")


@given(st.text(st.characters(codec="utf-8"), max_size=1000))
def test_words_that_are_taken_can_be_stored_and_sent(written: str) -> None:
    try:
        words = WORDS.validate_python(written)
    except ValidationError:
        return
    assert words == words.strip()
    assert words.encode().decode() == words
    assert not set(words) & set(map(chr, [*range(9), 11, 12, *range(14, 32), 127]))
    assert WORDS.validate_python(words) == words


def test_lines_end_in_one_way() -> None:
    assert WORDS.validate_python(" 一\r\n二\r三\t四\n ") == "一\n二\n三\t四"


@pytest.mark.parametrize("written", ["一\n二", "一\t二", "一\r二"])
def test_a_line_is_one(written: str) -> None:
    with pytest.raises(ValidationError, match="一行"):
        LINE.validate_python(written)


@pytest.mark.parametrize("written", ["", " ", "A 1", "A\u30001", "A\u00a01"])
def test_a_code_has_no_space(written: str) -> None:
    with pytest.raises(ValidationError):
        CODE.validate_python(written)


@pytest.mark.parametrize(("kind", "longest"), [(LINE, 100), (WORDS, 1000), (CODE, 50)])
def test_every_kind_has_its_length(kind: TypeAdapter[str], longest: int) -> None:
    assert kind.validate_python("长" * longest)
    with pytest.raises(ValidationError):
        kind.validate_python("长" * (longest + 1))


def test_a_moment_needs_its_zone_and_is_kept_in_utc() -> None:
    found = MOMENT.validate_python("2026-03-02T09:00:00+08:00")
    assert found == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert found.tzinfo is UTC
    with pytest.raises(ValidationError):
        MOMENT.validate_python("2026-03-02T09:00:00")


@pytest.mark.parametrize(
    "written",
    [
        "1999-12-31T23:59:59Z",
        "2101-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_a_moment_is_of_our_time(written: str) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(written)
