"""What platforms and providers write, answers and callbacks alike, read without trusting it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from models.calendar.beijing import BEIJING
from models.texts import WHY_LENGTH, harmless

REFERENCE_LENGTH: Final = 200
WORDS_LENGTH: Final = 1000

_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){6,}")
_MILLISECONDS: Final = 10**11
"""As seconds this is the year 5138."""
_PLAUSIBLE: Final = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def parsed(body: bytes) -> object:
    """Raises ValueError for whatever is no JSON."""
    try:
        value: object = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def read_object(body: bytes) -> dict[str, object] | None:
    """None: no JSON object."""
    try:
        value = parsed(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def at_path(value: object, path: str) -> object:
    """What lies at a dotted path (`data.0.id`); None where nothing does."""
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and re.fullmatch(r"[0-9]{1,4}", step):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            return None
    return value


def word(value: object) -> str:
    """A code as it would be written: 0 and "0" are one, true is "true". Empty for other things."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else ""


def reference(value: object) -> str | None:
    """A provider's number of a message, which some write as a number."""
    return harmless(word(value), REFERENCE_LENGTH) or None


def why(parts: Sequence[object]) -> str:
    """A provider's code and words in one short line, without any number that may be a phone's."""
    line = " ".join(" ".join(harmless(word(part)) for part in parts).split())
    return _NUMBER.sub("…", line)[:WHY_LENGTH]


def moment(value: object) -> datetime | None:
    """Unix seconds or milliseconds, or a date and time, Beijing's where it names no zone. None for
    what cannot be read: a receipt counts without its time."""
    text = word(value).strip()
    try:
        if re.fullmatch(r"[0-9]{9,13}", text):
            number = int(text)
            read = datetime.fromtimestamp(
                number / 1000 if number >= _MILLISECONDS else number, tz=UTC
            )
        else:
            read = datetime.fromisoformat(text)
        aware = read if read.tzinfo else read.replace(tzinfo=BEIJING)
        return aware.astimezone(UTC) if _PLAUSIBLE[0] <= aware < _PLAUSIBLE[1] else None
    except (ValueError, OverflowError):
        return None
