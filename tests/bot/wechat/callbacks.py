"""Our side of an account, made for the platform's."""

from __future__ import annotations

from datetime import datetime

from bot.wechat.callback import Callback
from bot.wechat.incoming import Incoming
from bot.wechat.settings import OfficialAccount
from tests.bot.wechat.crypto import Platform
from tests.standing import MONDAY

SENDER, ACCOUNT = "oyORnuP8q7ou2gfYjqLzSIWZf0rs", "gh_7f083739789a"


def callback(platform: Platform, at: datetime = MONDAY) -> Callback:
    settings = {
        "app_id": platform.app_id,
        "token": platform.token,
        "aes_key": platform.key,
        "mode": platform.mode,
    }
    return Callback(OfficialAccount.model_validate(settings), lambda: at)


def read(platform: Platform, xml: str) -> Incoming:
    return callback(platform).read(*platform.push(xml, MONDAY))


def message(content: str = "评价", /, **more: str) -> str:
    """A text message. `more`: elements besides, or in the place of its own."""
    elements = {
        "ToUserName": ACCOUNT,
        "FromUserName": SENDER,
        "CreateTime": str(int(MONDAY.timestamp())),
        "MsgType": "text",
        "Content": f"<![CDATA[{content}]]>",
        "MsgId": "6054768590064713728",
        **more,
    }
    return f"<xml>{''.join(f'<{name}>{value}</{name}>' for name, value in elements.items())}</xml>"


def event(name: str, key: str = "", /, **more: str) -> str:
    elements = {"MsgType": "event", "Event": name, "EventKey": key, **more}
    return message(**{"MsgId": "", "Content": "", **elements})
