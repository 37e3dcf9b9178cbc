"""What staff say in chat, kept once, sealed, with what was answered; an answer that comes too late
for whoever waited goes by the outbox."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Final

from tortoise.exceptions import IntegrityError

from bot.errands import Errand
from bot.gateways import Post
from bot.letter import Letter
from bot.staff.commands import LONGEST
from bot.staff.platform import Answered, Button, Said
from bot.ways import Way
from models.notices import notice, put
from models.office import Office
from models.sm3 import sm3
from models.tables import Notice, StaffMessage

WORDS: Final = "staff_message.words"
ANSWER: Final = "staff_message.answer"
LATE: Final = "staff_answer"
"""The kind of notice."""


async def kept(office: Office, said: Said) -> StaffMessage:
    once = sm3(said.once.encode()).hex()
    same = StaffMessage.filter(app=said.app, once=once)
    if (known := await same.first()) is not None:
        return known
    try:
        return await StaffMessage.create(
            app=said.app,
            once=once,
            words=office.keys.seal(said.words[:LONGEST], WORDS),
            at=office.now(),
        )
    except IntegrityError:
        # Its twin was faster.
        return await same.get()


async def keep_answer(
    office: Office, message: StaffMessage, account: int | None, answered: Answered
) -> int:
    """Whether there was none."""
    sealed = office.keys.seal(json.dumps(asdict(answered)), ANSWER)
    unanswered = StaffMessage.filter(id=message.id, answer=None)
    return await unanswered.update(account_id=account, answer=sealed)


def words_of(office: Office, message: StaffMessage) -> str:
    return office.keys.open(message.words, WORDS)


def answer_of(office: Office, message: StaffMessage) -> Answered:
    said = json.loads(office.keys.open(message.answer or "", ANSWER))
    return Answered(said["text"], tuple(Button(**each) for each in said["buttons"]))


async def answer_late(office: Office, message: StaffMessage) -> None:
    what = str(message.id)
    await put([notice(LATE, what, {"staff_message": message.id}, now=office.now())])


async def answered_late(message: StaffMessage) -> bool:
    return await Notice.exists(once=f"{LATE}:{message.id}")


async def late_answer(office: Office, _post: Post, errand: Errand, _way: Way) -> Letter:
    message = await StaffMessage.get(id=errand.notice.body["staff_message"])
    answered = answer_of(office, message)
    buttons = tuple((button.label, button.command) for button in answered.buttons)
    return Letter("", answered.text, buttons=buttons)
