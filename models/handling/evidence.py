"""证据: sealed beside the step that it was given with, as an attachment of an entry is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

from models.office import Office
from models.ratings.attachments import Proof
from models.refusals import Invalid
from models.tables import OrderFile

MOST = 9
"""Files with one step."""


def check(files: Sequence[Proof]) -> None:
    """Raises Invalid."""
    if len(files) > MOST:
        raise Invalid(f"一次最多附{MOST}个文件", field="files")


async def sealed(office: Office, files: Sequence[Proof]) -> list[OrderFile]:
    """Rows that say of which event they are when they are stored. Outside of any transaction:
    sealing takes time."""
    return [await _sealed(office, file) for file in files]


async def _sealed(office: Office, file: Proof) -> OrderFile:
    number = uuid4()
    return OrderFile(
        id=number,
        media_type=file.media_type,
        size=len(file.content),
        digest=file.digest,
        content=await asyncio.to_thread(office.keys.seal_bytes, file.content, _column(number)),
    )


async def unsealed(office: Office, file: OrderFile) -> bytes:
    """Raises KeyFault where the file was altered, or put in another's place."""
    return await asyncio.to_thread(office.keys.open_bytes, bytes(file.content), _column(file.id))


def _column(of: UUID) -> str:
    return f"order_file.content/{of}"
