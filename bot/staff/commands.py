"""What a line in the staff chat means. Pure: takes any text, raises nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from bot.staff.forms import FORMS, Choice, Day, Form, Part, Text, Word
from models.texts import harmless

LONGEST: Final = 4000
"""Characters that are read; no step takes as many."""
LARGEST: Final = 2**63 - 1
"""What the database takes for a number."""


class Plain(StrEnum):
    """Commands of one word."""

    TODO = "待办"
    HELP = "帮助"
    UNBIND = "解绑"
    CANCEL = "取消"


@dataclass(frozen=True, slots=True)
class Bind:
    code: str


@dataclass(frozen=True, slots=True)
class Show:
    order: int


@dataclass(frozen=True, slots=True)
class Do:
    """`given`: the step's fields, as they were written."""

    order: int
    form: Form
    given: Mapping[str, Any]

    @property
    def fields(self) -> dict[str, Any]:
        return {**self.form.fixed, **self.given}


@dataclass(frozen=True, slots=True)
class Lacking:
    """A command that is known, and not said whole. `order`: where it was named."""

    form: Form
    order: int | None


Command = Plain | Bind | Show | Do | Lacking


def read(words: str) -> Command | None:
    """None: no command of ours."""
    line = _INVISIBLE.sub("", harmless(words, LONGEST)).strip()
    # What the platform leaves of an @ in front: a name, perhaps with spaces in it.
    names = _NAMES if line.startswith("@") else 0
    starts = (line.split(maxsplit=count)[count:] for count in range(names + 1))
    found = (_plain(start[0]) or _about_an_order(start[0]) for start in starts if start)
    return next((command for command in found if command is not None), None)


def _plain(line: str) -> Plain | Bind | None:
    plain = unicodedata.normalize("NFKC", line).strip(" 。.!！~")
    if (found := _BIND.fullmatch(plain)) is not None:
        return Bind(found[1])
    return _PLAIN.get(plain)


def _about_an_order(line: str) -> Show | Do | Lacking | None:
    """受理 1024, 1024 受理, 工单 1024, 1024."""
    if (found := _SHOW.fullmatch(line)) is not None:
        number = int(found[1])
        return Show(number) if number <= LARGEST else None
    first = _NUMBER.match(line)
    named = _worded(line[first.end() :].strip(_BETWEEN) if first else line)
    if named is None:
        return None
    form, rest = named
    number_there = first or _NUMBER.match(rest)
    if number_there is None:
        # 退回单在哪里: a word that only begins like a command asks for nothing.
        return Lacking(form, None) if not rest.strip() else None
    return _read(form, number_there[1], rest if first else rest[number_there.end() :])


def written(command: Command) -> str:
    """As it may be typed; `read` reads it back. Lacking: with what is there."""
    match command:
        case Plain():
            return command.value
        case Bind(code):
            return f"绑定 {code}"
        case Show(order):
            return f"工单 {order}"
        case Lacking(form, order):
            return f"{form.words[0]} {order or ''}".strip()
        case Do(order, form, given):
            said = [_said(part, given[part.name]) for part in form.parts if part.name in given]
            return " ".join([form.words[0], str(order), *said])


def _said(part: Part, value: object) -> str:
    if isinstance(part, Choice):
        return next(word for word, meant in part.words.items() if meant == value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _worded(line: str) -> tuple[Form, str] | None:
    for word, form in _BY_WORD:
        if line.startswith(word):
            return form, line[len(word) :]
    return None


def _read(form: Form, digits: str, rest: str) -> Do | Lacking:
    if (order := int(digits)) > LARGEST:
        return Lacking(form, None)
    given: dict[str, Any] = {}
    for part in form.parts:
        rest = rest.lstrip(_BETWEEN)
        found = _taken(part, rest)
        if found is not None:
            given[part.name], rest = found
        elif not (isinstance(part, Choice | Text) and part.optional):
            return Lacking(form, order)
    return Do(order, form, given)


def _taken(part: Part, rest: str) -> tuple[Any, str] | None:
    """The part's value, and what is left."""
    match part:
        case Text():
            return (rest.strip(), "") if rest.strip() else None
        case Word():
            found = _TO_NEXT.match(rest)
            return (found[0], rest[found.end() :]) if found else None
        case Day():
            return _day(rest)
        case Choice(words=words, optional=optional):
            for word in sorted(words, key=len, reverse=True):
                behind = rest[len(word) :]
                # 核实 1024 一般情况下: a word that may be left out stands by itself.
                if rest.startswith(word) and not (optional and behind[:1].strip(_BETWEEN)):
                    return words[word], behind
            return None


def _day(rest: str) -> tuple[date, str] | None:
    if (found := _DAY.match(rest)) is None:
        return None
    try:
        return date(*map(int, found.groups())), rest[found.end() :]
    except ValueError:
        return None


_BETWEEN: Final = " \t\n\u3000\u2005\xa0,，、:：;；。"
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff]")
_NAMES: Final = 4
"""So many words of names in front are looked past."""
_NUMBER: Final = re.compile(rf"[{_BETWEEN}]*(?:[#＃№]\s*)?(\d{{1,19}})(?!\d)号?")
_SHOW: Final = re.compile(rf"(?:工单|查看|详情)?{_NUMBER.pattern}[\s。.]*")
_BIND: Final = re.compile(r"绑定(?:码)?[\s:,]*([0-9]{4,12})", re.ASCII)
_TO_NEXT: Final = re.compile(rf"[^{_BETWEEN}]+")
_DAY: Final = re.compile(r"(\d{4})[-/.年－](\d{1,2})[-/.月－](\d{1,2})日?(?!\d)")
_PLAIN: Final = {
    **{each.value: each for each in Plain},
    "我的待办": Plain.TODO,
    "待办工单": Plain.TODO,
    "菜单": Plain.HELP,
    "help": Plain.HELP,
    "?": Plain.HELP,
    "解除绑定": Plain.UNBIND,
}
_BY_WORD: Final = sorted(
    ((word, form) for form in FORMS for word in form.words),
    key=lambda known: len(known[0]),
    reverse=True,
)
