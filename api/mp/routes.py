"""/mp/{account}/…: the API of mini-programs and host apps, and the page that a host app opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from aiohttp import web

from api.endpoints import add
from api.mp import entry, follow_ups, login, person, places, ratings, receipts, scenes
from api.mp.accounts import APPS, Account, Apps, HostAppAccount, MiniProgramAccount
from api.mp.limits import Limits
from api.pages.plain import served
from bot.host_apps.settings import HostApp
from bot.wechat.platform import Platform
from bot.wechat.settings import MiniProgram

ENDPOINTS = (
    *login.ENDPOINTS,
    *person.ENDPOINTS,
    *scenes.ENDPOINTS,
    *ratings.ENDPOINTS,
    *places.ENDPOINTS,
    *receipts.ENDPOINTS,
    *follow_ups.ENDPOINTS,
)


def setup_mp(
    app: web.Application,
    mini_programs: Mapping[str, tuple[MiniProgram, Platform]],
    host_apps: Mapping[str, HostApp],
    now: Callable[[], datetime],
    limits: Limits | None = None,
) -> None:
    """`now`: the real time, by which tickets end, whatever clock the office goes by."""
    accounts: dict[str, Account] = {
        name: MiniProgramAccount(name, settings, platform)
        for name, (settings, platform) in mini_programs.items()
    }
    accounts |= {name: HostAppAccount(name, settings) for name, settings in host_apps.items()}
    app[APPS] = Apps(accounts, limits or Limits(), now)
    add(app, ENDPOINTS)
    app.router.add_get("/mp/{account}/enter", served(entry.enter))
    app.router.add_get("/mp/{account}/mine", served(entry.mine))
