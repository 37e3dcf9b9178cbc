"""What the console's forms send: fields, and files where there are any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from models.refusals import Invalid

LARGEST: Final = 24 * 1024 * 1024
"""Bytes. A few pictures, or a directory."""
MOST_FIELDS: Final = 2000


class TooLarge(Invalid):
    code = "too_large"


class Form:
    def __init__(
        self, fields: Iterable[tuple[str, str]], files: Iterable[tuple[str, str, bytes]] = ()
    ) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name, []).append(value)
        self._files = [each for each in files if each[1]]

    def text(self, name: str) -> str:
        """Without the space around it; empty: nothing was sent."""
        return self._fields.get(name, [""])[0].strip()

    def raw(self, name: str) -> str:
        """As it was typed: a password."""
        return self._fields.get(name, [""])[0]

    def chosen(self, name: str) -> tuple[str, ...]:
        """Of several checkboxes of one name."""
        return tuple(dict.fromkeys(self._fields.get(name, [])))

    def files(self, name: str) -> tuple[tuple[str, bytes], ...]:
        """The file's name, as the browser gave it, and what is in it."""
        return tuple((file, content) for field, file, content in self._files if field == name)


async def read_form(request: web.Request) -> Form:
    """Raises Invalid, TooLarge."""
    try:
        if request.content_type == "multipart/form-data":
            return await _multipart(request)
        if request.content_type == "application/x-www-form-urlencoded":
            sent = (await _whole(request).read()).decode()
            return Form(parse_qsl(sent, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge(f"提交的内容不能超过{LARGEST // 1024 // 1024}MB。") from None
    except (HttpProcessingError, web.RequestPayloadError, ValueError):
        raise _unreadable() from None
    raise _unreadable()


async def _multipart(request: web.Request) -> Form:
    sent = await _whole(request).post()
    fields, files = [], []
    for name, value in sent.items():
        if isinstance(value, web.FileField):
            with value.file:
                files.append((name, value.filename, value.file.read()))
        elif isinstance(value, str):
            fields.append((name, value))
        elif value:
            raise _unreadable()
        # Nothing: what browsers send of a field for files with none chosen.
    return Form(fields, files)


def _whole(request: web.Request) -> web.Request:
    return request.clone(client_max_size=LARGEST)


def _unreadable() -> Invalid:
    return Invalid("提交的内容无法识别，请返回上一页重新填写。")
