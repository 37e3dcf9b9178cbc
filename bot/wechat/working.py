"""A kept message, worked on once: under its sender's lock what was asked, what is stored and what
is answered become true together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from bot.wechat.following import heard_of
from bot.wechat.incoming import Kind
from bot.wechat.menu import TAPS
from bot.wechat.settings import OfficialAccount
from bot.wechat.talk import wording
from bot.wechat.talk.conversation import converse, expire
from bot.wechat.talk.state import Talk
from bot.wechat.talk.turn import Said
from models.notices import notice, put
from models.office import Office
from models.tables import ChatMessage, Notice, Rater

CONTENT: Final = "chat_message.content"
ANSWER: Final = "chat_message.answer"
TALK: Final = "rater.talk"
"""What each is sealed for."""


@dataclass(frozen=True, slots=True)
class Chat:
    """An official account, as whoever writes to it meets it. `calls`: its server API can be called,
    so voice messages are fetched, and what takes long is answered later."""

    name: str
    account: OfficialAccount
    base_url: str
    calls: bool


class Content(BaseModel):
    """Of a message, as it is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    at: datetime
    words: str = ""
    scene: str | None = None
    key: str | None = None
    media_id: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """Of a voice message. `sure`: well enough heard to count without asking."""

    words: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """`later`: it goes another way than to who has asked. `first`: nobody had answered before."""

    words: str
    later: bool
    first: bool


async def work(
    office: Office,
    chat: Chat,
    message: ChatMessage,
    transcript: Transcript | None = None,
    *,
    until: float | None = None,
) -> Answered:
    """The answer; to a message that has one already, the same. `until`: for how long somebody waits
    for it, by the loop's clock; None: nobody does. What nobody waits for any more is put into the
    outbox with it: one of several who ask, and a process that dies, must not decide otherwise."""
    async with office.database.transaction():
        rater = await _locked(message.rater_id)
        # Read under the lock: its twin may have been faster.
        message = await ChatMessage.get(id=message.id)
        if message.answered_at is not None:
            later = await answered_later(message)
            return Answered(answer_of(office, message), later, first=False)
        content = content_of(office, message)
        talk, answer = await _talked(office, chat, rater, message, content, transcript)
        follows = heard_of(rater, content.kind, content.at, message.received_at)
        await _change(rater, _kept(office, talk) | follows)
        await _answer(office, message.id, answer)
        late = until is None or asyncio.get_running_loop().time() >= until
        if late and answer:
            await _put(office, message.id, rater)
    return Answered(answer, late, first=True)


async def excuse(office: Office, message: ChatMessage, words: str) -> None:
    """Nothing can be made of it, and its sender is told so."""
    content = content_of(office, message)
    async with office.database.transaction():
        rater = await _locked(message.rater_id)
        await _change(rater, heard_of(rater, content.kind, content.at, message.received_at))
        if await _answer(office, message.id, words):
            await _put(office, message.id, rater)


async def hear_of(office: Office, rater: Rater, kind: Kind, at: datetime) -> None:
    """That they follow, or have left, by what is no message."""
    async with office.database.transaction():
        rater = await _locked(rater.id)
        await _change(rater, heard_of(rater, kind, at, office.now()))


async def _answer(office: Office, message_id: int, words: str) -> int:
    return await ChatMessage.filter(id=message_id, answered_at=None).update(
        answer=office.keys.seal(words, ANSWER), answered_at=office.now(), next_at=None
    )


async def _talked(
    office: Office,
    chat: Chat,
    rater: Rater,
    message: ChatMessage,
    content: Content,
    heard: Transcript | None,
) -> tuple[Talk, str]:
    talk = _talk(office, rater)
    if content.kind is Kind.SUBSCRIBE and content.scene is None:
        return talk, wording.WELCOME
    said = Said(once=message.once, at=content.at, words=content.words, scene=content.scene)
    if content.kind is Kind.CLICK:
        # A button of somebody else's menu says nothing to us.
        said = Said(once=message.once, at=content.at, words=TAPS.get(content.key or "", "帮助"))
    if heard is not None:
        said = Said(message.once, content.at, heard.words, recording=message.id, sure=heard.sure)
    return await converse(office, chat.base_url, rater, talk, said)


async def expire_talk(office: Office, rater_id: int) -> None:
    """What nobody has answered in time is over."""
    async with office.database.transaction():
        rater = await _locked(rater_id)
        await _change(rater, _kept(office, await expire(office, rater, _talk(office, rater))))


async def answer_later(office: Office, message_id: int) -> None:
    """By customer-service message, for as long as the platform lets us."""
    message = await ChatMessage.get(id=message_id).select_related("rater")
    if message.answer:
        await _put(office, message.id, message.rater)


async def _put(office: Office, message_id: int, rater: Rater) -> None:
    if rater.service_until is None:
        return
    later = notice("answer", str(message_id), {"chat": message_id}, now=office.now())
    later.give_up_at = rater.service_until
    await put([later])


async def answered_later(message: ChatMessage) -> bool:
    return await Notice.exists(once=f"answer:{message.id}")


async def _locked(rater_id: int) -> Rater:
    """Not their key: what they send meanwhile is kept without waiting."""
    return await Rater.filter(id=rater_id).select_for_update(no_key=True).get()


def answer_of(office: Office, message: ChatMessage) -> str:
    return office.keys.open(message.answer, ANSWER) if message.answer else ""


def content_of(office: Office, message: ChatMessage) -> Content:
    return Content.model_validate_json(office.keys.open(message.content, CONTENT))


def _talk(office: Office, rater: Rater) -> Talk:
    if not rater.talk:
        return Talk()
    return Talk.model_validate_json(office.keys.open(rater.talk, TALK))


def _kept(office: Office, talk: Talk) -> dict[str, Any]:
    kept = office.keys.seal(talk.model_dump_json(exclude_defaults=True), TALK)
    return {"talk": kept, "talk_until": talk.until}


async def _change(rater: Rater, changes: dict[str, Any]) -> None:
    if changes:
        rater.update_from_dict(changes)
        await Rater.filter(id=rater.id).update(**changes)
