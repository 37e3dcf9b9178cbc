"""Elements of the platform's XML, as wechatpy hands them over: text, or nothing, or whatever else
somebody has nested there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from wechatpy.messages import BaseMessage

from bot.callbacks import Malformed

_NAME: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
_WORD_LENGTH: Final = 128


def text(value: object) -> str:
    """Empty for an element that is empty or not there. Raises Malformed."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed("an element twice, or with others inside")
    return value


def word(value: object) -> str | None:
    """One line of at most 128 characters. Raises Malformed."""
    found = text(value)
    if len(found) > _WORD_LENGTH or not found.isprintable():
        raise Malformed("a value too long, or of more than a line")
    return found or None


def name(value: object) -> str:
    """An openid, a 原始ID, a template's id. Raises Malformed."""
    found = text(value)
    if not _NAME.fullmatch(found):
        raise Malformed("a name that is none")
    return found


def number(message: BaseMessage, attribute: str) -> int:
    """Raises Malformed."""
    try:
        value = getattr(message, attribute)
    except ValueError:
        value = None
    if not isinstance(value, int) or value < 0:
        raise Malformed(f"no number as {attribute}")
    return value


def listed(fields: Mapping[str, Any], *outer: str) -> list[Mapping[str, Any]]:
    """The `List` elements, of which there may be one or several, inside the first of the elements
    `outer` that is there. Raises Malformed."""
    for each in outer:
        if isinstance(found := fields.get(each), Mapping):
            inner: Any = found.get("List")
            items: list[Any] = inner if isinstance(inner, list) else [inner]
            if all(isinstance(item, Mapping) for item in items):
                return items
    raise Malformed("no List")
