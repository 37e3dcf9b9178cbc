"""rulebook list | show | check | explain."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from api.cli.later import Later
from api.cli.options import settings_of, with_settings
from api.folder import load_shelf
from models.refusals import Missing
from models.rulebooks.faults import RulebookFaults
from models.rulebooks.reading import read
from models.rulebooks.showing import list_lines, show_lines


@click.group()
def rulebook() -> None:
    """规则书：列出、查看、检查、说明依据。"""


@rulebook.command("list")
@with_settings
def list_(data: Path | None, file: Path | None) -> None:
    """列出规则书和版本。"""
    for line in list_lines(load_shelf(settings_of(data, file))):
        click.echo(line)


@rulebook.command()
@click.argument("name")
@click.option("--version", "number", type=int, help="第几版，默认最新。")
@with_settings
def show(name: str, number: int | None, data: Path | None, file: Path | None) -> None:
    """查看一部规则书的每条规则和出处。"""
    shelf = load_shelf(settings_of(data, file))
    book = shelf.national if name == shelf.national.name else shelf.book(name)
    try:
        shown = show_lines(book, len(book.versions) if number is None else number)
    except IndexError:
        raise Missing(f"规则书“{name}”没有第{number}版") from None
    for line in shown:
        click.echo(line)


@rulebook.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_settings
def check(path: Path, data: Path | None, file: Path | None) -> None:
    """检查一个规则书文件，逐条指出错误、键和行号。"""
    base = load_shelf(settings_of(data, file)).base
    try:
        text = path.read_text(encoding="utf-8-sig")
        book = read(text, base, str(path))
    except UnicodeDecodeError:
        click.echo(f"{path}：不是UTF-8编码的文件", err=True)
        sys.exit(1)
    except RulebookFaults as faults:
        click.echo(str(faults), err=True)
        sys.exit(1)
    click.echo(
        f"{path}：没有错误（{book.jurisdiction}《{book.title}》，{len(book.versions)}个版本）"
    )


rulebook.add_command(
    Later("explain", "api.cli.explaining", "explain", "说明一个办件按哪条规则，时限怎样计算。")
)
