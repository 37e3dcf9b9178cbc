"""What staff write to our robot, as DingTalk pushes it.

Source: 《接收消息的消息协议》, open.dingtalk.com/document/isvapp/receive-message
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.callbacks import Malformed, json_object
from bot.reading import at_path, moment, word
from models.texts import harmless

WORDS_LIMIT: Final = 8000
"""More than any step takes: what is too long is refused in words, not cut."""

_ID: Final = re.compile(r"[!-~]{1,128}")
_PICTURE_CODE: Final = re.compile(r"[!-~]{1,2048}")
_GROUP: Final = "2"


@dataclass(frozen=True, slots=True)
class Incoming:
    once: str
    user: str | None
    """Their userId. None: not of the organisation."""
    words: str
    pictures: tuple[str, ...]
    """Codes by which they are fetched."""
    at: datetime
    group: bool
    readable: bool
    """A recording, a video, a file are not."""


def read_message(body: bytes) -> Incoming:
    """Raises Malformed."""
    said = json_object(body)
    once, user = word(said.get("msgId")), word(said.get("senderStaffId"))
    at = moment(said.get("createAt"))
    if not _ID.fullmatch(once) or at is None:
        raise Malformed("no msgId, or no createAt")
    if user and not _ID.fullmatch(user):
        raise Malformed("a senderStaffId that is none")
    words, pictures, readable = _content(said)
    return Incoming(
        once=once,
        user=user or None,
        words=harmless(words, WORDS_LIMIT),
        pictures=tuple(each for each in pictures if _PICTURE_CODE.fullmatch(each)),
        at=at,
        group=word(said.get("conversationType")) == _GROUP,
        readable=readable,
    )


def _content(said: Mapping[str, object]) -> tuple[str, list[str], bool]:
    match said.get("msgtype"):
        case "text":
            return word(at_path(said, "text.content")), [], True
        case "picture":
            return "", [_code(said.get("content"))], True
        case "richText":
            parts = at_path(said, "content.richText")
            if not isinstance(parts, list):
                raise Malformed("no richText")
            words = "".join(word(at_path(part, "text")) for part in parts)
            return words, [_code(part) for part in parts], True
        case str():
            return "", [], False
    raise Malformed("no msgtype")


def _code(content: object) -> str:
    return word(at_path(content, "downloadCode")) or word(at_path(content, "pictureDownloadCode"))
