"""qr: a static code to print."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import click
import segno

from api.cli.options import settings_of, with_settings
from api.cli.working import working_office
from api.qr import drawn
from api.settings import Settings
from models.directory.codes import code_of_hall, code_of_platform, code_of_window, place_of
from models.directory.lookup import Lookup

_MAKERS = {"window": code_of_window, "hall": code_of_hall, "platform": code_of_platform}


@click.command()
@click.argument("kind", type=click.Choice(list(_MAKERS)))
@click.argument("code")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="写入SVG或PNG文件。")
@with_settings
def qr(kind: str, code: str, out: Path | None, data: Path | None, file: Path | None) -> None:
    """窗口、大厅或终端的静态二维码。"""
    if out is not None and out.suffix not in {".svg", ".png"}:
        raise click.BadParameter("文件名应以.svg或.png结尾", param_hint="--out")
    settings = settings_of(data, file)
    place, link = asyncio.run(_code(settings, kind, code))
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
