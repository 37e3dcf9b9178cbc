"""What comes from an official account: kept before anything is made of it, and answered the same
however often the platform asks.

It asks up to three times, five seconds apart, and perhaps two processes at once. What takes longer
than people should wait is answered by customer-service message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import structlog
from tortoise.expressions import Q

from bot.receipts import take_report
from bot.wechat.incoming import Incoming, Kind
from bot.wechat.pushing import reference
from bot.wechat.talk import wording
from bot.wechat.working import (
    CONTENT,
    Chat,
    Content,
    answer_later,
    answer_of,
    answered_later,
    work,
)
from models.consents import consented, withdraw
from models.office import Office
from models.raters import met
from models.tables import ChatMessage, Rater
from models.words import Channel

PATIENCE: Final = timedelta(milliseconds=800)
"""The platform shows a fault after five seconds; people wonder long before."""
LEFT: Final = timedelta(seconds=15)
"""After that nobody works on it any more: the process died, or the database was away."""
AFTER_WORDS: Final = timedelta(hours=48)
AFTER_A_TAP: Final = timedelta(minutes=1)
"""客服消息: how long the platform lets us write back."""
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
    await _follows(office, rater, incoming)
    if incoming.kind is Kind.CONSENT:
        await _consents(chat, rater, incoming)
    if incoming.kind is Kind.UNREAD:
        return wording.NOTHING_SAID
    if incoming.kind not in _ANSWERED:
        return None
    message = await _kept(office, chat, rater, incoming)
    if incoming.kind is Kind.VOICE:
        return wording.LISTENING if chat.hears else wording.NO_VOICE
    if message.answered_at is None:
        return await _in_time(office, message, work(office, chat, message.id))
    # Nobody is told twice: what was late has gone another way.
    return None if await answered_later(message) else answer_of(office, message)


async def _kept(office: Office, chat: Chat, rater: Rater, incoming: Incoming) -> ChatMessage:
    content = Content(
        kind=incoming.kind,
        at=incoming.at,
        words=incoming.words,
        scene=incoming.scene,
        key=incoming.key,
        media_id=incoming.media_id,
    )
    now = office.now()
    row = ChatMessage(
        app=chat.name,
        once=incoming.once,
        rater_id=rater.id,
        content=office.keys.seal(content.model_dump_json(exclude_defaults=True), CONTENT),
        received_at=now,
        next_at=now + LEFT,
    )
    if incoming.kind is Kind.VOICE:
        row.next_at = now if chat.hears else None
    await ChatMessage.bulk_create([row], ignore_conflicts=True)
    return await ChatMessage.get(app=chat.name, once=incoming.once)


async def _in_time(
    office: Office, message: ChatMessage, working: Coroutine[Any, Any, str]
) -> str | None:
    """The answer; or None, and it follows."""
    task = asyncio.create_task(working, name="work on a chat message")
    done, _ = await asyncio.wait({task}, timeout=PATIENCE.total_seconds())
    if not done:
        follow = asyncio.create_task(_follow(office, message.id, task), name="late answer")
        _FOLLOWING.add(follow)
        follow.add_done_callback(_FOLLOWING.discard)
        return None
    try:
        return task.result()
    except Exception:
        # It is kept, and is worked on again: the platform need not send it a second time.
        log.exception("a chat message was not answered", message=message.id)
        return None


async def _follow(office: Office, message_id: int, task: asyncio.Task[str]) -> None:
    try:
        await task
        await answer_later(office, message_id)
    except Exception:
        log.exception("a chat message was not answered", message=message_id)


_FOLLOWING: Final[set[asyncio.Task[None]]] = set()
"""Held here, or nobody would hold them."""


async def _follows(office: Office, rater: Rater, incoming: Incoming) -> None:
    """By what they did last: the platform's news come in any order, and to several processes."""
    follows = incoming.kind is not Kind.UNSUBSCRIBE
    if rater.follows_at is None or incoming.at > rater.follows_at:
        later = Rater.filter(Q(follows_at=None) | Q(follows_at__lt=incoming.at), id=rater.id)
        await later.update(follows=follows, follows_at=incoming.at)
    spoke = incoming.kind in (Kind.TEXT, Kind.VOICE, Kind.UNREAD)
    until = office.now() + (AFTER_WORDS if spoke else AFTER_A_TAP)
    if follows and (rater.service_until is None or until > rater.service_until):
        longer = Rater.filter(Q(service_until=None) | Q(service_until__lt=until), id=rater.id)
        await longer.update(service_until=until)


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


_ANSWERED: Final = frozenset({Kind.TEXT, Kind.VOICE, Kind.SCAN, Kind.SUBSCRIBE, Kind.CLICK})
