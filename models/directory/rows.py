"""What one row of each kind must be. Rows name each other by code."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from models.tables.directory import CODE_LENGTH
from models.texts import Email

QUESTION_LENGTH = 200
SEPARATOR: Final = "|"
"""Between the questions in one cell."""

PARTIES: Final = {
    "主管部门": "bureau",
    "政务服务主管部门": "bureau",
    "承办单位": "agency",
    "镇街": "town",
    "镇（场）公共服务办公室": "town",
    "区政府": "district",
    "区人民政府": "district",
    "监督部门": "supervisor",
    "审改办": "supervisor",
    "效能办": "supervisor",
}
PLATFORM_KINDS: Final = {
    "网上大厅": "portal",
    "移动应用": "app",
    "热线": "hotline",
    "自助终端": "terminal",
}
"""Spreadsheets may say it in Chinese; of several words the first is the one we suggest."""


def _filled(text: str) -> str:
    if not text:
        raise ValueError("未填写")
    # Cs: half a character, which only JSON can smuggle in and no database stores.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise ValueError("含有换行或控制字符")
    return text


def _code(text: str) -> str:
    _filled(text)
    # Codes copied from web pages bring invisible characters, and then nothing finds them again.
    if " " in text or not text.isprintable():
        raise ValueError("含有空格或看不见的字符")
    if len(text) > CODE_LENGTH:
        raise ValueError(f"超过{CODE_LENGTH}个字符")
    return text


def _at_most(length: int) -> AfterValidator:
    def check(text: str) -> str:
        if len(_filled(text)) > length:
            raise ValueError(f"超过{length}个字")
        return text

    return AfterValidator(check)


def _none_if_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _party(value: object) -> object:
    value = _none_if_blank(value)
    return "agency" if value is None else PARTIES.get(str(value).strip(), value)


def _platform_kind(value: object) -> object:
    value = _none_if_blank(value)
    return PLATFORM_KINDS.get(value.strip(), value) if isinstance(value, str) else value


def _split(value: object) -> object:
    value = _none_if_blank(value)
    if isinstance(value, str):
        return [part for part in value.replace("｜", SEPARATOR).split(SEPARATOR) if part.strip()]
    return value


def _all_different(questions: tuple[str, ...] | None) -> tuple[str, ...] | None:
    # An answer is kept under its question.
    if questions is not None and len(set(questions)) < len(questions):
        raise ValueError("同一个问题写了两次")
    return questions or None


Code = Annotated[str, AfterValidator(_code)]
OptionalCode = Annotated[Code | None, BeforeValidator(_none_if_blank)]
Question = Annotated[str, _at_most(QUESTION_LENGTH)]
Questions = Annotated[
    tuple[Question, ...] | None, BeforeValidator(_split), AfterValidator(_all_different)
]
Party = Annotated[
    Literal["bureau", "agency", "town", "district", "supervisor"], BeforeValidator(_party)
]
PlatformKind = Annotated[
    Literal["portal", "app", "hotline", "terminal"], BeforeValidator(_platform_kind)
]


OptionalEmail = Annotated[Email | None, BeforeValidator(_none_if_blank)]


class Row(BaseModel):
    """A field that was not given leaves what is stored, one given empty clears it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    code: Code
    name: Annotated[str, _at_most(100)]


class RegionRow(Row):
    parent: OptionalCode = None
    rulebook: OptionalCode = None
    """Whether there is one by this name, the import asks the shelf."""


class AgencyRow(Row):
    region: Code
    party: Party = "agency"
    email: OptionalEmail = None
    """Where complaints and bulletins go while it has no chat."""


class HallRow(Row):
    region: Code
    agency: Code


class WindowRow(Row):
    hall: Code
    agency: Code


class StaffRow(Row):
    name: Annotated[str, _at_most(50)]
    agency: Code


class ItemRow(Row):
    name: Annotated[str, _at_most(200)]
    agency: Code
    questions: Questions = None


class ThemeRow(Row):
    name: Annotated[str, _at_most(200)]
    region: Code


class PlatformRow(Row):
    kind: PlatformKind
    region: Code
    agency: Code
