"""import FILE …"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from api.cli.options import settings_of, with_settings
from api.cli.working import working_office
from api.settings import Settings
from models.directory.importing import ImportReport, import_rows
from models.directory.kinds import KINDS
from models.directory.reading import Unreadable, read


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--kind", type=click.Choice(list(KINDS)), help="文件名看不出种类时指定。")
@with_settings
def import_(files: Sequence[Path], kind: str | None, data: Path | None, file: Path | None) -> None:
    """导入机构目录（CSV或XLSX）。

    地区、机构、大厅、窗口、人员、事项、主题、平台，种类由文件名看出。全部正确才保存。
    """
    try:
        report = asyncio.run(_import(settings_of(data, file), files, kind))
    except Unreadable as unreadable:
        click.echo(str(unreadable), err=True)
        sys.exit(1)
    if report.bad:
        click.echo(f"有{len(report.bad)}处有误，没有保存任何一行：", err=True)
        for bad in report.bad:
            click.echo(str(bad), err=True)
        sys.exit(1)
    for name, counts in report.counts.items():
        click.echo(
            f"{KINDS[name].label}：新增{counts.added}，更改{counts.changed}，未变{counts.unchanged}"
        )


async def _import(settings: Settings, files: Sequence[Path], kind: str | None) -> ImportReport:
    rows = [row for file in files for row in read(file.name, file.read_bytes(), kind)]
    async with working_office(settings) as office:
        return await import_rows(office.database, office.shelf, rows)
