"""What WeCom pushes, as the examples of its documentation have it."""

from __future__ import annotations

from datetime import datetime

from bot.wecom.callback import Callback
from tests.bot.wecom.conftest import settings
from tests.bot.wecom.fake_wecom import FakeWeCom
from tests.standing import MONDAY

URL = "http://127.0.0.1:1"


def wecom(at: datetime = MONDAY) -> FakeWeCom:
    """Nobody can call it: it only pushes."""
    return FakeWeCom(lambda: at)


def callback(fake: FakeWeCom, at: datetime = MONDAY) -> Callback:
    return Callback(settings(fake, URL), lambda: at)


def message(content: str = "待办", /, **more: str) -> str:
    """A text message. `more`: elements besides, or in the place of its own."""
    elements = {
        "ToUserName": "wx5823bf96d3bd56c7",
        "FromUserName": "zhangsan",
        "CreateTime": str(int(MONDAY.timestamp())),
        "MsgType": "text",
        "Content": f"<![CDATA[{content}]]>",
        "MsgId": "4561255354251345929",
        "AgentID": "218",
        **more,
    }
    return f"<xml>{''.join(f'<{name}>{value}</{name}>' for name, value in elements.items())}</xml>"


def picture(media_id: str, /, **more: str) -> str:
    elements = {"MsgType": "image", "PicUrl": "http://p.example/1", "MediaId": media_id}
    return message("", **{**elements, **more})


def event(name: str, key: str = "", /, **more: str) -> str:
    elements = {"MsgType": "event", "Event": name, "EventKey": key}
    return message("", **{**elements, "MsgId": "", **more})


def tap(command: str, response_code: str, /, **more: str) -> str:
    elements = {
        "TaskId": "task-1",
        "CardType": "button_interaction",
        "ResponseCode": response_code,
        "SelectedItems": "",
    }
    return event("template_card_event", command, **{**elements, **more})
