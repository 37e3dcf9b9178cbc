"""mail: one message from a pipe, as a mail server hands it over."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Final

import click

from api.cli.options import settings_of, with_settings
from api.cli.working import working_office
from api.failures import DATABASE_AWAY
from api.mailbox import mailbox_agency
from api.settings import Settings
from bot.letterbox import take_mail

AGAIN: Final = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the message and tries again."""


@click.command()
@with_settings
@click.option("--agency", required=True, help="意见邮箱所属机构的编码。")
def mail(data: Path | None, file: Path | None, agency: str) -> None:
    """从标准输入读取一封邮件：答复邀请的记为评价，其他记为意见。"""
    raw = sys.stdin.buffer.read()
    try:
        taken_as = asyncio.run(_take(settings_of(data, file), agency, raw))
    except DATABASE_AWAY:
        click.echo("数据库暂时无法使用，请稍后重试。", err=True)
        sys.exit(AGAIN)
    click.echo(taken_as)


async def _take(settings: Settings, agency: str, raw: bytes) -> str:
    async with working_office(settings) as office:
        return (await take_mail(office, await mailbox_agency(agency), raw)).value
