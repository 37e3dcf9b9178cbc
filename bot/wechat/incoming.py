"""What the platform pushes to an official account, read without trusting it.

Its documentation: 《接收普通消息》, 《接收事件推送》, 《模板消息》, 《订阅通知的事件推送》.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final
from xml.parsers.expat import ExpatError

from wechatpy.parser import parse_message

from bot.callbacks import Malformed
from bot.reading import WORDS_LENGTH, reference, why
from bot.receipts import Report
from bot.wechat.elements import listed, name, number, text, word
from models.sm3 import sm3
from models.texts import harmless


class Kind(StrEnum):
    TEXT = "text"
    VOICE = "voice"
    SCAN = "scan"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    CLICK = "click"
    CONSENT = "consent"
    """Somebody accepted or refused subscription messages."""
    SENT = "sent"
    """What became of messages."""
    UNREAD = "unread"
    """A picture, a place, a link: somebody sent it, and nothing is made of it."""
    OTHER = "other"
    """An event that is nobody's words."""


@dataclass(frozen=True, slots=True)
class Consent:
    template_id: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or event."""

    kind: Kind
    sender: str
    """Openid."""
    account: str
    """原始ID, to which the sender wrote."""
    at: datetime
    once: str
    """64 hexadecimal digits: the same at each of the platform's tries, and for nothing else."""
    words: str = ""
    """TEXT: what somebody wrote, at most 1,000 characters, fit to be stored."""
    scene: str | None = None
    """SCAN and SUBSCRIBE: what the code says, without `qrscene_`."""
    key: str | None = None
    """CLICK: the menu item's."""
    media_id: str | None = None
    """VOICE. What the platform recognised itself is not read: it stops doing so."""
    media_format: str | None = None
    """VOICE: `amr` or `speex`."""
    consents: tuple[Consent, ...] = ()
    reports: tuple[Report, ...] = ()
    """SENT. `reference`: the platform's MsgID."""


_MESSAGES: Final = {"text": Kind.TEXT, "voice": Kind.VOICE}
_EVENTS: Final = {
    "scan": Kind.SCAN,
    "subscribe": Kind.SUBSCRIBE,
    # Following by a code: wechatpy's name for it, and it takes `qrscene_` off.
    "subscribe_scan": Kind.SUBSCRIBE,
    "unsubscribe": Kind.UNSUBSCRIBE,
    "click": Kind.CLICK,
    "subscribe_msg_popup_event": Kind.CONSENT,
    "subscribe_msg_change_event": Kind.CONSENT,
    "subscribe_msg_sent_event": Kind.SENT,
    "templatesendjobfinish": Kind.SENT,
}
_WHY: Final = {
    "user block": "用户拒收",
    "system failed": "微信平台发送失败",
    "freq limit": "超出发送频率限制",
}

ROOT: Final = re.compile(r"\s*(?:<\?xml[^<>]*\?>\s*)?<xml>")
"""How a push begins: with nothing before its root, so no DOCTYPE and no entities."""
_LATEST: Final = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
# What wechatpy's parser is known to raise.
_STUMBLES: Final = (ExpatError, ValueError, TypeError, AttributeError, KeyError)


def read_message(xml: str, app_id: str) -> Incoming:
    """`app_id`: whose callback it is. Raises Malformed."""
    if not ROOT.match(xml):
        raise Malformed("no <xml>")
    try:
        message = parse_message(xml)
    except _STUMBLES as fault:
        # A fault of the parser may quote what somebody wrote.
        raise Malformed(f"not a message: {type(fault).__name__}") from None
    # Of the subscription's events wechatpy has no class, only the fields.
    fields: Mapping[str, Any] = message._data  # noqa: SLF001
    sender, account = name(message.source), name(message.target)
    seconds = number(message, "time")
    if not 0 < seconds < _LATEST:
        raise Malformed("a time out of range")
    at = datetime.fromtimestamp(seconds, UTC)
    what = text(fields["MsgType"]).lower()
    kind = _MESSAGES.get(what, Kind.UNREAD)
    if what == "event":
        what = text(fields.get("Event")).lower()
        kind = _EVENTS.get(what, Kind.OTHER)
    key, by_code = text(fields.get("EventKey")), what != "subscribe"
    consents = tuple(_consents(fields)) if kind is Kind.CONSENT else ()
    reports = tuple(_reports(what, fields, at)) if kind is Kind.SENT else ()
    # Events have no number of their own: they are known by their key, or by what they list.
    distinct = [str(number(message, "id")), key]
    distinct += [f"{each.template_id} {each.accepted}" for each in consents]
    distinct += [each.reference for each in reports]
    whole = json.dumps([app_id, sender, seconds, what, *distinct])
    return Incoming(
        kind,
        sender,
        account,
        at,
        sm3(whole.encode()).hex(),
        words=harmless(text(fields.get("Content")), WORDS_LENGTH) if kind is Kind.TEXT else "",
        scene=word(key) if kind in (Kind.SCAN, Kind.SUBSCRIBE) and by_code else None,
        key=word(key) if kind is Kind.CLICK else None,
        media_id=word(fields.get("MediaId")) if kind is Kind.VOICE else None,
        media_format=word(fields.get("Format")) if kind is Kind.VOICE else None,
        consents=consents,
        reports=reports,
    )


def _consents(fields: Mapping[str, Any]) -> Iterator[Consent]:
    # The documentation once showed the change under the popup's name.
    for item in listed(fields, "SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"):
        accepted = text(item.get("SubscribeStatusString")) == "accept"
        yield Consent(name(item.get("TemplateId")), accepted)


def _reports(what: str, fields: Mapping[str, Any], at: datetime) -> Iterator[Report]:
    if what == "templatesendjobfinish":
        status = text(fields.get("Status"))
        yield _report(fields, "" if status == "success" else status or "?", at)
        return
    for item in listed(fields, "SubscribeMsgSentEvent"):
        code, status = text(item.get("ErrorCode")), text(item.get("ErrorStatus"))
        yield _report(item, "" if code == "0" else f"{code} {status}", at)


def _report(result: Mapping[str, Any], fault: str, at: datetime) -> Report:
    known = reference(text(result.get("MsgID")))
    if not known:
        raise Malformed("a result of no message")
    said = _WHY.get(fault.removeprefix("failed:").strip(), fault)
    return Report(known, not fault, why(["微信没有送达", said]) if fault else "", at)
