"""附件: the picture of the paper form or the recording of the call that an entry was keyed in from.

Handwriting and voices are personal data: sealed, and bound to their own row.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import filetype

from models.office import Office
from models.refusals import Invalid
from models.sm3 import sm3
from models.tables import Attachment

LARGEST: Final = 8 * 1024 * 1024
"""Bytes."""

KINDS: Final = {
    # What the library calls it: the registered media type, the ending of a file's name.
    "image/jpeg": ("image/jpeg", "jpg"),
    "image/png": ("image/png", "png"),
    "audio/x-wav": ("audio/wav", "wav"),
    "audio/mpeg": ("audio/mpeg", "mp3"),
    "audio/amr": ("audio/amr", "amr"),
    "audio/mp4": ("audio/mp4", "m4a"),
    "audio/ogg": ("audio/ogg", "ogg"),
}
ENDINGS: Final = dict(KINDS.values())


class AttachmentUnfit(Invalid):
    code = "attachment_unfit"

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that may be attached. `digest`: SM3 of it as it came, in hex."""

    content: bytes
    media_type: str
    digest: str


async def proof(content: bytes) -> Proof:
    """Its kind is told by what is in it, not by its name. Raises AttachmentUnfit."""
    if not content:
        raise AttachmentUnfit("请附上原件的照片或录音")
    if len(content) > LARGEST:
        raise AttachmentUnfit("附件不能超过8MB")
    known = KINDS.get(filetype.guess_mime(content) or "")
    if known is None:
        raise AttachmentUnfit("附件应为照片（JPEG、PNG）或录音（WAV、MP3、AMR、M4A、OGG）")
    # 8 MB take a tenth of a second: others are served meanwhile.
    digest = await asyncio.to_thread(sm3, content)
    return Proof(content, known[0], digest.hex())


async def sealed(office: Office, file: Proof, id: UUID) -> Attachment:  # noqa: A002
    """A row that says of what evaluation or opinion it is when it is stored."""
    content = await asyncio.to_thread(office.keys.seal_bytes, file.content, _column(id))
    return Attachment(
        id=id,
        media_type=file.media_type,
        size=len(file.content),
        digest=file.digest,
        content=content,
    )


async def unsealed(office: Office, attachment: Attachment) -> bytes:
    """Raises KeyFault where the file was altered, or put in another's place."""
    return await asyncio.to_thread(
        office.keys.open_bytes, bytes(attachment.content), _column(attachment.id)
    )


def _column(of: UUID) -> str:
    return f"attachment.content/{of}"
