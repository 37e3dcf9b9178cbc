"""What a provider's hook brings: receipts (状态报告) and replies (上行短信)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from bot.callbacks import Malformed
from bot.reading import WORDS_LENGTH, moment, parsed, reference, word
from bot.receipts import Report
from models.sm3 import sm3
from models.tables.cases import HASH_LENGTH
from models.texts import harmless, phone


@dataclass(frozen=True, slots=True)
class SmsReply:
    """`reference`: at most 64 characters, the same however often the provider repeats itself;
    `phone`: E.164."""

    reference: str
    phone: str
    words: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Received:
    reports: tuple[Report, ...] = ()
    replies: tuple[SmsReply, ...] = ()
    broken: int = 0
    """Items that could not be read. Their neighbours could."""


class Answer(NamedTuple):
    """What the provider wants to hear once its push is kept."""

    body: str
    content_type: str


JSON: Final = "application/json"


def items(body: bytes) -> list[object]:
    """A JSON array's items, or the one JSON object. Raises Malformed."""
    try:
        value = parsed(body)
    except ValueError:
        raise Malformed("no JSON") from None
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return value
    raise Malformed("neither an array nor an object")


def collect(things: Iterable[object], read: Callable[[object], Report | SmsReply]) -> Received:
    """`read` raises ValueError for an item it cannot read."""
    reports: list[Report] = []
    replies: list[SmsReply] = []
    broken = 0
    for thing in things:
        try:
            item = read(thing)
        except ValueError:
            broken += 1
        else:
            if isinstance(item, Report):
                reports.append(item)
            else:
                replies.append(item)
    return Received(tuple(reports), tuple(replies), broken)


def report(number: object, *, delivered: bool, why: str, at: object) -> Report:
    """Raises ValueError."""
    known = reference(number)
    if known is None:
        raise ValueError("a receipt for no message")
    return Report(known, delivered, why, moment(at))


def reply(number: object, sender: str, words: object, at: object) -> SmsReply:
    """Raises ValueError."""
    who, said = phone(sender), harmless(word(words), WORDS_LENGTH)
    if not said:
        raise ValueError("a reply without words")
    known = reference(number)
    if known is None or len(known) > HASH_LENGTH:
        whole = json.dumps([known, who, said, word(at)])
        known = sm3(whole.encode()).hex()
    return SmsReply(known, who, said, moment(at))
