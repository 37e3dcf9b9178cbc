"""/staff/directory: agencies, halls, windows, staff and items, searched and imported from files."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from aiohttp import web

from api.keys import OFFICE
from api.staff.area import region_of, regions_of
from api.staff.rendering import HEADERS, page, see_other
from api.staff.session import account_of, flash, for_roles, form_of
from models.accounts.roles import Role
from models.directory.importing import Counts, import_rows
from models.directory.kinds import KINDS, Kind
from models.directory.reading import Unreadable, read
from models.directory.searching import search
from models.refusals import Invalid

PATH: Final = "/staff/directory"
ROWS: Final = 50
"""On a page."""
FAULTS: Final = 200
"""So many are told. Who has more will upload again."""
LONGEST: Final = 50


@dataclass(frozen=True, slots=True)
class Sought:
    kind: Kind
    text: str
    page: int

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Sought:
        """What an address says that means nothing here is left out."""
        number = query.get("page", "")
        return cls(
            KINDS.get(query.get("kind", ""), KINDS["agency"]),
            "".join(each for each in query.get("q", "").strip() if each.isprintable())[:LONGEST],
            int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        )

    def address(self, number: int) -> str:
        return f"{PATH}?{urlencode({'kind': self.kind.name, 'q': self.text, 'page': number})}"


@for_roles(Role.BUREAU, Role.OPERATOR)
async def show(request: web.Request) -> web.Response:
    return await _page(request)


@for_roles(Role.BUREAU, Role.OPERATOR)
async def take(request: web.Request) -> web.Response:
    """All rows of the file, or none and what is wrong with each."""
    office, form = request.app[OFFICE], form_of(request)
    files = form.files("file")
    if not files:
        return await _page(request, HTTPStatus.UNPROCESSABLE_ENTITY, ("请选择要导入的文件。",))
    name, content = files[0]
    try:
        lines = await asyncio.to_thread(read, name, content, form.text("as") or None)
    except Unreadable as unreadable:
        return await _page(request, HTTPStatus.UNPROCESSABLE_ENTITY, unreadable.faults)
    report = await import_rows(
        office.database, office.shelf, lines, within=region_of(account_of(request))
    )
    if report.bad:
        return await _page(request, HTTPStatus.UNPROCESSABLE_ENTITY, report.bad)
    flash(request, _told(report.counts))
    return see_other(f"{PATH}?{urlencode({'kind': lines[0].kind})}" if lines else PATH)


@for_roles(Role.BUREAU, Role.OPERATOR)
async def template(request: web.Request) -> web.Response:
    """A CSV with the headings of a kind, as Excel opens it."""
    kind = KINDS.get(request.query.get("kind", ""))
    if kind is None:
        raise Invalid("没有这一类", field="kind")
    headings = ",".join(names[0] for names in kind.headings.values())
    return web.Response(
        body=f"\ufeff{headings}\r\n".encode(),
        content_type="text/csv",
        charset="utf-8",
        headers={
            **HEADERS,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(kind.label)}.csv",
        },
    )


async def _page(
    request: web.Request, status: HTTPStatus = HTTPStatus.OK, faults: Iterable[object] = ()
) -> web.Response:
    sought = Sought.of(request.query)
    rows = await search(
        sought.kind,
        sought.text,
        await regions_of(account_of(request)),
        offset=(max(sought.page, 1) - 1) * ROWS,
        limit=ROWS + 1,
    )
    told = [str(each) for each in faults]
    return page(
        request,
        "directory.html",
        status.value,
        sought=sought,
        kinds=[(kind.name, kind.label) for kind in KINDS.values()],
        headings=[(name, known[0]) for name, known in sought.kind.headings.items()],
        rows=rows[:ROWS],
        more=len(rows) > ROWS,
        faults=told[:FAULTS],
        untold=max(len(told) - FAULTS, 0),
    )


def _told(counts: Mapping[str, Counts]) -> str:
    each = (
        f"{KINDS[name].label}新增{done.added}、更改{done.changed}、未变{done.unchanged}"
        for name, done in counts.items()
    )
    return f"已导入：{'；'.join(each) or '没有内容'}。"


ROUTES: Final = (
    web.get(PATH, show),
    web.post(PATH, take),
    web.get(f"{PATH}/template", template),
)
