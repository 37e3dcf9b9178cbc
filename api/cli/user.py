"""user add | list | disable | enable | password | second-factor: accounts of the console."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from api.cli.options import settings_of, with_settings
from api.cli.working import working_office
from api.settings import Settings
from models.accounts import administering
from models.accounts.administering import AT_THE_COMMAND_LINE, Post
from models.accounts.roles import Role
from models.office import Office
from models.tables import Account

_ROLES = "；".join(f"{role.value} {role.label}" for role in Role)


@click.group()
def user() -> None:
    """工作台的账号：开立、停用、重置。"""


@user.command()
@click.argument("login")
@click.argument("name")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), required=True, help=_ROLES
)
@click.option("--agency", default="", help="所属机构的编码；运维账号不填。")
@click.option("--staff", default="", help="本人作为被评价人的工号。")
@with_settings
def add(
    login: str, name: str, role: str, agency: str, staff: str, data: Path | None, file: Path | None
) -> None:
    """开立账号并显示一次性密码（只显示这一次）。"""
    post = Post(Role(role), agency, staff)
    password = asyncio.run(_add(settings_of(data, file), login, name, post))
    click.echo(f"一次性密码：{password}\n首次登录后须修改密码并启用动态口令。")


@user.command("list")
@with_settings
def list_(data: Path | None, file: Path | None) -> None:
    """列出账号。"""
    for line in asyncio.run(_lines(settings_of(data, file))):
        click.echo(line)


@user.command()
@click.argument("login")
@with_settings
def disable(login: str, data: Path | None, file: Path | None) -> None:
    """停用账号，所有登录立即结束。"""
    asyncio.run(_change(settings_of(data, file), login, administering.disable))
    click.echo(f"已停用：{login}")


@user.command()
@click.argument("login")
@with_settings
def enable(login: str, data: Path | None, file: Path | None) -> None:
    """恢复停用的账号。"""
    asyncio.run(_change(settings_of(data, file), login, administering.enable))
    click.echo(f"已恢复：{login}")


@user.command()
@click.argument("login")
@with_settings
def password(login: str, data: Path | None, file: Path | None) -> None:
    """重置密码，解除锁定，并显示一次性密码（只显示这一次）。"""
    words = asyncio.run(_change(settings_of(data, file), login, administering.reset_password))
    click.echo(f"一次性密码：{words}\n登录后须修改密码。")


@user.command("second-factor")
@click.argument("login")
@with_settings
def second_factor(login: str, data: Path | None, file: Path | None) -> None:
    """重置动态口令：下次登录时重新启用。"""
    asyncio.run(_change(settings_of(data, file), login, administering.reset_second_factor))
    click.echo(f"动态口令已重置：{login}")


async def _add(settings: Settings, login: str, name: str, post: Post) -> str:
    async with working_office(settings) as office:
        _, password = await administering.create(office, AT_THE_COMMAND_LINE, login, name, post)
        return password


async def _lines(settings: Settings) -> list[str]:
    async with working_office(settings):
        accounts = await Account.all().select_related("agency").order_by("login")
        return [_line(account) for account in accounts] or ["还没有账号。"]


def _line(account: Account) -> str:
    agency = account.agency.name if account.agency else "—"
    if account.disabled_at is not None:
        standing = "已停用"
    else:
        standing = "在用" if account.totp_enrolled_at else "未启用动态口令"
    words = (account.login, account.name, Role(account.role).label, agency, standing)
    return "  ".join(words)


async def _change(
    settings: Settings,
    login: str,
    change: Callable[[Office, administering.Administrator, Account], Awaitable[str | None]],
) -> str | None:
    async with working_office(settings) as office:
        account = await administering.account_of(AT_THE_COMMAND_LINE, login)
        return await change(office, AT_THE_COMMAND_LINE, account)
