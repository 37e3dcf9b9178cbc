"""The chats of staff that the settings connect: applications, which reach persons and are written
to, and group robots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from aiohttp import web

from api.hooks import dingtalk, feishu, wecom
from api.settings import Settings
from api.staff.wecom import WECOM, WeComApps
from bot.dingtalk import pushing as dingtalk_pushing
from bot.dingtalk.platform import Platform as DingtalkPlatform
from bot.dingtalk.settings import DingtalkRobot
from bot.feishu.client import Feishu
from bot.feishu.robot import GroupRobot as FeishuGroup
from bot.gateways import Gateway
from bot.staff.gateways import ChatGateway, RobotGateway
from bot.staff.hearing import Hearing
from bot.staff.platform import Robot, StaffApp
from bot.staff.quota import Quota
from bot.staff.reaching import CHAT, ROBOT
from bot.staff.settings import RobotSettings
from bot.wecom.app import WeCom
from bot.wecom.platform import WeComPlatform
from bot.wecom.robot import WeComGroup
from bot.wecom.settings import WeComRobot
from models.office import Office


@dataclass(frozen=True, slots=True)
class StaffChats:
    """`apps`: those in which staff are reached. `robots`: the codes of their agencies."""

    gateways: Mapping[str, Gateway]
    apps: tuple[str, ...]
    robots: Mapping[str, tuple[str, ...]]
    wecom: Mapping[str, wecom.Account]
    dingtalk: Mapping[str, dingtalk.Account]
    feishu: Mapping[str, feishu.Account]
    sign_in: WeComApps
    hearing: Hearing

    def setup(self, app: web.Application) -> None:
        """Where they reach us, and where staff sign in by WeCom."""
        wecom.setup_wecom(app, self.wecom)
        dingtalk.setup_dingtalk(app, self.dingtalk)
        feishu.setup_feishu(app, self.feishu)
        app[WECOM] = self.sign_in
        app.on_shutdown.append(self._rest)

    async def _rest(self, _app: web.Application) -> None:
        await self.hearing.rest()


def staff_chats(
    settings: Settings,
    office: Office,
    session: aiohttp.ClientSession,
    now: Callable[[], datetime],
) -> StaffChats:
    """`now`: the real time."""
    hearing = Hearing(office, settings.base_url)
    apps: dict[str, StaffApp] = {}
    sign_in, by_wecom = {}, {}
    for name, member in settings.wecom.items():
        secret = member.secret.get_secret_value()
        called = WeComPlatform(office, name, member.corp_id, secret, member.base_url, session, now)
        sign_in[name] = (member, called)
        apps[name] = staff = WeCom(called, member.agent_id)
        by_wecom[name] = wecom.account(hearing, member, staff, now)
    by_dingtalk = {}
    for name, robot in settings.dingtalk.items():
        platform = DingtalkPlatform(office, name, robot, session, now)
        apps[name] = dingtalk_pushing.App(platform)
        by_dingtalk[name] = dingtalk.account(hearing, name, robot, platform, now)
    by_feishu = {}
    for name, app in settings.feishu.items():
        apps[name] = client = Feishu(office, name, app, session, now)
        by_feishu[name] = feishu.account(hearing, name, app, client, now)
    quota = Quota(office, now)
    robots = {name: _robot(each, session, now) for name, each in settings.robot.items()}
    gateways: dict[str, Gateway] = {}
    if apps:
        gateways[CHAT] = ChatGateway(apps, quota)
    if robots:
        gateways[ROBOT] = RobotGateway(robots, quota)
    return StaffChats(
        gateways=gateways,
        apps=tuple(apps),
        robots={name: each.agencies for name, each in settings.robot.items()},
        wecom=by_wecom,
        dingtalk=by_dingtalk,
        feishu=by_feishu,
        sign_in=sign_in,
        hearing=hearing,
    )


def _robot(
    settings: RobotSettings, session: aiohttp.ClientSession, now: Callable[[], datetime]
) -> Robot:
    match settings:
        case WeComRobot():
            return WeComGroup(settings, session, now)
        case DingtalkRobot():
            return dingtalk_pushing.GroupRobot(settings, session, now)
    return FeishuGroup(settings, session, now)
