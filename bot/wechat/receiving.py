"""What comes from an official account: kept before anything is made of it, and answered the same
however often the platform asks.

It asks up to three times, five seconds apart, and perhaps two processes at once. What takes longer
than people should wait is answered by customer-service message.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from tortoise.exceptions import IntegrityError

from bot.receipts import take_report
from bot.wechat.incoming import Incoming, Kind
from bot.wechat.pushing import reference
from bot.wechat.talk import wording
from bot.wechat.working import (
    CONTENT,
    Answered,
    Chat,
    Content,
    answer_later,
    answer_of,
    answered_later,
    hear_of,
    work,
)
from models.consents import consented, withdraw
from models.office import Office
from models.raters import met
from models.tables import ChatMessage, Rater
from models.words import Channel

PATIENCE: Final = timedelta(milliseconds=800)
"""People wonder soon."""
UTMOST: Final = timedelta(seconds=4)
"""Of an account that cannot answer later: after five seconds the platform shows a fault."""
COMMIT: Final = timedelta(milliseconds=150)
"""For what has been answered in time."""
LEFT: Final = timedelta(seconds=15)
"""After that nobody works on it any more: the process died, or the database was away."""
NEWS: Final = timedelta(minutes=1)
"""A result as young as this may have overtaken the answer that names its message."""

log = structlog.get_logger()


class TooEarly(Exception):
    """The result of a message whose sending has not been noted yet: it is to come again."""


async def receive(office: Office, chat: Chat, incoming: Incoming) -> str | None:
    """What is answered at once. None: nothing, or later. Raises TooEarly."""
    if incoming.kind is Kind.SENT:
        await _results(office, chat, incoming)
        return None
    rater = await met(office, chat.name, Channel.OFFICIAL_ACCOUNT, incoming.sender)
    if incoming.kind not in _KEPT:
        await hear_of(office, rater, incoming.kind, incoming.at)
        if incoming.kind is Kind.CONSENT:
            await _consents(chat, rater, incoming)
        return wording.NOTHING_SAID if incoming.kind is Kind.UNREAD else None
    message = await _kept(office, chat, rater, incoming)
    if incoming.kind is Kind.VOICE:
        return wording.LISTENING if chat.calls else wording.NO_VOICE
    if message.answered_at is None:
        return await _in_time(office, chat, message)
    # Nobody is told twice: what was late has gone another way.
    return None if await answered_later(message) else answer_of(office, message)


async def _kept(office: Office, chat: Chat, rater: Rater, incoming: Incoming) -> ChatMessage:
    same = ChatMessage.filter(app=chat.name, once=incoming.once)
    if (known := await same.first()) is not None:
        return known
    content = Content(
        kind=incoming.kind,
        at=incoming.at,
        words=incoming.words,
        scene=incoming.scene,
        key=incoming.key,
        media_id=incoming.media_id,
    )
    now = office.now()
    due: datetime | None = now + LEFT
    if incoming.kind is Kind.VOICE:
        due = now if chat.calls else None
    try:
        return await ChatMessage.create(
            app=chat.name,
            once=incoming.once,
            rater_id=rater.id,
            content=office.keys.seal(content.model_dump_json(exclude_defaults=True), CONTENT),
            received_at=now,
            next_at=due,
        )
    except IntegrityError:
        # Its twin was faster.
        return await same.get()


async def _in_time(office: Office, chat: Chat, message: ChatMessage) -> str | None:
    """The answer; or None, and it follows."""
    patience = PATIENCE if chat.calls else UTMOST
    until = asyncio.get_running_loop().time() + patience.total_seconds()
    working = work(office, chat, message, until=until)
    task = asyncio.create_task(working, name="work on a chat message")
    done, _ = await asyncio.wait({task}, timeout=(patience + COMMIT).total_seconds())
    if not done:
        follow = asyncio.create_task(_follow(office, message.id, task), name="late answer")
        _FOLLOWING.add(follow)
        follow.add_done_callback(_FOLLOWING.discard)
        return None
    try:
        answered = task.result()
    except Exception:
        # It is kept, and is worked on again: the platform need not send it a second time.
        log.exception("a chat message was not answered", message=message.id)
        return None
    return None if answered.later else answered.words


async def _follow(office: Office, message_id: int, task: asyncio.Task[Answered]) -> None:
    try:
        answered = await task
        if answered.first and not answered.later:
            # In time, but for its commit.
            await answer_later(office, message_id)
    except Exception:
        log.exception("a chat message was not answered", message=message_id)


_FOLLOWING: Final[set[asyncio.Task[None]]] = set()
"""Held here, or nobody would hold them."""


async def _consents(chat: Chat, rater: Rater, incoming: Incoming) -> None:
    templates = chat.account.templates
    kinds = {template.id: kind for kind, template in templates.items()}
    for place, each in enumerate(incoming.consents):
        if (kind := kinds.get(each.template_id)) is None:
            continue
        if each.accepted:
            once, lasting = f"{incoming.once[:60]}-{place}", templates[kind].lasting
            await consented(rater, kind, once, lasting=lasting, at=incoming.at)
        else:
            await withdraw(rater, kind, incoming.at)


async def _results(office: Office, chat: Chat, incoming: Incoming) -> None:
    """Raises TooEarly."""
    for report in incoming.reports:
        ours = replace(report, reference=reference(chat.name, report.reference))
        known = await take_report(office, Channel.OFFICIAL_ACCOUNT.value, ours)
        if not known and incoming.at > office.now() - NEWS:
            raise TooEarly


_KEPT: Final = frozenset({Kind.TEXT, Kind.VOICE, Kind.SCAN, Kind.SUBSCRIBE, Kind.CLICK})
