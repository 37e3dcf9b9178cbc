"""Mail addresses: read strictly where we write to them, wiped from what is logged."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Final

from models.texts import WHY_LENGTH, harmless

_SHAPE: Final = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@<>()\[\]\\,;:\"]{1,253}")
_WRITTEN: Final = re.compile(r"[^\s<>()\[\]]*(@|\+40|=40|%40)[^\s<>()\[\]]*")
_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){6,}")


def address(text: str) -> Address:
    """`name@domain`, a Chinese domain in its ASCII form. Raises ValueError."""
    if not _SHAPE.fullmatch(text) or not text.isprintable():
        raise ValueError("不是有效的邮箱地址")
    name, _, domain = text.rpartition("@")
    try:
        if name.isascii():
            return Address(addr_spec=f"{name}@{domain.encode('idna').decode()}")
        # The library takes no such addr_spec, which RFC 6531 allows.
        return Address(username=name, domain=domain.encode("idna").decode())
    except (HeaderParseError, ValueError, LookupError):
        raise ValueError("不是有效的邮箱地址") from None


def without_addresses(words: str, to: str = "") -> str:
    """What a mail server said, in one line fit for the dead-letter list: no address, no number
    that may be a phone's, and not the name before the @ of whom it was about (`to`)."""
    line = " ".join(harmless(words, longest=1000).split())
    if name := to.rpartition("@")[0]:
        line = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", line, flags=re.IGNORECASE)
    return _NUMBER.sub("…", _WRITTEN.sub("…", line))[:WHY_LENGTH]
