"""The mini-programs and host apps of the settings, by the account's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from aiohttp import web

from api.mp.limits import Limits
from bot.host_apps.settings import HostApp
from bot.wechat.platform import Platform
from bot.wechat.settings import MiniProgram, Subscription
from models.refusals import Missing
from models.words import Channel


@dataclass(frozen=True, slots=True)
class MiniProgramAccount:
    name: str
    settings: MiniProgram
    platform: Platform

    channel: ClassVar = Channel.MINI_PROGRAM
    session: ClassVar = timedelta(days=7)

    @property
    def templates(self) -> Mapping[str, Subscription]:
        return self.settings.templates


@dataclass(frozen=True, slots=True)
class HostAppAccount:
    name: str
    settings: HostApp

    channel: ClassVar = Channel.HOST_APP
    session: ClassVar = timedelta(hours=2)
    templates: ClassVar[Mapping[str, Subscription]] = {}


Account = MiniProgramAccount | HostAppAccount


@dataclass(frozen=True, slots=True)
class Apps:
    """`now`: the real time, by which tickets end, whatever clock the office goes by."""

    accounts: Mapping[str, Account]
    limits: Limits
    now: Callable[[], datetime]

    def account(self, name: str) -> Account:
        """Raises Missing."""
        try:
            return self.accounts[name]
        except KeyError:
            raise Missing("没有这个应用。") from None


APPS = web.AppKey("apps", Apps)
