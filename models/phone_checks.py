"""A code by SMS shows whose a phone number is (绑定手机号)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from enum import StrEnum
from typing import Final

from tortoise.expressions import F, Q

from models.notices import notice, put
from models.office import Office
from models.raters import bind_phone
from models.tables import PhoneCheck, Rater

VALID: Final = timedelta(minutes=10)
DAY: Final = timedelta(days=1)
A_DAY: Final = 5
"""Codes for one person, and for one number: nobody's phone is to be flooded."""
GUESSES: Final = 5


class TooManyChecks(Exception):
    """No more codes today."""


class Checked(StrEnum):
    BOUND = "bound"
    WRONG = "wrong"
    OVER = "over"
    """Too late, too many guesses, or none was asked for."""


async def begin_check(office: Office, rater: Rater, phone: str) -> None:
    """Inside a transaction, under the rater's lock. `phone`: E.164. Raises TooManyChecks."""
    now, phone_hash = office.now(), office.keys.find(phone, "phone")
    lately = PhoneCheck.filter(Q(rater=rater) | Q(phone_hash=phone_hash), at__gt=now - DAY)
    if await lately.count() >= A_DAY:
        raise TooManyChecks
    await PhoneCheck.filter(rater=rater, ended_at=None).update(ended_at=now)
    check = await PhoneCheck.create(
        rater=rater,
        phone=office.keys.seal(phone, "phone_check.phone"),
        phone_hash=phone_hash,
        code=office.keys.seal(f"{secrets.randbelow(1_000_000):06}", "phone_check.code"),
        at=now,
        until=now + VALID,
    )
    await put([notice("bind_code", str(check.id), {"check": check.id}, now=now)])


async def end_check(office: Office, rater: Rater, code: str) -> Checked:
    """Inside a transaction, under the rater's lock."""
    now = office.now()
    check = await PhoneCheck.filter(rater=rater, ended_at=None, until__gt=now).first()
    if check is None or check.wrong >= GUESSES:
        return Checked.OVER
    if not secrets.compare_digest(office.keys.open(check.code, "phone_check.code"), code):
        await PhoneCheck.filter(id=check.id).update(wrong=F("wrong") + 1)
        return Checked.WRONG
    await PhoneCheck.filter(id=check.id).update(ended_at=now)
    await bind_phone(office, rater, office.keys.open(check.phone, "phone_check.phone"))
    return Checked.BOUND
