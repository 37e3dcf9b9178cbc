"""From a message to the variables of an approved template (模板变量)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from bot.gateways import Message, Rejected

FIELDS: Final = frozenset({"agency", "subject", "level", "until", "note", "code"})
"""What `Message.fields` may hold, whatever the kind."""
LINKS: Final = frozenset({"link", "link_path"})
"""`link_path` is what follows the host and its slash: providers want the host in the approved words
and take only the rest as a variable."""
VARIABLES: Final = FIELDS | LINKS

MAINLAND: Final = "+86"


def national(phone: str) -> str:
    """As carriers in the mainland write it; of other places without the plus sign."""
    return phone.removeprefix(MAINLAND).removeprefix("+")


def linked(message: Message) -> dict[str, str]:
    """The message's fields and its link, whole and without the host."""
    link = message.link or message.fields.get("link", "")
    parts = urlsplit(link)
    path = parts.path.removeprefix("/") + (f"?{parts.query}" if parts.query else "")
    return {**message.fields, "link": link, "link_path": path}


def variables(message: Message, names: Sequence[str], longest: int) -> Mapping[str, str]:
    """What the template of this kind takes, in its order, each at most `longest` characters.

    A link is never cut: half a link leads nowhere. Raises Rejected where something is missing,
    since no provider takes an empty variable.
    """
    known = linked(message)
    filled: dict[str, str] = {}
    for name in names:
        value = " ".join(known.get(name, "").split())
        if not value:
            raise Rejected(f"{message.kind} 的短信模板需要 {name}，这条消息没有")
        too_long = len(value) > longest and name not in LINKS
        filled[name] = f"{value[: longest - 1]}…" if too_long else value
    return filled
