"""Text out of mails, whatever they claim to be written in. Nothing here raises."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from typing import Final

_WIDER: Final = re.compile(r"gb[-_]?2312(-80)?|x?-?gbk|cp936|ms936|euc-cn|gb18030", re.IGNORECASE)
"""What calls itself GB 2312 seldom is: names have characters that only GB 18030 knows."""
_UNTOLD: Final = frozenset({"", "ascii", "us-ascii", "unknown-8bit", "default"})
_HEADER_LENGTH: Final = 2000
"""Of one header. More is an attack on who reads it."""

STUMBLES: Final = (
    AssertionError,
    AttributeError,
    LookupError,
    MessageError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the standard library has been seen to raise over mails that are none."""


def text(data: bytes, charset: str | None) -> str:
    name = _WIDER.sub("gb18030", (charset or "").strip().lower())
    if name not in _UNTOLD:
        try:
            return data.decode(name, errors="replace")
        except (LookupError, ValueError):
            pass  # A codec that there is not, or one of those that are not for text.
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def raw_header(part: Message[str, str], name: str) -> str:
    """The first of that name, unfolded, as it was sent: 8-bit bytes are lone surrogates."""
    for each, value in part.raw_items():
        if each.lower() == name:
            return re.sub(r"[\r\n]+", "", str(value)[:_HEADER_LENGTH]).strip()
    return ""


def words(raw: str) -> str:
    """Encoded words (RFC 2047) and raw 8-bit bytes, read. Neighbours are joined before: programs
    cut a character in two."""
    plain = text(raw.encode("ascii", "surrogateescape"), None) if not raw.isascii() else raw
    try:
        pieces = decode_header(plain)
    except STUMBLES:
        return plain
    return "".join(
        piece if isinstance(piece, str) else text(piece, charset) for piece, charset in pieces
    )
