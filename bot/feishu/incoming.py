"""What Feishu pushes, read: messages and taps.

《接收消息》 and 《接收消息内容结构》, 《卡片回传交互回调》 of the platform's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.callbacks import Malformed, json_object
from bot.feishu.cards import Shown
from models.texts import harmless

WORDS_LENGTH: Final = 5000
MOST_PICTURES: Final = 20

_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
_KEY: Final = re.compile(r"[0-9A-Za-z_-]{1,200}")
_MENTION: Final = re.compile(r"@_(?:user_[0-9]+|all)\b")
_UNITS: Final = {13: 1_000, 16: 1_000_000}
"""A second, by how many digits a time has: messages count in milliseconds, taps in microseconds."""


@dataclass(frozen=True, slots=True)
class Written:
    """`message`: its id. Deduplicated by it: the same message may come as two events. `words`:
    without whom it mentions; None: of a kind that cannot be read. `pictures`: their keys."""

    message: str
    user: str
    words: str | None
    pictures: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button of a card. `message`: the card's id. `shown`: what the card says."""

    event: str
    message: str
    user: str
    command: str
    shown: Shown
    at: datetime


def read_event(said: Mapping[str, object]) -> Written | Tapped | None:
    """None: nothing that we answer. Raises Malformed."""
    header, event = _part(said, "header"), _part(said, "event")
    match header.get("event_type"):
        case "im.message.receive_v1":
            return _written(event)
        case "card.action.trigger":
            return _tap(header, event)
    return None


def _written(event: Mapping[str, object]) -> Written | None:
    sender, message = _part(event, "sender"), _part(event, "message")
    if sender.get("sender_type") != "user":
        # Two robots in one group would answer each other for ever.
        return None
    if message.get("chat_type") != "p2p" and not message.get("mentions"):
        return None
    words, keys = _content(message)
    return Written(
        message=_id(message, "message_id"),
        user=_id(_part(sender, "sender_id"), "open_id"),
        words=words,
        pictures=keys,
        at=_moment(message),
    )


def _content(message: Mapping[str, object]) -> tuple[str | None, tuple[str, ...]]:
    content = json_object(_text(message, "content").encode(errors="replace"))
    match message.get("message_type"), content:
        case "text", {"text": str(text)}:
            return _spoken(text), ()
        case "image", {"image_key": str(key)}:
            return "", _keys([key])
        case "post", {"content": [*lines]}:
            title = content.get("title")
            return _post(title if isinstance(title, str) else "", lines)
        case (("text" | "image" | "post"), _):
            raise Malformed("a content of another kind than its message")
    return None, ()


def _post(title: str, lines: list[object]) -> tuple[str, tuple[str, ...]]:
    """富文本: lines of text, links and pictures."""
    words, keys = [title], []
    for line in lines:
        parts = []
        for each in line if isinstance(line, list) else []:
            match each:
                case {"tag": "img", "image_key": str(key)}:
                    keys.append(key)
                case {"tag": "text" | "a" | "code_block", "text": str(text)}:
                    parts.append(text)
        words.append("".join(parts))
    return _spoken("\n".join(filter(str.strip, words))), _keys(keys)


def _tap(header: Mapping[str, object], event: Mapping[str, object]) -> Tapped | None:
    match _part(event, "action").get("value"):
        case {"command": str(command), **rest}:
            kept = {name: str(rest.get(name, "")) for name in ("title", "text", "link")}
        case _:
            # A card that somebody made elsewhere.
            return None
    return Tapped(
        event=_id(header, "event_id"),
        message=_id(_part(event, "context"), "open_message_id"),
        user=_id(_part(event, "operator"), "open_id"),
        command=_spoken(command),
        shown=Shown(**kept),
        at=_moment(header),
    )


def _spoken(text: str) -> str:
    return harmless(_MENTION.sub(" ", text), WORDS_LENGTH)


def _keys(keys: list[str]) -> tuple[str, ...]:
    if not all(_KEY.fullmatch(key) for key in keys):
        raise Malformed("an image_key that is none")
    return tuple(keys[:MOST_PICTURES])


def _part(said: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = said.get(name)
    if not isinstance(part, Mapping):
        raise Malformed(f"no {name}")
    return part


def _text(said: Mapping[str, object], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        raise Malformed(f"no {name}")
    return value


def _id(said: Mapping[str, object], name: str) -> str:
    value = _text(said, name)
    if not _ID.fullmatch(value):
        raise Malformed(f"a {name} that is none")
    return value


def _moment(said: Mapping[str, object]) -> datetime:
    value = _text(said, "create_time")
    unit = _UNITS.get(len(value))
    if unit is None or not re.fullmatch(r"[0-9]+", value):
        raise Malformed("a create_time that is none")
    return datetime.fromtimestamp(int(value) / unit, tz=UTC)
