"""doctor: what is missing, in words. Exit code 1 where the service would not start."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import click
from tortoise.expressions import Subquery

from api.cli.faults import FAULTS, told
from api.cli.options import settings_of, with_settings
from api.cli.working import working_office
from api.settings import Settings
from bot.wechat.settings import Mode
from ivr.prompts import Prompts
from ivr.settings import Hotline
from models.directory.regions import bureau_of, rulebook_name
from models.office import Office
from models.orders.states import State
from models.tables import (
    Account,
    Agency,
    ChatBinding,
    Integrator,
    Invitation,
    Notice,
    OrderDeadline,
    Region,
    WorkOrder,
)
from models.words import NoticeState


@click.command()
@with_settings
def doctor(data: Path | None, file: Path | None) -> None:
    """检查安装，说明缺少什么。"""
    try:
        found = asyncio.run(_examine(settings_of(data, file)))
    except FAULTS as fault:
        click.echo(f"不能启动：{told(fault)}", err=True)
        sys.exit(1)
    for line in found:
        click.echo(f"- {line}")
    click.echo("可以启动。" if not found else f"可以启动；以上{len(found)}项请处理。")


async def _examine(settings: Settings) -> list[str]:
    async with working_office(settings) as office:
        found = [line async for line in _findings(settings, office)]
    if not settings.sms:
        found.append("没有配置短信渠道（[sms.名称]），邀请和提醒发不出去")
    if settings.mail is None:
        found.append("没有配置邮件服务器（[mail]），给机构的通知发不出去")
    found += _apps(settings)
    if settings.hotline is not None:
        found += _hotline(settings, settings.hotline)
    if settings.public_url is None:
        found.append(f"没有设置 public_url，链接和二维码将指向 {settings.base_url}")
    return found


def _hotline(settings: Settings, hotline: Hotline) -> Iterator[str]:
    """Raises PromptFault."""
    Prompts(hotline.prompts)
    if settings.speech_model is None:
        yield "热线用的是自带的试用语音模型，听不懂真实来电人：请设置 speech_model"
    if hotline.prompts is None:
        yield "热线的提示音是合成的：请换成人工录音（[hotline]的 prompts）"


def _apps(settings: Settings) -> Iterator[str]:
    for name, account in settings.wechat.items():
        if account.mode is Mode.PLAIN:
            yield f"公众号“{name}”是明文模式，消息内容没有签名保护：请改用安全模式（aes）"
        if account.app_secret is None:
            yield f"公众号“{name}”没有设置 app_secret：不能推送，不能识别语音，慢的答复会丢失"
        elif not account.templates:
            yield f"公众号“{name}”没有设置通知模板（templates）：邀请和提醒不会经它推送"
    for name, program in settings.mini_program.items():
        if not program.templates:
            yield f"小程序“{name}”没有设置通知模板（templates）：邀请和提醒不会经它推送"


async def _orders(settings: Settings) -> AsyncIterator[str]:
    """差评工单 that nobody can receive, hear of or handle."""
    waiting = WorkOrder.exclude(state__in=[state.value for state in State if state.ended])
    if nobody := await waiting.filter(holder=None).count():
        yield f"有{nobody}张差评工单没有接收人：请在机构目录里指定主管部门"
    if not await Account.exists(disabled_at=None):
        yield "还没有工作人员账号：用 haochaping user add 开立，第一个应是运维账号"
    bound = ChatBinding.filter(ended_at=None).values("account__agency_id")
    in_chat = {code for robot in settings.robot.values() for code in robot.agencies}
    unheard = Agency.filter(email=None).exclude(code__in=in_chat)
    if silent := await unheard.exclude(id__in=Subquery(bound)).count():
        yield (
            f"有{silent}个机构没有电子邮箱、群机器人，也没有人绑定聊天，差评工单的通知送不到："
            "请在机构目录里填写邮箱，或请承办人员在工作台的“本人”页绑定"
        )
    handlers = Account.filter(disabled_at=None, agency_id__not_isnull=True).values("agency_id")
    idle = waiting.exclude(holder_id__in=Subquery(handlers)).filter(holder_id__not_isnull=True)
    if unhandled := await idle.count():
        yield f"有{unhandled}张差评工单所在的机构没有账号，无人能办理：用 haochaping user add 开立"


async def _findings(settings: Settings, office: Office) -> AsyncIterator[str]:
    used = await _rulebooks_in_use()
    for book in office.shelf.without_date():
        if book.name in used:
            yield f"规则书“{book.name}”没有施行日期（原文未写），请在规则书里填写 effective_from"
    async for line in _regions():
        yield line
    if not await Integrator.exists(revoked_at=None):
        yield "还没有接入系统：用 haochaping integrator add 生成接口密钥"
    async for line in _provisional(office):
        yield line
    async for line in _orders(settings):
        yield line
    if waiting := await Notice.filter(
        state=NoticeState.WAITING.value, due_at__lte=office.now()
    ).count():
        yield f"有{waiting}条通知到时未发：没有配置对应的发送渠道，或渠道不通"
    if dead := await Notice.filter(state=NoticeState.DEAD.value).count():
        yield f"有{dead}条通知已放弃发送：用 haochaping outbox dead 查看，处理后可以重发"


async def _rulebooks_in_use() -> set[str]:
    return {region.rulebook for region in await Region.all() if region.rulebook}


async def _regions() -> AsyncIterator[str]:
    regions = await Region.all()
    if not regions:
        yield "还没有地区和机构：用 haochaping import 导入"
    for region in regions:
        if not await Agency.exists(region=region):
            continue
        if await rulebook_name(region.id) is None:
            yield f"地区“{region.name}”及其上级都没有规则书，办件无法受理"
        if await bureau_of(region.id) is None:
            yield f"地区“{region.name}”没有主管部门，差评工单将无人接收"


async def _provisional(office: Office) -> AsyncIterator[str]:
    orders = await OrderDeadline.filter(provisional=True).count()
    invitations = await Invitation.filter(provisional=True).count()
    if orders or invitations:
        year = office.days.covered_until + 1
        yield (
            f"有{orders}个工单时限和{invitations}个评价期限是暂推的："
            f"请添加{year}年的放假通知（haochaping calendar check {year}）"
        )
