"""自定义菜单 of an official account: at most three buttons, under each at most five more.

Source: “创建自定义菜单”,
developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.wechat.platform import Platform


@dataclass(frozen=True, slots=True)
class Tap:
    """Comes to the callback as a click with this key."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Web:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class MiniProgramPage:
    """`url`: where old versions of WeChat go instead. `app_id`: linked with the account."""

    name: str
    app_id: str
    page: str
    url: str


TAPS: Final = {"rate": "评价", "look": "我的评价", "help": "帮助"}
"""Ours: a tap says what stands on the button. By the button's key."""

Button = Tap | Web | MiniProgramPage


@dataclass(frozen=True, slots=True)
class Under:
    """A button that opens others."""

    name: str
    buttons: tuple[Button, ...]


async def put_up(platform: Platform, buttons: Sequence[Button | Under]) -> None:
    """In place of the menu that is there. Raises PlatformError."""
    body = {"button": [_written(each) for each in buttons]}
    await platform.call("POST", "/cgi-bin/menu/create", json=body)


def _written(button: Button | Under) -> dict[str, object]:
    match button:
        case Tap():
            return {"type": "click", "name": button.name, "key": button.key}
        case Web():
            return {"type": "view", "name": button.name, "url": button.url}
        case MiniProgramPage():
            return {
                "type": "miniprogram",
                "name": button.name,
                "url": button.url,
                "appid": button.app_id,
                "pagepath": button.page,
            }
        case Under():
            return {"name": button.name, "sub_button": [_written(each) for each in button.buttons]}
