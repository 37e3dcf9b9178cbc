"""qr: static codes, and the sheets of them to print."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path

import click
import segno

from api.cli.options import settings_of, with_settings
from api.cli.working import working_office
from api.qr import drawn
from api.settings import Settings
from api.sheets.code_sheet import CodeSheet, code_sheet
from api.sheets.pdf import cards, posters
from models.directory.codes import (
    code_of_hall,
    code_of_platform,
    code_of_window,
    codes_of_windows,
    place_of,
)
from models.directory.lookup import Lookup

_MAKERS = {"window": code_of_window, "hall": code_of_hall, "platform": code_of_platform}


@click.command()
@click.argument("kind", type=click.Choice([*_MAKERS, "windows"]))
@click.argument("codes", nargs=-1, required=True)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="写入SVG、PNG或PDF文件。"
)
@click.option("--cards", "as_cards", is_flag=True, help="PDF每页八张台卡。")
@with_settings
def qr(
    kind: str,
    codes: tuple[str, ...],
    out: Path | None,
    as_cards: bool,
    data: Path | None,
    file: Path | None,
) -> None:
    """窗口、大厅或终端的静态二维码。

    windows：一个大厅的全部窗口。写入PDF的是可以张贴的评价码海报或台卡，可以同时写多个代码。
    """
    settings = settings_of(data, file)
    if out is not None and out.suffix == ".pdf":
        sheets = asyncio.run(_sheets(settings, kind, codes))
        out.write_bytes(cards(sheets) if as_cards else posters(sheets))
        click.echo(f"{len(sheets)}张：{out}")
        return
    if as_cards:
        raise click.BadParameter("台卡要写入PDF文件", param_hint="--cards")
    if kind == "windows" or len(codes) > 1:
        raise click.BadParameter("多个二维码要写入PDF文件", param_hint="--out")
    if out is not None and out.suffix not in {".svg", ".png"}:
        raise click.BadParameter("文件名应以.svg、.png或.pdf结尾", param_hint="--out")
    place, link = asyncio.run(_code(settings, kind, codes[0]))
    click.echo(f"{place}\n{link}")
    if out is not None:
        out.write_bytes(drawn(link, out.suffix.removeprefix(".")))
        return
    shown = io.StringIO()
    segno.make(link, error="m", micro=False).terminal(shown, compact=True)
    click.echo(shown.getvalue())


async def _code(settings: Settings, kind: str, code: str) -> tuple[str, str]:
    async with working_office(settings) as office:
        found = await _MAKERS[kind](office, Lookup.of_everything(), code)
        return await place_of(found), f"{settings.base_url}/q/{found.code}"


async def _sheets(settings: Settings, kind: str, codes: Sequence[str]) -> list[CodeSheet]:
    lookup = Lookup.of_everything()
    async with working_office(settings) as office:
        if kind == "windows":
            halls = [await lookup.hall(code, "hall") for code in codes]
            found = [code for hall in halls for code in await codes_of_windows(office, hall)]
        else:
            found = [await _MAKERS[kind](office, lookup, code) for code in codes]
        return [await code_sheet(office, settings.base_url, code) for code in found]
