"""/staff/codes: static codes of a hall's windows, made and printed."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, urlencode

from aiohttp import web
from tortoise.expressions import Q

from api.keys import OFFICE, SETTINGS
from api.sheets.code_sheet import CodeSheet, code_sheet
from api.sheets.pdf import cards, posters
from api.sheets.svg import poster_svg
from api.staff.area import lookup_of, regions_of
from api.staff.rendering import HEADERS, page, see_other
from api.staff.session import account_of, flash, for_roles, form_of
from models.accounts.roles import Role
from models.directory.codes import code_of_hall, code_of_platform, codes_of_windows
from models.refusals import Invalid, Missing
from models.tables import Account, Hall, Platform, StaticCode, Window

PATH: Final = "/staff/codes"
MOST: Final = 500
"""Sheets in one file."""
HALLS: Final = 200


@for_roles(Role.BUREAU, Role.OPERATOR)
async def show(request: web.Request) -> web.Response:
    account = account_of(request)
    if code := request.query.get("hall"):
        return await _hall_page(request, await lookup_of(account).hall(code, "hall"))
    halls, terminals = Hall.all(), Platform.filter(kind="terminal")
    if (regions := await regions_of(account)) is not None:
        halls = halls.filter(region_id__in=list(regions))
        terminals = terminals.filter(region_id__in=list(regions))
    if text := request.query.get("q", "").strip():
        halls = halls.filter(Q(name__icontains=text) | Q(code__icontains=text))
        terminals = terminals.filter(Q(name__icontains=text) | Q(code__icontains=text))
    found = await halls.order_by("code").limit(HALLS)
    return page(
        request,
        "codes.html",
        text=text,
        halls=found,
        places=await _of_terminals(await terminals.order_by("code").limit(HALLS)),
        full=len(found) == HALLS,
    )


async def _hall_page(request: web.Request, hall: Hall) -> web.Response:
    windows = await Window.filter(hall_id=hall.id).order_by("code")
    ids = [each.id for each in windows]
    codes = await StaticCode.filter(Q(hall_id=hall.id) | Q(window_id__in=ids))
    of_window = {each.window_id: each.code for each in codes if each.window_id}
    own = next((each.code for each in codes if each.hall_id), None)
    places = [
        (hall.code, hall.name, own),
        *((each.code, each.name, of_window.get(each.id)) for each in windows),
    ]
    return page(request, "codes_hall.html", hall=hall, places=places)


async def _of_terminals(found: Sequence[Platform]) -> list[tuple[str, str, str | None]]:
    codes = await StaticCode.filter(platform_id__in=[each.id for each in found])
    of_platform = {each.platform_id: each.code for each in codes}
    return [(each.code, each.name, of_platform.get(each.id)) for each in found]


@for_roles(Role.BUREAU, Role.OPERATOR)
async def make(request: web.Request) -> web.Response:
    """Whatever the hall or the terminals still lack. Who asks twice finds them made."""
    office, form, lookup = request.app[OFFICE], form_of(request), lookup_of(account_of(request))
    if code := form.text("hall"):
        hall = await lookup.hall(code, "hall")
        await code_of_hall(office, lookup, code)
        made = await codes_of_windows(office, hall)
        flash(request, f"{hall.name}和它的{len(made)}个窗口都有评价码了。")
        return see_other(f"{PATH}?{urlencode({'hall': code})}")
    chosen = form.chosen("platform")
    for each in chosen:
        await code_of_platform(office, lookup, each)
    flash(request, f"{len(chosen)}台自助终端都有评价码了。")
    return see_other(PATH)


@for_roles(Role.BUREAU, Role.OPERATOR)
async def sheets(request: web.Request) -> web.Response:
    """To print: those that were ticked, or all of a hall."""
    form = request.query.get("form", "posters")
    codes = await _chosen(request, account_of(request))
    office, base = request.app[OFFICE], request.app[SETTINGS].base_url
    drawn = [await code_sheet(office, base, each) for each in codes]
    if form == "svg" and len(drawn) == 1:
        return _file(poster_svg(drawn[0]), "image/svg+xml", f"{drawn[0].place}.svg")
    if form == "svg":
        return _file(await asyncio.to_thread(_zipped, drawn), "application/zip", "评价码.zip")
    make_pdf = cards if form == "cards" else posters
    pdf = await asyncio.to_thread(make_pdf, drawn)
    return _file(pdf, "application/pdf", "评价码台卡.pdf" if form == "cards" else "评价码.pdf")


async def _chosen(request: web.Request, account: Account) -> list[StaticCode]:
    """Raises Invalid, Missing, UnknownReference, Forbidden."""
    found = StaticCode.all()
    if hall := request.query.get("hall"):
        known = await lookup_of(account).hall(hall, "hall")
        found = found.filter(Q(hall_id=known.id) | Q(window__hall_id=known.id))
    else:
        ticked = [each for each in request.query.getall("code", []) if each.isprintable()]
        found = found.filter(code__in=ticked[:MOST])
    if (regions := await regions_of(account)) is not None:
        inside = list(regions)
        found = found.filter(
            Q(hall__region_id__in=inside)
            | Q(window__hall__region_id__in=inside)
            | Q(platform__region_id__in=inside)
        )
    codes = await found.order_by("window__code", "id").limit(MOST + 1)
    if not codes:
        raise Missing("没有选中可以打印的评价码。请先勾选窗口，没有评价码的先生成。")
    if len(codes) > MOST:
        raise Invalid(f"一次最多打印{MOST}张，请分批勾选。")
    return codes


def _zipped(drawn: Sequence[CodeSheet]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, sheet in enumerate(drawn, 1):
            name = "".join(each if each.isalnum() else "_" for each in sheet.place)
            # The year 1980: the same sheets are the same file.
            archive.writestr(zipfile.ZipInfo(f"{number:03d}_{name}.svg"), poster_svg(sheet))
    return out.getvalue()


def _file(content: bytes, kind: str, name: str) -> web.Response:
    return web.Response(
        body=content,
        content_type=kind,
        headers={
            **HEADERS,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        },
    )


ROUTES: Final = (
    web.get(PATH, show),
    web.post(f"{PATH}/make", make),
    web.get(f"{PATH}/sheets", sheets),
)
