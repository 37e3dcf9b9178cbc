"""动态口令 (TOTP, RFC 6238): six digits from an app on the telephone, half a minute each.

`now` is the real time, which the telephone's clock goes by.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

import pyotp
from tortoise.expressions import Q

from models.accounts.history import Kind, record
from models.office import Office
from models.tables import Account

ISSUER: Final = "政务服务好差评"
PERIOD: Final = 30
"""Seconds of a step."""
DRIFT: Final = 1
"""Steps that the telephone may be slow or fast."""


async def begin(office: Office, account: Account) -> None:
    """A new secret, in place of one that was shown and never confirmed."""
    secret = office.keys.seal(pyotp.random_base32(), _column(account))
    await Account.filter(id=account.id, totp_enrolled_at=None).update(totp_secret=secret)


def secret_of(office: Office, account: Account) -> str | None:
    """In base32, as it is typed into an app. Raises KeyFault."""
    if account.totp_secret is None:
        return None
    return office.keys.open(account.totp_secret, _column(account))


def address(secret: str, login: str) -> str:
    """otpauth://…, for the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that the code belongs to. None: to none of now."""
    code = "".join(code.split())
    if not (code.isascii() and code.isdigit()):
        return None
    totp, current = pyotp.TOTP(secret, interval=PERIOD), int(now.timestamp()) // PERIOD
    for step in range(current - DRIFT, current + DRIFT + 1):
        if secrets.compare_digest(totp.generate_otp(step), code):
            return step
    return None


async def passes(office: Office, account: Account, code: str, now: datetime) -> bool:
    """Whether the code is right and has not been used. Of two who send it at once one passes."""
    secret = secret_of(office, account)
    step = step_of(secret, code, now) if secret else None
    if step is None:
        return False
    unused = Account.filter(id=account.id, totp_secret=account.totp_secret).filter(
        Q(totp_step=None) | Q(totp_step__lt=step)
    )
    if not await unused.update(totp_step=step):
        return False
    if account.totp_enrolled_at is None:
        await Account.filter(id=account.id).update(totp_enrolled_at=office.now())
        await record(office, account, Kind.FACTOR_ENROLLED)
    return True


def _column(account: Account) -> str:
    return f"account.totp_secret:{account.id}"
