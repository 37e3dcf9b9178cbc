"""wechat: whether the accounts of the settings can be called; an official account's menu."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import click

from api.cli.options import settings_of, with_settings
from api.cli.working import working_office
from api.settings import Settings
from bot.gateways import NotDelivered
from bot.wechat.menu import TAPS, put_up
from bot.wechat.platform import Platform
from bot.wechat.settings import MiniProgram, OfficialAccount
from models.clock import SystemClock
from models.refusals import Missing


@click.group()
def wechat() -> None:
    """公众号和小程序：检查账号、设置菜单。"""


@wechat.command()
@with_settings
def check(data: Path | None, file: Path | None) -> None:
    """逐个账号向微信取接口凭证，说明哪些不能用。"""
    found = asyncio.run(_checked(settings_of(data, file)))
    for line, _ in found:
        click.echo(line)
    if not all(good for _, good in found):
        sys.exit(1)


@wechat.command()
@with_settings
@click.argument("account")
def menu(data: Path | None, file: Path | None, account: str) -> None:
    """把公众号的自定义菜单换成：评价、我的评价、帮助。"""
    fault = asyncio.run(_put_up(settings_of(data, file), account))
    if fault is not None:
        click.echo(f"没有换成：{fault}", err=True)
        sys.exit(1)
    click.echo(f"公众号“{account}”的菜单已更换。")


async def _checked(settings: Settings) -> list[tuple[str, bool]]:
    accounts: dict[str, OfficialAccount | MiniProgram] = {
        **settings.wechat,
        **settings.mini_program,
    }
    found = [await _check(settings, name, account) for name, account in accounts.items()]
    return found or [("没有配置公众号（[wechat.名称]）和小程序（[mini_program.名称]）。", True)]


async def _check(
    settings: Settings, name: str, account: OfficialAccount | MiniProgram
) -> tuple[str, bool]:
    if account.app_secret is None:
        return f"{name}：没有设置 app_secret，只能接收和答复消息，不能推送、识别语音。", True
    try:
        async with _platform(settings, name, account) as platform:
            await platform.check()
    except NotDelivered as fault:
        return f"{name}：{fault.why}", False
    return f"{name}：可以使用。", True


async def _put_up(settings: Settings, name: str) -> str | None:
    """What was wrong. Raises Missing."""
    account = settings.wechat.get(name)
    if account is None or account.app_secret is None:
        raise Missing(f"没有名为“{name}”、设置了 app_secret 的公众号")
    try:
        async with _platform(settings, name, account) as platform:
            await put_up(platform, TAPS)
    except NotDelivered as fault:
        return fault.why
    return None


@asynccontextmanager
async def _platform(
    settings: Settings, name: str, account: OfficialAccount | MiniProgram
) -> AsyncIterator[Platform]:
    secret = account.app_secret.get_secret_value() if account.app_secret else ""
    async with working_office(settings) as office, aiohttp.ClientSession() as session:
        now = SystemClock().now
        yield Platform(office, name, account.app_id, secret, account.api, session, now)
