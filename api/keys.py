"""What the application carries, by typed key."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from api.settings import Settings
from bot.wechat.platform import Platform
from bot.wechat.settings import MiniProgram, OfficialAccount
from ivr.recordings import Listener
from models.office import Office

OFFICE = web.AppKey("office", Office)
WeChatAccounts = Mapping[str, tuple[OfficialAccount | MiniProgram, Platform]]
"""Those that can be called, by name."""

WECHAT = web.AppKey("wechat", WeChatAccounts)
SPEECH = web.AppKey("speech", Listener)
SETTINGS = web.AppKey("settings", Settings)
