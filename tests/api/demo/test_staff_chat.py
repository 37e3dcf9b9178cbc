"""/demo/staff-chat: an order, pushed and handled in chat, in the demo's own application."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

from api.app import make_app
from api.demo.gateway import APP, DemoGateway
from api.demo.staff_chat import setup_demo_staff_chat
from api.pulse import Pulse, setup_pulse
from api.settings import Settings
from bot.gateways import Post
from models.office import Office
from models.tables import ChatBinding, OrderFile, WorkOrder
from tests.models.handling.desk import PICTURE, Desk
from tests.models.town import build

PATH = "/demo/staff-chat"


@dataclass
class Chat:
    client: TestClient[Any, Any]
    desk: Desk
    gateway: DemoGateway

    async def say(self, account: str, words: str = "", **more: str) -> Any:
        said = {"account": account, "words": words, **more}
        async with self.client.post(PATH, json=said) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def page(self, account: str = "") -> str:
        async with self.client.get(PATH, params={"account": account}) as answer:
            assert answer.status == 200
            assert "script" not in answer.headers["Content-Security-Policy"]
            return await answer.text()


@pytest.fixture
async def chat(office: Office, tmp_path: Path) -> AsyncIterator[Chat]:
    desk = await Desk.of(await build(office, "lingang"))
    settings = Settings()
    gateway = DemoGateway(tmp_path / "messages.jsonl", {})
    app = make_app(office, settings)
    post = Post(gateway.by_channel(), settings.base_url, staff_apps=(APP,))
    setup_pulse(app, Pulse(office, post))
    setup_demo_staff_chat(app, gateway)
    async with TestClient(TestServer(app)) as client:
        yield Chat(client, desk, gateway)


async def test_pushed_and_handled(chat: Chat) -> None:
    assert (await chat.say("handler-1", "待办"))["text"] == "目前没有待办的差评工单。"
    assert await ChatBinding.filter(app=APP).count() == 1
    order = await chat.desk.rated()
    page = await chat.page("handler-1")
    assert f"差评工单{order}号：不满意" in page
    assert "等了两个小时" in page
    assert "138001380" not in page
    assert f'value="受理 {order}"' in page
    told = {each["kind"]: each for each in chat.gateway.sent() if each["channel"] == "chat"}
    assert told["complaint"]["to"] == "demo/handler-1"

    form = FormData({"account": "handler-1", "words": f"受理 {order}"})
    async with chat.client.post(f"{PATH}/form", data=form, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (
            303,
            f"{PATH}?account=handler-1#last",
        )
    assert f"工单{order}：已受理。" in await chat.page("handler-1")
    asked = await chat.say("handler-1", f"误评 {order} 误评 评价人来电说点错了")
    assert asked["buttons"] == [{"label": "取消", "command": "取消"}]
    picture = base64.b64encode(PICTURE).decode()
    assert "附1个文件" in (await chat.say("handler-1", picture=picture))["text"]
    assert await OrderFile.all().count() == 1
    assert (await WorkOrder.get(id=order)).state == "found"


async def test_a_picture_by_the_page(chat: Chat) -> None:
    form = FormData({"account": "handler-1", "words": ""})
    form.add_field("picture", PICTURE, filename="a.jpg", content_type="image/jpeg")
    async with chat.client.post(f"{PATH}/form", data=form, allow_redirects=False) as answer:
        assert answer.status == 303
    page = await chat.page("handler-1")
    assert "〔照片〕" in page
    assert "照片已收到" in page


async def test_nobody_is_chosen_and_nobody_unknown(chat: Chat) -> None:
    page = await chat.page()
    assert "承办甲（承办）" in page
    assert "<form id" not in page
    async with chat.client.post(PATH, json={"account": "x", "words": "待办"}) as answer:
        assert answer.status == 404
    said = {"account": "handler-1", "picture": "&"}
    async with chat.client.post(PATH, json=said) as answer:
        assert answer.status == 422
