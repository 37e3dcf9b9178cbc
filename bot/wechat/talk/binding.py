"""绑定手机号, in the dialogue: a number, a code by SMS, the code written back."""

from __future__ import annotations

import re
from typing import Final

from bot.wechat.talk import wording
from bot.wechat.talk.asking import listed
from bot.wechat.talk.state import Ask, Question
from bot.wechat.talk.turn import Turn
from models.phone_checks import Checked, TooManyChecks, begin_check, end_check
from models.raters import unbind_phone
from models.texts import phone, takes_messages

_CODE: Final = re.compile(r"\s*([0-9]{6})\s*", re.ASCII)


async def begin(turn: Turn, written: str) -> str:
    if not written:
        return wording.WHICH_PHONE
    try:
        number = phone(written)
    except ValueError:
        return wording.BAD_PHONE
    if not takes_messages(number):
        return wording.BAD_PHONE
    try:
        await begin_check(turn.office, turn.rater, number)
    except TooManyChecks:
        return wording.NO_SMS
    turn.ask(Ask.CODE)
    return wording.CODE_SENT


async def told(turn: Turn, question: Question) -> str | None:
    """None: that is no code."""
    code = _CODE.fullmatch(turn.said.words)
    if code is None:
        return None
    match await end_check(turn.office, turn.rater, code[1]):
        case Checked.WRONG:
            return wording.CODE_WRONG
        case Checked.OVER:
            turn.drop(question)
            return wording.CODE_OVER
        case Checked.BOUND:
            turn.drop(question)
            return f"{wording.BOUND}\n{await listed(turn)}"


async def end(turn: Turn) -> str:
    if turn.rater.phone_hash is None:
        return wording.NOT_BOUND
    await unbind_phone(turn.rater)
    return wording.UNBOUND
