"""Control messages of Asterisk's chan_websocket, in its two forms: plain text, and JSON where the
switch is told `f(json)`. https://docs.asterisk.org/Configuration/Channel-Drivers/WebSocket/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

MARK: Final = "correlation_id"
"""The field by which a mark is known again."""


class Form(Enum):
    PLAIN = "plain"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Event:
    """What the switch says. `form`: how it said it, and wants to be answered. `variables`: of the
    channel, by their names without the underscores that hand them down; in JSON only."""

    form: Form
    name: str
    fields: Mapping[str, str]
    variables: Mapping[str, str] = field(default_factory=dict)


def read_event(text: str) -> Event | None:
    """None: it makes no sense."""
    if text.lstrip().startswith("{"):
        return _of_json(text)
    name, *words = text.split() or [""]
    fields = {}
    for word in words:
        known, colon, value = word.partition(":")
        # MEDIA_MARK_PROCESSED has its one field without a name.
        fields[known if colon else MARK] = value if colon else word
    return Event(Form.PLAIN, name, fields)


def number(event: Event, name: str) -> int:
    """0: it is none."""
    digits = event.fields.get(name, "")
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0


def command(form: Form, name: str, **fields: str) -> str:
    """Within the 128 bytes that the switch reads. In plain text the fields have no names."""
    if form is Form.JSON:
        return json.dumps({"command": name, **fields}, separators=(",", ":"))
    return " ".join((name, *fields.values()))


def _of_json(text: str) -> Event | None:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("event"), str):
        return None
    variables = said.get("channel_variables")
    return Event(
        Form.JSON,
        said["event"],
        {name: str(value) for name, value in said.items() if isinstance(value, str | int)},
        {name.lstrip("_"): str(value) for name, value in variables.items()}
        if isinstance(variables, dict)
        else {},
    )
