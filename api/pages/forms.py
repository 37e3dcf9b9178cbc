"""What a browser posted, read strictly: who posts is not always a browser."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Final, Self
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from api.pages.plain import Plain

LARGEST: Final = 256 * 1024
"""Bytes. Two reasons and twenty answers of 1,000 characters, nine bytes each."""
MOST_FIELDS: Final = 200
_ONCE: Final = re.compile(r"[A-Za-z0-9_-]{16}")
MANY: Final = "i-"
"""Fields that begin so are checkboxes and may come several times."""
ANSWER: Final = "a-"
"""Fields that begin so answer the questionnaire."""


class Form:
    """Fields by name. `once` is drawn when the form is shown: posted twice, it is one and the
    same submission."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in pairs:
            self._fields.setdefault(name, []).append(value)

    @classmethod
    def fresh(cls, **fields: str) -> Self:
        return cls([("once", secrets.token_urlsafe(12)), *fields.items()])

    def text(self, name: str) -> str:
        return self._fields.get(name, [""])[0].strip()

    def chosen(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._fields.get(name, [])))

    def filled(self, prefix: str) -> bool:
        """Anything in a field whose name begins so."""
        return any(name.startswith(prefix) and self.text(name) for name in self._fields)

    @property
    def once(self) -> str:
        """Raises Plain where it is not one of ours."""
        if not _ONCE.fullmatch(self.text("once")):
            raise _unreadable()
        return self.text("once")

    @property
    def repeated(self) -> bool:
        return any(
            len(values) > 1 and not name.startswith(MANY) for name, values in self._fields.items()
        )


async def read_form(request: web.Request) -> Form:
    """Raises Plain."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise Plain(415, "无法识别的内容", "请通过页面上的表单提交，本页面不接收文件。")
    try:
        body = (await _body(request)).decode()
        pairs = parse_qsl(
            body,
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise _unreadable() from None
    form = Form(pairs)
    if form.repeated:
        raise _unreadable()
    return form


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > LARGEST:
                raise Plain(413, "内容太多", "提交的内容太多，请精简后重新填写。")
    except (HttpProcessingError, web.RequestPayloadError):
        # Said to be compressed, and is not.
        raise _unreadable() from None
    return bytes(body)


def _unreadable() -> Plain:
    return Plain(400, "无法识别的内容", "提交的内容无法识别，请返回上一页重新填写。")
