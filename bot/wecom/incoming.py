"""What WeCom pushes to an application, read without trusting it.

“消息格式”, developer.work.weixin.qq.com/document/path/90239; “事件格式”, 90240.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from bot.callbacks import Forged, Malformed
from bot.wechat.elements import text, word
from bot.wechat.envelope import parsed
from models.sm3 import sm3
from models.texts import harmless


class Kind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    CLICK = "click"
    """On the menu: its key is a command."""
    TAP = "tap"
    """On a card's button: its key is a command."""
    SUBSCRIBE = "subscribe"
    """The application has become visible to them."""
    UNREAD = "unread"
    """A voice message, a place, a file: somebody sent it, and nothing is made of it."""
    OTHER = "other"
    """An event that is nobody's words."""


@dataclass(frozen=True, slots=True)
class Incoming:
    kind: Kind
    user: str
    """UserID."""
    at: datetime
    once: str
    """64 hexadecimal digits: the same at each of the platform's tries, and for nothing else."""
    words: str = ""
    media_id: str = ""
    """IMAGE."""
    response_code: str = ""
    """TAP: by it the card can be changed, once."""


USER: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}")
_NUMBER: Final = re.compile(r"[0-9]{1,20}")
_CODE: Final = re.compile(r"[!-~]{1,512}")
_LATEST: Final = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
_WORDS_LENGTH: Final = 2048

_MESSAGES: Final = {"text": Kind.TEXT, "image": Kind.IMAGE}
_EVENTS: Final = {
    "click": Kind.CLICK,
    "template_card_event": Kind.TAP,
    "subscribe": Kind.SUBSCRIBE,
}


def read_message(xml: str, corp_id: str, agent_id: int) -> Incoming:
    """Raises Forged where it is for another application; Malformed."""
    fields = parsed(xml)
    what = text(fields.get("MsgType")).lower()
    kind = _MESSAGES.get(what, Kind.UNREAD)
    if what == "event":
        kind = _EVENTS.get(text(fields.get("Event")).lower(), Kind.OTHER)
    if text(fields.get("ToUserName")) != corp_id:
        raise Forged("for another corporation")
    # Changes in the address book (通讯录变更) and the like name no application.
    if (kind is not Kind.OTHER or "AgentID" in fields) and _number(fields, "AgentID") != agent_id:
        raise Forged("for another application")
    user = text(fields.get("FromUserName"))
    if not what or not USER.fullmatch(user):
        raise Malformed("from nobody")
    seconds = _number(fields, "CreateTime")
    if not 0 < seconds < _LATEST:
        raise Malformed("a time out of range")
    key = text(fields.get("EventKey"))
    response_code = text(fields.get("ResponseCode")) if kind is Kind.TAP else ""
    if response_code and not _CODE.fullmatch(response_code):
        raise Malformed("a ResponseCode that is none")
    # Messages have a number, taps a code, other events neither.
    number = text(fields.get("MsgId"))
    task = text(fields.get("TaskId"))
    told = [corp_id, agent_id, user, seconds, what, kind, number, key, task, response_code]
    media_id = word(fields.get("MediaId")) if kind is Kind.IMAGE else None
    if kind is Kind.IMAGE and not media_id:
        raise Malformed("a picture that is none")
    words = {Kind.TEXT: text(fields.get("Content")), Kind.CLICK: key, Kind.TAP: key}
    return Incoming(
        kind,
        user,
        datetime.fromtimestamp(seconds, UTC),
        sm3(json.dumps(told).encode()).hex(),
        words=harmless(words.get(kind, ""), _WORDS_LENGTH),
        media_id=media_id or "",
        response_code=response_code,
    )


def _number(fields: Mapping[str, Any], name: str) -> int:
    found = text(fields.get(name))
    if not _NUMBER.fullmatch(found):
        raise Malformed(f"no number as {name}")
    return int(found)
