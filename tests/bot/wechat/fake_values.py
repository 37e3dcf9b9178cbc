"""The rules of template values, row by row as “订阅消息参数值内容限制说明” has them, and
written without the code under test."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime


def is_han(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")


def is_latin_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def is_digit(character: str) -> bool:
    return character.isascii() and character.isdigit()


def is_symbol(character: str) -> bool:
    return not (is_han(character) or is_latin_letter(character) or is_digit(character))


def is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return len(text) <= 32 and digits != "" and all(map(is_digit, digits)) and text[-1] != "."


def is_amount(text: str) -> bool:
    body = text.removesuffix("元")
    if body[:1] in ("¥", "￥", "$", "€", "£"):
        body = body[1:]
    return is_number(body) and len(body.partition(".")[0]) <= 10 and body[0] != "-"


def is_name(text: str) -> bool:
    return len(text) <= (10 if any(map(is_han, text)) else 20)


def is_car_number(text: str) -> bool:
    ends_may_be_han = [text[0], text[-1]]
    inner = text[1:-1]
    plain = all(is_latin_letter(each) or is_digit(each) for each in inner)
    return (
        len(text) <= 8
        and plain
        and all(is_han(e) or is_latin_letter(e) or is_digit(e) for e in ends_may_be_han)
    )


CLOCKS = ("%H:%M:%S", "%H:%M")
DAYS = ("%Y年%m月%d日", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月", "%Y-%m", "%Y/%m", "%Y.%m")
DAYS_OF_A_YEAR = ("%m月%d日", "%m-%d", "%m/%d", "%m.%d")


def reads(text: str, *shapes: str) -> bool:
    for shape in shapes:
        try:
            # A leap year: the 29th of February of a year unnamed.
            datetime.strptime(f"2000 {text}", f"2000 {shape}")  # noqa: DTZ007
        except ValueError:
            continue
        return True
    return False


def each_end(text: str, holds: Callable[[str], bool]) -> bool:
    ends = text.split("~")
    return len(ends) <= 2 and all(holds(end.strip()) for end in ends)


WITH_DAY = [f"{day}{gap}{clock}" for day in DAYS for gap in ("", " ") for clock in CLOCKS]


def is_time(text: str) -> bool:
    return reads(text, *CLOCKS, *WITH_DAY)


def is_date(text: str) -> bool:
    return reads(text, *DAYS, *DAYS_OF_A_YEAR, *WITH_DAY)


RULES: dict[str, Callable[[str], bool]] = {
    "thing": lambda text: len(text) <= 20,
    "short_thing": lambda text: len(text) <= 5,
    "number": is_number,
    "letter": lambda text: len(text) <= 32 and all(map(is_latin_letter, text)),
    "symbol": lambda text: len(text) <= 5 and all(map(is_symbol, text)),
    "character_string": lambda text: len(text) <= 32 and text.isascii() and text.isprintable(),
    "time": lambda text: each_end(text, is_time),
    "date": lambda text: each_end(text, is_date),
    "amount": is_amount,
    "phone_number": lambda text: (
        len(text) <= 17 and text.isascii() and not any(map(is_latin_letter, text))
    ),
    "car_number": is_car_number,
    "name": is_name,
    "phrase": lambda text: len(text) <= 5 and all(map(is_han, text)),
    "const": lambda text: len(text) <= 20,
}


def takes(name: str, text: str) -> bool:
    """Whether the field takes the text, which is not empty."""
    controls = any(unicodedata.category(each) == "Cc" for each in text)
    rule = RULES.get(name.rstrip("0123456789"))
    return not controls and rule is not None and rule(text)
