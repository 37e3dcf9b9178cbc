"""Text and numbers as people and systems send them, made fit to be stored."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Final

import phonenumbers
from pydantic import (
    AfterValidator,
    AwareDatetime,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

WHY_LENGTH: Final = 200
"""Of the words in which a message's failure is kept."""
_ALLOWED_CONTROLS = "\n\t"
_MOBILE_DIGITS = 11
_LANDLINE_DIGITS = (9, 10, 11)


def _storable(text: str) -> str:
    """PostgreSQL takes no NUL and no lone surrogate; nobody means other control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in _ALLOWED_CONTROLS:
            raise ValueError("含有不能保存的控制字符")
    return text


def harmless(text: str, longest: int = 1000) -> str:
    """What somebody else has taken from a person already, made fit to be stored rather than
    refused: control characters go, the rest is kept to `longest` characters."""
    kept = (
        each
        for each in text.replace("\r\n", "\n").replace("\r", "\n")
        if each in _ALLOWED_CONTROLS or unicodedata.category(each) not in ("Cc", "Cs")
    )
    return "".join(kept).strip()[:longest]


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("应为一行文字")
    return text


def _code(text: str) -> str:
    if not text or any(character.isspace() for character in text):
        raise ValueError("代码不能为空，也不能含空格")
    return text


Line = Annotated[
    str,
    StringConstraints(max_length=100),
    AfterValidator(_storable),
    AfterValidator(_one_line),
]
"""A name, an address. Sealed, 100 characters of four bytes each still fit their column."""
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError("不是有效的电子邮件地址")
    return text


Storable = AfterValidator(_storable)
Email = Annotated[Line, AfterValidator(_email)]
Words = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_storable)]
"""What a person writes: at most 1,000 characters."""
Code = Annotated[
    str, StringConstraints(max_length=50), AfterValidator(_storable), AfterValidator(_code)
]


_CODE: Final = TypeAdapter(Code)


def could_be_code(text: str) -> bool:
    """Whether anything can be called so. Of the database what cannot is not even asked: it takes no
    NUL, and no more than the column holds."""
    try:
        _CODE.validate_python(text)
    except ValidationError:
        return False
    return True


def phone(text: str) -> str:
    """E.164 of a Chinese number. Raises ValueError.

    The library takes short numbers such as 010-12345 for valid: their length is checked here.
    """
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        raise ValueError("不是有效的电话号码") from None
    digits = phonenumbers.national_significant_number(number)
    is_mobile = digits.startswith("1") and len(digits) == _MOBILE_DIGITS
    is_landline = not digits.startswith("1") and len(digits) in _LANDLINE_DIGITS
    is_beijing = digits.startswith("10") and len(digits) == len("1012345678")
    fits = is_mobile or is_landline or is_beijing
    if number.country_code == 86 and not fits:
        raise ValueError("不是有效的电话号码")
    if not phonenumbers.is_valid_number(number):
        raise ValueError("不是有效的电话号码")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def takes_messages(number: str) -> bool:
    """Whether an SMS can reach the number (E.164): a land line has no use for one."""
    kind = phonenumbers.number_type(phonenumbers.parse(number, "CN"))
    return kind in (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )


Phone = Annotated[str, StringConstraints(max_length=30), AfterValidator(phone)]


def _plausible(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2100:
        raise ValueError("年份应在2000年到2100年之间")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]
"""An instant with its time zone, kept in UTC."""
