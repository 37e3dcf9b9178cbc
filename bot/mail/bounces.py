"""Bounces (退信): reports that a mail of ours did not arrive (RFC 3464)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage, Message
from typing import Final, cast

from bot.mail.addresses import without_addresses
from bot.mail.decoding import raw_header, text, words

_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,250}>")
_QUOTED_ID: Final = re.compile(r"^Message-ID:\s*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bounce:
    message_id: str | None
    """Of the mail that did not arrive, in its angle brackets; None where the report does not
    say."""
    permanent: bool
    why: str
    """Without addresses."""


def bounce(mail: EmailMessage) -> Bounce | None:
    """None for everything else, and for news that a server is still trying."""
    if mail.get_content_type() != "multipart/report":
        return None
    failed = message_id = None
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            failed = failed or _failed(part)
        elif kind in ("message/rfc822", "message/rfc822-headers", "text/rfc822-headers"):
            message_id = message_id or _original(part)
    if failed is None:
        return None
    status, recipient = raw_header(failed, "status"), _address(failed)
    diagnostic = words(raw_header(failed, "diagnostic-code"))
    return Bounce(
        message_id=message_id,
        permanent=status.startswith("5"),
        why=without_addresses(f"退信 {status} {diagnostic}", recipient),
    )


def _failed(report: Message[str, str]) -> Message[str, str] | None:
    """The first recipient whom it did not reach: our mails have one."""
    payload = report.get_payload()
    blocks = cast("list[Message[str, str]]", payload if isinstance(payload, list) else [])
    return next((each for each in blocks if _action(each) == "failed"), None)


def _action(block: Message[str, str]) -> str:
    return raw_header(block, "action").lower()


def _address(block: Message[str, str]) -> str:
    given = raw_header(block, "final-recipient") or raw_header(block, "original-recipient")
    return given.rpartition(";")[2].strip(" <>")


def _original(part: Message[str, str]) -> str | None:
    payload = part.get_payload()
    if isinstance(payload, list):
        inner = cast("list[Message[str, str]]", payload)
        found = _MESSAGE_ID.search(raw_header(inner[0], "message-id")) if inner else None
        return found.group() if found else None
    decoded = part.get_payload(decode=True)
    quoted = _QUOTED_ID.search(text(decoded, None) if isinstance(decoded, bytes) else "")
    return quoted.group(1) if quoted else None
