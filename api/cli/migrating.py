"""migrate."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from api.cli.options import settings_of, with_settings
from api.opening import migrate as bring_up
from models.clock import SystemClock


@click.command()
@with_settings
def migrate(data: Path | None, file: Path | None) -> None:
    """建立或升级数据库；新装时生成密钥。"""
    settings = settings_of(data, file)
    applied = asyncio.run(bring_up(settings, SystemClock()))
    click.echo("已执行：" + "、".join(applied) if applied else "数据库已是最新。")
    click.echo(f"密钥文件：{settings.keys_file}。请另行备份：没有它，个人信息无法解密。")
