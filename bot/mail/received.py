"""What arrives in a mailbox, read without trusting it: an opinion, an answer, or a bounce."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import Final, cast

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml.etree import LxmlError

from bot.mail.bounces import Bounce, bounce
from bot.mail.decoding import STUMBLES, raw_header, text, words
from bot.mail.quoting import own_words
from models.sm3 import sm3
from models.texts import harmless

SIZE_LIMIT: Final = 5 * 1024 * 1024
"""Octets that are read. What was written stands before the pictures that make a mail longer."""
WORDS_LENGTH: Final = 1000
CUT: Final = "……（内容过长，后面的部分没有保存）"

_SUBJECT_LENGTH: Final = 200
_NAME_LENGTH: Final = 100
_ADDRESS_LENGTH: Final = 254
_HTML_LIMIT: Final = 200_000
"""Characters of HTML that are turned into text."""
_TEXT_LIMIT: Final = 50_000
"""Characters in which what was written is looked for."""
_LINES_LIMIT: Final = 200_000
_PARTS_LIMIT: Final = 2_000
_NESTED_LIMIT: Final = 50
"""Far beyond what people send. The library's time grows with their products: to half a minute for
a mail of five megabytes made for that."""
_LAYOUT: Final = ParserConfig(css=CSS_PROFILES["strict"])
"""The library's own choice sets off each span with blanks: wrong between Chinese characters."""
_ANSWERS_LIMIT: Final = 50
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,250}>")
_REPLY: Final = re.compile(r"(re|回复|答复|回覆)\s*[：:]", re.IGNORECASE)
_PASSED_ON: Final = re.compile(r"(fwd?|转发|轉寄)\s*[：:]", re.IGNORECASE)
_AWAY: Final = re.compile(
    r"(自动回复|自动答复|automatic reply|auto(matic)?[- ]?reply)\s*[：:]", re.IGNORECASE
)
_HEADERS: Final = ("from", "subject", "date", "message-id", "received", "to", "mime-version")


class Unreadable(Exception):
    """No mail at all, or one with more lines, parts or levels than any that a person sends."""


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    reference: str
    """64 hex digits, the same however often and on which way this mail comes."""
    sender: str | None
    """As claimed: nothing proves it."""
    sender_name: str
    subject: str
    words: str
    """What was written, without what it answers; at most 1,000 characters."""
    answers: tuple[str, ...]
    """Message-IDs in their angle brackets, the nearest first."""
    automatic: bool
    """No person wrote it; it is never answered (RFC 3834)."""
    bounced: Bounce | None


def read(raw: bytes) -> ReceivedMail:
    """Raises Unreadable, and nothing else for whatever the bytes are."""
    raw = raw[:SIZE_LIMIT]
    if _is_overgrown(raw):
        raise Unreadable("more lines, parts or levels than in any mail that a person sends")
    try:
        mail = message_from_bytes(raw, policy=default)
        if not any(raw_header(mail, name) for name in _HEADERS):
            raise Unreadable("none of the headers that every mail has")
        written = _written(mail)
        bounced = bounce(mail)
    except STUMBLES as fault:
        raise Unreadable(f"nested or broken beyond reading: {type(fault).__name__}") from None
    subject = _line(words(raw_header(mail, "subject")), _SUBJECT_LENGTH)
    answers = _answers(mail)
    name, sender = _sender(mail)
    return ReceivedMail(
        reference=_reference(mail, raw),
        sender=sender,
        sender_name=name,
        subject=subject,
        words=_short(own_words(written, answering=_is_answering(subject, answers))),
        answers=answers,
        automatic=bounced is not None or _is_automatic(mail, subject),
        bounced=bounced,
    )


def _is_overgrown(raw: bytes) -> bool:
    return (
        max(raw.count(b"\n"), raw.count(b"\r")) > _LINES_LIMIT
        or raw.count(b"\n--") + raw.count(b"\r--") > _PARTS_LIMIT
        or raw.lower().count(b"boundary") > _NESTED_LIMIT
    )


def _reference(mail: EmailMessage, raw: bytes) -> str:
    """Headers that are the same on every way, and the body: servers add headers of their own."""
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    heads = [raw_header(mail, name) for name in ("message-id", "date", "from")]
    whole = "\n".join(heads).encode(errors="surrogateescape")
    return sm3(sm3(whole) + sm3(body.rstrip())).hex()


def _sender(mail: EmailMessage) -> tuple[str, str | None]:
    try:
        name, address = parseaddr(raw_header(mail, "from"))
    except STUMBLES:
        return "", None
    address = _line(address, _ADDRESS_LENGTH + 1)
    is_address = "@" in address[1:-1] and len(address) <= _ADDRESS_LENGTH and " " not in address
    return _line(words(name), _NAME_LENGTH), address if is_address else None


def _answers(mail: EmailMessage) -> tuple[str, ...]:
    nearest = _MESSAGE_ID.findall(raw_header(mail, "in-reply-to"))
    thread = _MESSAGE_ID.findall(raw_header(mail, "references"))
    found = dict.fromkeys(each for each in (*nearest, *reversed(thread)) if each.isprintable())
    return tuple(found)[:_ANSWERS_LIMIT]


def _is_answering(subject: str, answers: tuple[str, ...]) -> bool:
    return not _PASSED_ON.match(subject) and bool(answers or _REPLY.match(subject))


def _is_automatic(mail: EmailMessage, subject: str) -> bool:
    return (
        raw_header(mail, "auto-submitted").lower().partition(";")[0].strip() not in ("", "no")
        or raw_header(mail, "precedence").lower() in ("bulk", "list", "junk", "auto_reply")
        or any(raw_header(mail, name) for name in ("x-autoreply", "x-autorespond", "list-id"))
        or raw_header(mail, "return-path") == "<>"
        or mail.get_content_type() == "multipart/report"
        or bool(_AWAY.match(subject))
    )


def _written(mail: EmailMessage) -> str:
    """Plain text where there is any: some programs send it empty beside the HTML."""
    for kind in ("plain", "html"):
        for part in _bodies(mail, kind):
            payload = part.get_payload(decode=True)
            data = payload if isinstance(payload, bytes) else b""
            said = text(data, part.get_content_charset())
            found = harmless(_from_html(said) if kind == "html" else said, longest=_TEXT_LIMIT)
            # QQ邮箱 writes HTML's blanks into plain text.
            found = found.replace("&nbsp;", " ").replace("\u00a0", " ")
            if found.strip():
                return found
    return ""


def _bodies(mail: EmailMessage, kind: str) -> Iterator[EmailMessage]:
    body = mail.get_body(preferencelist=(kind,))
    if body is not None:
        yield cast("EmailMessage", body)


def _from_html(html: str) -> str:
    # libxml2 ends at a NUL, and takes no lone surrogate.
    try:
        return str(get_text(harmless(html, longest=_HTML_LIMIT), _LAYOUT))
    except (LxmlError, *STUMBLES):
        return re.sub(r"<[^<>]*>", " ", html[:_HTML_LIMIT])


def _line(given: str, longest: int) -> str:
    return " ".join(harmless(given, longest=len(given)).split())[:longest]


def _short(said: str) -> str:
    return said if len(said) <= WORDS_LENGTH else said[: WORDS_LENGTH - len(CUT)].rstrip() + CUT
