"""Files over the integration API: taken in a multipart form, given back to be saved."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from api.problems import BadBody, TooLarge
from models.ratings.attachments import ENDINGS, LARGEST

LARGEST_PART: Final = 64 * 1024
"""Bytes of JSON beside the file."""
LARGEST_FORM: Final = LARGEST + LARGEST_PART + 16 * 1024
CHUNK: Final = 64 * 1024
FILE: Final = "file"
FORM: Final = "multipart/form-data"


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
    parts = await _parts(request, {part: LARGEST_PART, FILE: LARGEST})
    return parts.get(part, b""), parts.get(FILE, b"")


async def read_file(request: web.Request, kinds: Container[str]) -> bytes:
    """A file by itself, of one of these media types, or as FILE of a form. Never holds more than
    LARGEST. Raises BadBody, TooLarge."""
    if request.content_type == FORM:
        return (await _parts(request, {FILE: LARGEST})).get(FILE, b"")
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
        raise BadBody("请求正文不完整，或者并没有按Content-Encoding所说的方式压缩。") from None
    return bytes(content)


async def _parts(request: web.Request, limits: Mapping[str, int]) -> dict[str, bytes]:
    """By name. `limits`: bytes of each."""
    if (request.content_length or 0) > LARGEST_FORM:
        raise _too_large()
    parts: dict[str, bytes] = {}
    try:
        reader = await request.multipart()
        while (each := await reader.next()) is not None:
            name = "" if isinstance(each, MultipartReader) else each.name or ""
            if name not in limits or name in parts or isinstance(each, MultipartReader):
                raise BadBody(f"表单应由{'和'.join(limits)}组成，各一次。")
            parts[name] = await _content(each, limits[name])
    except (
        *(AssertionError, LookupError, RuntimeError, ValueError),
        *(HttpProcessingError, web.RequestPayloadError),
    ):
        # What aiohttp's reader raises for a form that is cut or no form.
        raise BadBody(f"请求正文不是完整的{FORM}表单。") from None
    return parts


async def _content(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        content += chunk
        if len(content) > limit:
            raise _too_large()
    return bytes(content)


def _too_large() -> TooLarge:
    return TooLarge(f"附件不能超过{LARGEST // 1024 // 1024}MB，其余内容不能超过64KB。")
