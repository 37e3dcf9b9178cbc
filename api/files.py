"""Files over the integration API: taken in a multipart form, given back to be saved."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from api.problems import BadBody, TooLarge
from models.ratings.attachments import ENDINGS, LARGEST

LARGEST_PART: Final = 64 * 1024
"""Bytes of JSON beside the file."""
LARGEST_FILES: Final = 4 * LARGEST
"""Of all files of one form together."""
BESIDE: Final = LARGEST_PART + 16 * 1024
"""Bytes of a form that are no files."""
LARGEST_FORM: Final = LARGEST + BESIDE
"""With one file."""
CHUNK: Final = 64 * 1024
FILE: Final = "file"
FORM: Final = "multipart/form-data"
UNPACKED: Final = "请求正文不完整，或者并没有按Content-Encoding所说的方式压缩。"


@dataclass(frozen=True, slots=True)
class FileAnswer:
    content: bytes
    media_type: str
    name: str
    """Without its ending."""

    def response(self) -> web.Response:
        """To be saved and not shown: whatever it is, no browser runs it as a page of ours."""
        name = f"{self.name}.{ENDINGS[self.media_type]}"
        return web.Response(
            body=self.content,
            content_type=self.media_type,
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            },
        )


async def read_form(request: web.Request, part: str) -> tuple[bytes, bytes]:
    """The JSON in `part` and the file in FILE; what is not sent is empty. Never holds more than
    the limits. Raises BadBody, TooLarge."""
    if request.content_type != FORM:
        raise BadBody(f"请以{FORM}发送，{part}为JSON，{FILE}为附件。")
    said, files = await _parts(request, part, most=1)
    return said, files[0] if files else b""


async def read_several(request: web.Request, part: str, most: int) -> tuple[bytes, list[bytes]]:
    """JSON by itself, or in `part` of a form with up to `most` files in FILE. Raises BadBody,
    TooLarge."""
    if request.content_type == FORM:
        return await _parts(request, part, most)
    return await read_json(request), []


async def read_json(request: web.Request) -> bytes:
    """Raises BadBody."""
    try:
        return await request.read()
    except web.RequestPayloadError:
        raise BadBody(UNPACKED) from None


async def read_file(request: web.Request, kinds: Container[str]) -> bytes:
    """A file by itself, of one of these media types, or as FILE of a form. Never holds more than
    LARGEST. Raises BadBody, TooLarge."""
    if request.content_type == FORM:
        _, files = await _parts(request, None, most=1)
        return files[0] if files else b""
    if request.content_type not in kinds:
        raise BadBody(
            f"请直接以文件为正文（Content-Type如audio/wav），或以{FORM}发送，{FILE}为文件。"
        )
    content = bytearray()
    try:
        async for chunk in request.content.iter_chunked(CHUNK):
            content += chunk
            if len(content) > LARGEST:
                raise _too_large()
    except web.RequestPayloadError:
        raise BadBody(UNPACKED) from None
    return bytes(content)


async def _parts(request: web.Request, part: str | None, most: int) -> tuple[bytes, list[bytes]]:
    """`part` once, and FILE up to `most` times; what is not sent is empty."""
    if (request.content_length or 0) > min(most * LARGEST, LARGEST_FILES) + BESIDE:
        raise _too_large()
    said: bytes | None = None
    files: list[bytes] = []
    try:
        reader = await request.multipart()
        while (each := await reader.next()) is not None:
            name = "" if isinstance(each, MultipartReader) else each.name
            if isinstance(each, MultipartReader) or not (
                (name == FILE and len(files) < most) or (name == part and said is None)
            ):
                raise BadBody(_composed(part, most))
            if name == part:
                said = await _content(each, LARGEST_PART)
                continue
            left = LARGEST_FILES - sum(map(len, files))
            files.append(await _content(each, min(LARGEST, left)))
    except (
        *(AssertionError, LookupError, RuntimeError, ValueError),
        *(HttpProcessingError, web.RequestPayloadError),
    ):
        # What aiohttp's reader raises for a form that is cut or no form.
        raise BadBody(f"请求正文不是完整的{FORM}表单。") from None
    return said or b"", files


def _composed(part: str | None, most: int) -> str:
    names = "和".join(name for name in (part, FILE) if name)
    several = f"，{FILE}至多{most}次" if most > 1 else "，各一次"
    return f"表单应由{names}组成{several}。"


async def _content(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        content += chunk
        if len(content) > limit:
            raise _too_large()
    return bytes(content)


def _too_large() -> TooLarge:
    return TooLarge(f"附件不能超过{LARGEST // 1024 // 1024}MB，其余内容不能超过64KB。")
