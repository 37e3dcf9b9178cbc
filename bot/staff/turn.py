"""A message of a member of staff, while it is answered: inside a transaction, under their lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.staff.platform import Said
from models.office import Office
from models.ratings.attachments import Proof
from models.tables import Account, StaffDraft

DRAFT: Final = "staff_draft.words"
KEPT: Final = timedelta(minutes=30)
"""For how long a picture waits for its command, and a command for its picture."""
FRESH: Final = timedelta(minutes=10)
"""For how long a command waits for its words: what is written later may mean something else."""


@dataclass(frozen=True, slots=True)
class Turn:
    """`pictures`: those that came with the message."""

    office: Office
    base_url: str
    account: Account
    said: Said
    pictures: tuple[Proof, ...] = ()


async def keep_draft(turn: Turn, words: str, lacks: str) -> None:
    """In place of an earlier one. `lacks`: picture or words."""
    await drop_draft(turn)
    await StaffDraft.create(
        account_id=turn.account.id,
        words=turn.office.keys.seal(words, DRAFT),
        lacks=lacks,
        until=turn.office.now() + (FRESH if lacks == "words" else KEPT),
    )


async def draft(turn: Turn, lacks: str) -> str | None:
    """The words of the command that waits for it."""
    found = await StaffDraft.get_or_none(
        account_id=turn.account.id, lacks=lacks, until__gt=turn.office.now()
    )
    return turn.office.keys.open(found.words, DRAFT) if found else None


async def drop_draft(turn: Turn) -> int:
    """Whether there was one."""
    return await StaffDraft.filter(account_id=turn.account.id).delete()
