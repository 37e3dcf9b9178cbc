"""Identity tickets of host apps: who has opened our page, signed by the platform that knows them.

Stated for the platform's developers in README.md.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from bot.host_apps import sm2
from bot.host_apps.refusals import (
    TicketAltered,
    TicketEarly,
    TicketExpired,
    TicketForElsewhere,
    TicketUnreadable,
)
from bot.host_apps.settings import HmacHostApp, HostApp
from models.cases.reports import Identity
from models.sm3 import hmac_sm3
from models.texts import Line, Phone

LONGEST: Final = 4096
PHONE_CHECKED: Final = 1
IDENTITY_CHECKED: Final = 2
"""实名认证等级: 0 nothing, 1 the phone, 2 name and identity number, 3 the face, 4 in person."""
_YEAR_2100: Final = 4_102_444_800


class _Payload(BaseModel):
    """Numbers are numbers and texts are texts; what a platform adds for others is not ours."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    aud: str
    sub: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
    iat: Annotated[int, Field(ge=0, lt=_YEAR_2100)]
    nonce: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
    level: Annotated[int, Field(ge=0, le=4)]
    name: str | None = None
    phone: str | None = None
    identity: str | None = None


class _Told(BaseModel):
    """What the platform has checked and tells of the person."""

    name: Line | None
    phone: Phone | None
    identity: Identity | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """`name`, `phone` (E.164) and `identity` are there only if the platform has checked them."""

    subject: str = field(repr=False)
    """The platform's number for the person, always the same."""
    issued_at: datetime
    expires_at: datetime
    """The last moment at which it is taken."""
    nonce: str
    level: int
    name: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    identity: str | None = field(repr=False)

    @property
    def real_name(self) -> bool:
        """Whether the platform vouches for their name (实名)."""
        return self.name is not None


def read_ticket(app: HostApp, name: str, ticket: str, now: datetime) -> Ticket:
    """`name`: of the account in the settings. Raises TicketRefused.

    A ticket is good once: the caller keeps the nonce under `name` until `expires_at` has passed
    (the nonce and not the text, which may carry the same signature in DER), and raises
    TicketReplayed. SM2 is 20 ms of computing.
    """
    if len(ticket) > LONGEST:
        raise TicketUnreadable(app.name)
    signed, _, signature = ticket.partition(".")
    try:
        content, proof = _decoded(signed), _decoded(signature)
    except ValueError:
        raise TicketUnreadable(app.name) from None
    if not (content and proof):
        raise TicketUnreadable(app.name)
    if not _is_signed(app, signed.encode(), proof):
        raise TicketAltered(app.name)
    try:
        payload = _Payload.model_validate_json(content)
        told = _told(app, payload)
    except ValidationError as fault:
        raise TicketUnreadable(app.name, field=_first_field(fault)) from None
    if payload.aud != name:
        raise TicketForElsewhere(app.name)
    issued_at = datetime.fromtimestamp(payload.iat, UTC)
    window = timedelta(seconds=app.window)
    if now > issued_at + window:
        raise TicketExpired(app.name)
    if now < issued_at - window:
        raise TicketEarly(app.name)
    return Ticket(
        subject=payload.sub,
        issued_at=issued_at,
        expires_at=issued_at + window,
        nonce=payload.nonce,
        level=payload.level,
        name=told.name,
        phone=told.phone,
        identity=told.identity,
    )


def _decoded(part: str) -> bytes:
    """Of base64url without padding, in its one spelling. Raises ValueError."""
    content = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if urlsafe_b64encode(content).rstrip(b"=") != part.encode():
        raise ValueError("another spelling")
    return content


def _is_signed(app: HostApp, message: bytes, proof: bytes) -> bool:
    if isinstance(app, HmacHostApp):
        return hmac.compare_digest(hmac_sm3(app.secret.get_secret_value().encode(), message), proof)
    return sm2.holds(app.public_key, app.user_id, message, proof)


def _told(app: HostApp, payload: _Payload) -> _Told:
    """Raises ValidationError. What was not checked is not even looked at: whatever somebody typed
    into their profile keeps nobody out."""

    def counted(text: str | None, level: int) -> str | None:
        return text.strip() or None if text and payload.level >= level else None

    return _Told(
        name=counted(payload.name, app.real_name_level),
        phone=counted(payload.phone, PHONE_CHECKED),
        identity=counted(payload.identity, IDENTITY_CHECKED),
    )


def _first_field(fault: ValidationError) -> str | None:
    at = fault.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
    return str(at[0]) if at else None
