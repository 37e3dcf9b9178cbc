"""How long a text may be that goes to somebody in a chat, as an answer or later."""

from __future__ import annotations

from typing import Final

TEXT_BYTES: Final = 2048
"""Of UTF-8. The page of customer-service messages does not say; this is what the platform takes."""


def cut(text: str) -> str:
    """Between two characters, where it is too long."""
    octets = text.encode()
    if len(octets) <= TEXT_BYTES:
        return text
    return octets[: TEXT_BYTES - len("…".encode())].decode(errors="ignore") + "…"
