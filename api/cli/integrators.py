"""integrator add | revoke: API keys of business systems."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
from pydantic import TypeAdapter, ValidationError

from api.access import Name, new_integrator, revoke
from api.cli.options import settings_of, with_settings
from api.cli.working import working_office
from api.sentences import sentence
from api.settings import Settings
from models.refusals import UnknownReference
from models.tables import Region


def _named(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    try:
        return TypeAdapter(Name).validate_python(name)
    except ValidationError as fault:
        raise click.BadParameter(sentence(fault.errors(include_url=False)[0])) from None


@click.group()
def integrator() -> None:
    """接入系统的接口密钥。"""


@integrator.command()
@click.argument("name", callback=_named)
@click.option("--region", help="地区编码；不给出则为管理员密钥。")
@with_settings
def add(name: str, region: str | None, data: Path | None, file: Path | None) -> None:
    """新增一个接入系统并显示它的密钥（只显示这一次）。"""
    click.echo(asyncio.run(_add(settings_of(data, file), name, region)))


@integrator.command("revoke")
@click.argument("name")
@with_settings
def revoke_(name: str, data: Path | None, file: Path | None) -> None:
    """停用一个接入系统的密钥。"""
    asyncio.run(_revoke(settings_of(data, file), name))
    click.echo(f"已停用：{name}")


async def _add(settings: Settings, name: str, region: str | None) -> str:
    async with working_office(settings) as office:
        row = await Region.get_or_none(code=region) if region else None
        if region and row is None:
            raise UnknownReference(f"没有代码为“{region}”的地区", field="region")
        return await new_integrator(office, name, row)


async def _revoke(settings: Settings, name: str) -> None:
    async with working_office(settings) as office:
        await revoke(office, name)
