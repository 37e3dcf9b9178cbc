"""What may be attached, told by its content; and that nobody reads it from the database."""

from __future__ import annotations

from uuid import UUID

import pytest

from models.keys import KeyFault
from models.office import Office
from models.ratings.attachments import (
    ENDINGS,
    LARGEST,
    AttachmentUnfit,
    proof,
    sealed,
    unsealed,
)
from models.sm3 import sm3
from tests.models.ratings.files import FILES, OTHERS, PNG

ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("media_type", FILES)
async def test_pictures_and_recordings_are_known_by_their_content(media_type: str) -> None:
    content = FILES[media_type]
    file = await proof(content)
    assert (file.media_type, file.digest) == (media_type, sm3(content).hex())
    assert media_type in ENDINGS


@pytest.mark.parametrize("kind", OTHERS)
async def test_nothing_else_is_taken(kind: str) -> None:
    with pytest.raises(AttachmentUnfit, match="照片（JPEG、PNG）或录音") as refused:
        await proof(OTHERS[kind])
    assert refused.value.field == "file"


async def test_there_is_a_file_and_it_is_not_too_large() -> None:
    with pytest.raises(AttachmentUnfit, match="附上"):
        await proof(b"")
    assert (await proof(PNG.ljust(LARGEST, b"\0"))).media_type == "image/png"
    with pytest.raises(AttachmentUnfit, match="8MB"):
        await proof(PNG.ljust(LARGEST + 1, b"\0"))


async def test_it_lies_sealed_and_opens_in_its_own_row_only(office: Office) -> None:
    row = await sealed(office, await proof(PNG), ONE)
    assert (row.size, row.media_type) == (len(PNG), "image/png")
    assert b"IHDR" not in row.content
    assert await unsealed(office, row) == PNG
    row.id = OTHER
    with pytest.raises(KeyFault):
        await unsealed(office, row)
