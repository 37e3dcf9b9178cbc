"""绑定, in the dialogue: a phone number, a code by SMS, the code written back. Of staff: the code
that the console shows, and what is pushed to them comes here."""

from __future__ import annotations

import re
from typing import Final

from bot.staff.leaving import leave
from bot.wechat.talk import wording
from bot.wechat.talk.asking import listed
from bot.wechat.talk.state import Ask, Question
from bot.wechat.talk.turn import Turn
from models.accounts.binding import DIGITS, CodeUnknown, bind
from models.phone_checks import Checked, TooManyChecks, begin_check, end_check
from models.raters import openid_of, unbind_phone
from models.texts import phone, takes_messages
from models.words import Channel

_CODE: Final = re.compile(r"\s*([0-9]{6})\s*", re.ASCII)
_STAFF_CODE: Final = re.compile(rf"[0-9]{{{DIGITS}}}", re.ASCII)
"""No phone number: a mobile's has eleven digits, a land line's with its area ten."""


async def begin(turn: Turn, written: str) -> str:
    """Raises Refused for a code of the console that is none."""
    if not written:
        return wording.WHICH_PHONE
    if _STAFF_CODE.fullmatch(written):
        return await _staff(turn, written)
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
    ended = await leave(turn.office, turn.rater.app, openid_of(turn.office, turn.rater))
    if turn.rater.phone_hash is None:
        return wording.STAFF_UNBOUND if ended else wording.NOT_BOUND
    await unbind_phone(turn.rater)
    return wording.UNBOUND


async def _staff(turn: Turn, code: str) -> str:
    openid = openid_of(turn.office, turn.rater)
    platform = Channel.OFFICIAL_ACCOUNT.value
    try:
        account = await bind(turn.office, platform, turn.rater.app, openid, code)
    except CodeUnknown:
        # A citizen may have left out the area, or three digits.
        return wording.BAD_PHONE + wording.OR_BAD_CODE
    return wording.staff_bound(account.name)
