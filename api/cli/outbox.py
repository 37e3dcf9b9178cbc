"""outbox: what was given up, and sending it again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from api.cli.options import settings_of, with_settings
from api.cli.working import working_office
from api.settings import Settings
from models.calendar.beijing import spoken
from models.notices import send_again
from models.refusals import Missing
from models.tables import Notice
from models.words import NoticeState


@click.group()
def outbox() -> None:
    """已放弃发送的通知：查看、重发。"""


@outbox.command()
@with_settings
def dead(data: Path | None, file: Path | None) -> None:
    """列出已放弃发送的通知。"""
    for line in asyncio.run(_dead(settings_of(data, file))):
        click.echo(line)


@outbox.command()
@with_settings
@click.argument("numbers", nargs=-1, required=True, type=int)
def resend(data: Path | None, file: Path | None, numbers: tuple[int, ...]) -> None:
    """按编号重发。"""
    asyncio.run(_resend(settings_of(data, file), numbers))
    click.echo(f"{len(numbers)}条通知将重新发送。")


async def _dead(settings: Settings) -> list[str]:
    async with working_office(settings):
        found = await Notice.filter(state=NoticeState.DEAD.value).order_by("id")
        return [
            f"{each.id}\t{each.kind}\t{spoken(each.due_at)}\t{each.attempts}次\t{each.why}"
            for each in found
        ]


async def _resend(settings: Settings, numbers: tuple[int, ...]) -> None:
    """All of them or none. Raises Missing, Conflict."""
    async with working_office(settings) as office, office.database.transaction():
        for number in numbers:
            found = await Notice.get_or_none(id=number)
            if found is None:
                raise Missing(f"没有编号为“{number}”的通知")
            await send_again(office, found)
