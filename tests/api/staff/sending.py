"""Forms with one named file, and downloads, by a seat at the console."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import FormData
from yarl import URL

from tests.api.service import Answer
from tests.api.staff.desk import Seat


@dataclass(frozen=True)
class Download:
    status: int
    kind: str
    name: str
    content: bytes


async def upload(
    seat: Seat,
    path: str,
    fields: Sequence[tuple[str, str]] = (),
    file: tuple[str, bytes] | None = None,
) -> Answer:
    shown = await seat.get("/staff")
    token = re.search(r'name="csrf" value="([^"]+)"', shown.text)
    assert token is not None, shown.text
    # As browsers do: names as they are.
    data = FormData([("csrf", token[1]), *fields], quote_fields=False)
    if file is not None:
        name, content = file
        data.add_field("file", content, filename=name, content_type="application/octet-stream")
    async with seat.session.post(
        URL(path, encoded=True), data=data, allow_redirects=False
    ) as answer:
        return Answer(answer.status, dict(answer.headers), await answer.text())


async def download(seat: Seat, path: str) -> Download:
    async with seat.session.get(URL(path, encoded=True), allow_redirects=False) as answer:
        return Download(
            answer.status,
            answer.content_type,
            answer.headers.get("Content-Disposition", ""),
            await answer.read(),
        )
