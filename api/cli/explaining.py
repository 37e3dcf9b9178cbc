"""rulebook explain CASE."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from api.cli.options import settings_of, with_settings
from api.cli.working import working_office
from api.settings import Settings
from models.because import lines
from models.explain import explain as explained
from models.refusals import Missing
from models.tables import Case
from models.texts import could_be_code


@click.command()
@click.argument("case")
@with_settings
def explain(case: str, data: Path | None, file: Path | None) -> None:
    """说明一个办件按哪条规则，时限怎样计算。"""
    asyncio.run(_explain(settings_of(data, file), case))


async def _explain(settings: Settings, number: str) -> None:
    async with working_office(settings) as office:
        case = await Case.get_or_none(number=number) if could_be_code(number) else None
        if case is None:
            raise Missing(f"没有编号为“{number}”的办件")
        for line in lines(await explained(office, case)):
            click.echo(line)
