"""自定义菜单 of an official account: at most three buttons.

Source: “创建自定义菜单”,
developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.wechat.platform import Platform

TAPS: Final = {"rate": "评价", "look": "我的评价", "help": "帮助"}
"""Ours, by key: a tap comes to the callback as a click with it, and says what stands there."""


async def put_up(platform: Platform, taps: Mapping[str, str]) -> None:
    """In place of the menu that is there. `taps`: labels by key. Raises NotDelivered."""
    buttons = [{"type": "click", "name": label, "key": key} for key, label in taps.items()]
    await platform.call("POST", "/cgi-bin/menu/create", json={"button": buttons})
