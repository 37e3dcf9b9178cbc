"""转接: from the agent who has hung up to the rating, by telephone, once a call.

The id is all that AudioSocket carries, and all that a caller needs to rate: nobody can guess it,
it lives for as long as a caller may be kept waiting, and it is used once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from models.contacts import contacts_of
from models.office import Office
from models.refusals import Conflict, Missing, Refused
from models.tables import Call, Handover, Invitation, OptOut
from models.texts import takes_messages
from models.words import Channel, Closing, Level

LIFE: Final = timedelta(hours=2)
"""From the registration on."""


class HandoverUnknown(Missing):
    code = "handover_unknown"

    def __init__(self) -> None:
        super().__init__("没有登记过这次转接")


class HandoverUsed(Conflict):
    code = "handover_used"

    def __init__(self) -> None:
        super().__init__("这次转接已经接通过，不能再次使用")


class HandoverExpired(Refused):
    code = "handover_expired"

    def __init__(self) -> None:
        super().__init__("这次转接已过期")


@dataclass(frozen=True, slots=True)
class Handed:
    """A caller, and what the conversation with them has to know."""

    id: UUID
    call: str
    """Its number."""
    queue: str
    """Empty where the report named none."""
    invitation: Invitation
    negative: frozenset[Level]
    reachable: bool
    """A link can be sent to their telephone."""
    rated: bool
    """Before, otherwise: there is nothing left to ask."""


async def handover_of(office: Office, call: Call) -> Handover:
    """Under the lock of the call: made once, the same ever after."""
    known = await Handover.get_or_none(call=call)
    now = office.now()
    return known or await Handover.create(call=call, opened_at=now, until=now + LIFE)


async def claim(office: Office, id: UUID) -> Handed:  # noqa: A002
    """The caller is on the line. Once: of two who claim at the same time one is refused. Raises
    HandoverUnknown, HandoverUsed, HandoverExpired."""
    now = office.now()
    # Asked and written by one statement: it is its own lock.
    mine = await Handover.filter(id=id, claimed_at=None, until__gt=now).update(claimed_at=now)
    row = await Handover.get_or_none(id=id)
    if row is None:
        raise HandoverUnknown
    if not mine:
        raise HandoverUsed if row.claimed_at is not None else HandoverExpired
    return await handed(office, row)


async def handed(office: Office, row: Handover) -> Handed:
    call = await Call.get(id=row.call_id)
    invitation = await Invitation.get(call_id=call.id)
    version = office.shelf.book(invitation.rulebook).version(invitation.version)
    return Handed(
        id=row.id,
        call=call.number,
        queue=call.queue or "",
        invitation=invitation,
        negative=version.levels.negative,
        reachable=await _reachable(office, invitation),
        rated=invitation.closed_why == Closing.RATED,
    )


async def _reachable(office: Office, invitation: Invitation) -> bool:
    phone = (await contacts_of(office, invitation)).phone
    if phone is None or not takes_messages(phone):
        return False
    stopped = OptOut.filter(
        channel=Channel.SMS.value, address_hash=office.keys.find(phone, "phone")
    )
    return not await stopped.exists()
