"""From a message to a mail: what a server is handed, and what the citizen reads on a phone."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from itertools import zip_longest
from typing import Final, NamedTuple
from unicodedata import east_asian_width
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.gateways import Message
from bot.mail.addresses import address
from bot.mail.settings import MailSettings
from models.calendar.beijing import BEIJING

_BUTTONS: Final = {
    "invitation": "立即评价",
    "reminder": "立即评价",
    "thanks": "查看评价回执",
    "why": "填写原因",
    "by_link": "立即填写",
    "order_answered": "查看答复",
    "order_extended": "查看办理情况",
    "order_excluding": "查看理由，提出异议",
    "order_stands": "查看办理情况",
    "order_excluded": "查看详情",
    "order_confirm": "确认是否满意",
}
TO_CITIZENS: Final = frozenset(_BUTTONS)
"""Kinds of messages that can be unsubscribed from."""

_LINK: Final = re.compile(r"(https?://[!-~]+)")

# Made ready at once: the first letter would hold everything up for that long, callers too.
_LETTER: Final = Environment(
    loader=PackageLoader("bot.mail"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("letter.html")


class Piece(NamedTuple):
    """A stretch of the text: lines, or one link."""

    lines: list[str]
    link: str | None = None


def compose(message: Message, settings: MailSettings) -> EmailMessage:
    """HTML and plain text, both complete in themselves. All of it but an address that needs
    SMTPUTF8 is ASCII in short lines. Raises ValueError where `message.to` is no mail address."""
    to = address(message.to)
    mail = EmailMessage(policy=SMTP if to.addr_spec.isascii() else SMTPUTF8)
    mail["From"] = _sender(settings)
    mail["To"] = to
    if settings.reply_to is not None:
        mail["Reply-To"] = address(settings.reply_to)
    mail["Subject"] = one_line(message.title)
    mail["Date"] = message.at.astimezone(BEIJING)
    mail["Message-ID"] = message_id(message, settings)
    # RFC 3834: whoever is away does not answer us.
    mail["Auto-Submitted"] = "auto-generated"
    if settings.reply_to is not None and message.kind in TO_CITIZENS:
        mail["List-Unsubscribe"] = f"<mailto:{quote(settings.reply_to, safe='@')}?subject=TD>"
    mail.set_content(_text(message, settings), cte="base64")
    mail.add_alternative(_html(message, settings), subtype="html", cte="base64")
    # After the content, which starts with no content headers.
    mail["Content-Language"] = "zh-CN"
    return mail


def message_id(message: Message, settings: MailSettings) -> str:
    """The same at every attempt: mail programs show what they have twice once."""
    return f"<{message.key}@{settings.domain}>"


def one_line(text: str) -> str:
    """Nothing that could end a header."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _sender(settings: MailSettings) -> Address:
    sender = address(settings.sender)
    return Address(settings.sender_name, sender.username, sender.domain)


def _text(message: Message, settings: MailSettings) -> str:
    parts = [message.text.strip()]
    if message.link is not None and message.link not in message.text:
        parts.append(message.link)
    if message.table:
        parts.append("\n".join(_aligned(message.table)))
    parts.append(f"{settings.sender_name}（系统自动发送）")
    return "\n\n".join(parts) + "\n"


def _aligned(table: tuple[tuple[str, ...], ...]) -> list[str]:
    columns = zip_longest(*table, fillvalue="")
    widths = [max(map(_width, column)) for column in columns]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)
        ).rstrip()
        for row in table
    ]


def _width(cell: str) -> int:
    """In columns of a fixed-width font, where a Chinese character takes two."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in cell)


def _html(message: Message, settings: MailSettings) -> str:
    pieces = _pieces(message.text)
    if message.link is not None and all(piece.link != message.link for piece in pieces):
        pieces.append(Piece([], message.link))
    return _LETTER.render(
        title=one_line(message.title),
        pieces=pieces,
        link=message.link,
        button=_BUTTONS.get(message.kind, "打开链接"),
        table=message.table,
        sender=settings.sender_name,
    )


def _pieces(text: str) -> list[Piece]:
    return [
        Piece([], part) if _LINK.fullmatch(part) else Piece(part.strip().splitlines())
        for part in _LINK.split(text)
        if part.strip()
    ]
