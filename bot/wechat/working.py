"""A kept message, worked on once: under its sender's lock what was asked, what is stored and what
is answered become true together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

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
    """An official account, as whoever writes to it meets it. `hears`: voice messages can be made
    out."""

    name: str
    account: OfficialAccount
    base_url: str
    hears: bool


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


async def work(
    office: Office, chat: Chat, message_id: int, transcript: Transcript | None = None
) -> str:
    """The answer; to a message that has one already, the same."""
    async with office.database.transaction():
        sender = (await ChatMessage.get(id=message_id).only("rater_id")).rater_id
        rater = await Rater.filter(id=sender).select_for_update().get()
        # Read under the lock: its twin may have been faster.
        message = await ChatMessage.get(id=message_id)
        if message.answered_at is not None:
            return answer_of(office, message)
        talk, answer = await _talked(office, chat, rater, message, transcript)
        await _keep(office, rater, talk)
        await _answer(office, message_id, answer)
    return answer


async def excuse(office: Office, message_id: int, words: str) -> None:
    """Nothing can be made of it, and its sender is told so."""
    async with office.database.transaction():
        await _answer(office, message_id, words)
    await answer_later(office, message_id)


async def _answer(office: Office, message_id: int, words: str) -> None:
    await ChatMessage.filter(id=message_id, answered_at=None).update(
        answer=office.keys.seal(words, ANSWER), answered_at=office.now(), next_at=None
    )


async def _talked(
    office: Office, chat: Chat, rater: Rater, message: ChatMessage, heard: Transcript | None
) -> tuple[Talk, str]:
    talk, content = _talk(office, rater), content_of(office, message)
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
        rater = await Rater.filter(id=rater_id).select_for_update().get()
        await _keep(office, rater, await expire(office, rater, _talk(office, rater)))


async def answer_later(office: Office, message_id: int) -> None:
    """By customer-service message, for as long as the platform lets us."""
    message = await ChatMessage.get(id=message_id).select_related("rater")
    until = message.rater.service_until
    if not message.answer or until is None:
        return
    later = notice("answer", str(message.id), {"chat": message.id}, now=office.now())
    later.give_up_at = until
    await put([later])


async def answered_later(message: ChatMessage) -> bool:
    return await Notice.exists(once=f"answer:{message.id}")


def answer_of(office: Office, message: ChatMessage) -> str:
    return office.keys.open(message.answer, ANSWER) if message.answer else ""


def content_of(office: Office, message: ChatMessage) -> Content:
    return Content.model_validate_json(office.keys.open(message.content, CONTENT))


def _talk(office: Office, rater: Rater) -> Talk:
    if not rater.talk:
        return Talk()
    return Talk.model_validate_json(office.keys.open(rater.talk, TALK))


async def _keep(office: Office, rater: Rater, talk: Talk) -> None:
    kept = office.keys.seal(talk.model_dump_json(exclude_defaults=True), TALK)
    await Rater.filter(id=rater.id).update(talk=kept, talk_until=talk.until)
