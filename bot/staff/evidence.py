"""Pictures sent in chat: with their command, up to half an hour before it, or after it when it has
asked for them."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

from tortoise.queryset import QuerySet

from bot.staff.platform import Said
from bot.staff.turn import KEPT, Turn
from models.handling.evidence import MOST
from models.office import Office
from models.ratings.attachments import Proof, proof
from models.tables import StaffPicture


async def fetched(said: Said) -> tuple[Proof, ...]:
    """From the platform. Raises NotDelivered, AttachmentUnfit."""
    return tuple([await proof(await fetch()) for fetch in said.pictures[:MOST]])


async def keep(turn: Turn) -> None:
    """Until a command takes them."""
    office, now = turn.office, turn.office.now()
    await StaffPicture.filter(at__lte=now - KEPT).delete()
    for each in turn.pictures:
        id_ = uuid4()
        await StaffPicture.create(
            id=id_,
            account_id=turn.account.id,
            media_type=each.media_type,
            size=len(each.content),
            digest=each.digest,
            content=await asyncio.to_thread(office.keys.seal_bytes, each.content, _column(id_)),
            at=now,
        )


async def for_command(turn: Turn) -> tuple[Proof, ...]:
    """What came with it, and the newest of what waits for it."""
    room = MOST - len(turn.pictures)
    found = await _waiting(turn).order_by("-at").limit(room) if room else []
    return (*[await _opened(turn.office, each) for each in reversed(found)], *turn.pictures)


async def use(turn: Turn) -> None:
    """They lie with their step now."""
    await _waiting(turn).delete()


def _waiting(turn: Turn) -> QuerySet[StaffPicture]:
    return StaffPicture.filter(account_id=turn.account.id, at__gt=turn.office.now() - KEPT)


async def _opened(office: Office, picture: StaffPicture) -> Proof:
    """Raises KeyFault."""
    content = await asyncio.to_thread(
        office.keys.open_bytes, bytes(picture.content), _column(picture.id)
    )
    return Proof(content, picture.media_type, picture.digest)


def _column(of: UUID) -> str:
    return f"staff_picture.content/{of}"
