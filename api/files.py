"""Files over the integration API: taken in a multipart form, given back to be saved."""

from __future__ import annotations

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
    if request.content_type != "multipart/form-data":
        raise BadBody(f"请以multipart/form-data发送，{part}为JSON，{FILE}为附件。")
    if (request.content_length or 0) > LARGEST_FORM:
        raise _too_large()
    limits = {part: LARGEST_PART, FILE: LARGEST}
    parts: dict[str, bytes] = {}
    try:
        reader = await request.multipart()
        while (each := await reader.next()) is not None:
            name = None if isinstance(each, MultipartReader) else each.name
            if name not in limits or name in parts or isinstance(each, MultipartReader):
                raise BadBody(f"表单应恰有{part}和{FILE}两个部分。")
            parts[name] = await _content(each, limits[name])
    except (
        *(AssertionError, LookupError, RuntimeError, ValueError),
        *(HttpProcessingError, web.RequestPayloadError),
    ):
        # What aiohttp's reader raises for a form that is cut or no form.
        raise BadBody("请求正文不是完整的multipart/form-data表单。") from None
    return parts.get(part, b""), parts.get(FILE, b"")


async def _content(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        content += chunk
        if len(content) > limit:
            raise _too_large()
    return bytes(content)


def _too_large() -> TooLarge:
    return TooLarge(f"附件不能超过{LARGEST // 1024 // 1024}MB，其余内容不能超过64KB。")
