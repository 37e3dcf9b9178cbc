"""What is not answered while the platform waits: voice messages, and what was left over by a
process that died. Answered by customer-service message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from tortoise.expressions import F

from bot.gateways import NotDelivered
from bot.wechat.errors import Refused
from bot.wechat.incoming import Kind
from bot.wechat.media import recording
from bot.wechat.platform import Platform
from bot.wechat.talk import wording
from bot.wechat.talk.rating import RECORDING
from bot.wechat.working import (
    Chat,
    Transcript,
    content_of,
    excuse,
    expire_talk,
    work,
)
from ivr.speech.decoding import NotAudio, TooLong, decoded
from ivr.speech.recognising import SURE, Recogniser
from models.office import Office
from models.tables import ChatMessage, Rater

AT_ONCE: Final = 8
CLAIM: Final = timedelta(minutes=2)
"""Longer than fetching and making out a minute of speech takes."""
TRIES: Final = (timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=2))
"""How long to wait after each that failed; after the last the sender is told."""
KEPT: Final = timedelta(days=3)
"""Far longer than the platform repeats itself."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Account:
    """`platform`: None where the account has no secret in the settings."""

    chat: Chat
    platform: Platform | None


async def listen(
    office: Office, accounts: Mapping[str, Account], recogniser: Recogniser | None
) -> int:
    """Work on what is due; how many messages."""
    now = office.now()
    due = await ChatMessage.filter(next_at__lte=now).order_by("next_at").limit(AT_ONCE)
    claimed = [each for each in due if each.app in accounts and await _claim(office, each)]
    await asyncio.gather(*(_work(office, accounts[each.app], recogniser, each) for each in claimed))
    for rater in await Rater.filter(talk_until__lte=now).limit(AT_ONCE):
        await expire_talk(office, rater.id)
    await ChatMessage.filter(received_at__lt=now - KEPT, next_at=None).delete()
    return len(claimed)


async def _claim(office: Office, message: ChatMessage) -> bool:
    """Compare and set: another process may have been faster."""
    mine = ChatMessage.filter(id=message.id, next_at=message.next_at)
    return bool(await mine.update(next_at=office.now() + CLAIM, attempts=F("attempts") + 1))


async def _work(
    office: Office, account: Account, recogniser: Recogniser | None, message: ChatMessage
) -> None:
    try:
        await _answered(office, account, recogniser, message)
    except (Refused, NotAudio, TooLong):
        # Gone from the platform, or no sound: said again it may be better.
        await excuse(office, message, wording.NOT_HEARD)
    except Exception as fault:
        if not isinstance(fault, NotDelivered):
            log.exception("a chat message was not answered", message=message.id)
        await _later(office, message)


async def _answered(
    office: Office, account: Account, recogniser: Recogniser | None, message: ChatMessage
) -> None:
    content, heard = content_of(office, message), None
    if content.kind is Kind.VOICE:
        if recogniser is None or account.platform is None:
            return await excuse(office, message, wording.NO_VOICE)
        heard = await _heard(office, account.platform, recogniser, message, content.media_id or "")
        if not heard.words:
            return await excuse(office, message, wording.NOT_HEARD)
    await work(office, account.chat, message, heard)
    return None


async def _heard(
    office: Office,
    platform: Platform,
    recogniser: Recogniser,
    message: ChatMessage,
    media_id: str,
) -> Transcript:
    """The recording is kept: a transcript is a hint."""
    sound = await recording(platform, media_id)
    sealed = office.keys.seal_bytes(sound, RECORDING)
    await ChatMessage.filter(id=message.id).update(recording=sealed)
    made_out = await recogniser.hear(await decoded(sound))
    return Transcript(made_out.text, sure=made_out.confidence >= SURE)


async def _later(office: Office, message: ChatMessage) -> None:
    tried = message.attempts
    if tried >= len(TRIES):
        return await excuse(office, message, wording.FAILED)
    await ChatMessage.filter(id=message.id, answered_at=None).update(
        next_at=office.now() + TRIES[tried]
    )
    return None
