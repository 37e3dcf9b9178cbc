"""calendar check YEAR."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.options import settings_of, with_settings
from api.folder import load_days
from models.calendar.added_years import load_folder
from models.calendar.checking import check_year


@click.group()
def calendar() -> None:
    """工作日历：国务院办公厅每年的放假通知。"""


@calendar.command()
@click.argument("year", type=click.IntRange(2000, 2100))
@with_settings
def check(year: int, data: Path | None, file: Path | None) -> None:
    """查看一年的放假安排是否已有；没有时说明怎样添加。"""
    settings = settings_of(data, file)
    folder = settings.calendar_folder
    added = load_folder(folder) if folder.is_dir() else ()
    for line in check_year(year, load_days(settings), added, folder=folder):
        click.echo(line)
