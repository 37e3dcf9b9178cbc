"""The chats of staff that the settings connect."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.carriers import open_carriers
from api.settings import Settings
from api.staff.wecom import WECOM
from bot.gateways import Limited
from bot.staff.gateways import ChatGateway, RobotGateway
from models.office import Office
from tests.standing import StandingClock

KEY = "a" * 43
LONG = "0123456789abcdef0123456789abcdef"
APPS = {
    "wecom": {
        "wc": {
            "corp_id": "ww0123456789",
            "agent_id": 1000002,
            "secret": LONG,
            "token": "abc",
            "encoding_aes_key": KEY,
        }
    },
    "dingtalk": {
        "dt": {"app_key": "ding01234567", "app_secret": LONG, "robot_code": "ding01234567"}
    },
    "feishu": {
        "fs": {
            "app_id": "cli_0123456789",
            "app_secret": "x",
            "verification_token": "x",
            "encrypt_key": "01234567",
        }
    },
    "robot": {
        "hall": {"kind": "wecom", "key": LONG, "agencies": ["A1", "A2"]},
        "tax": {"kind": "dingtalk", "access_token": LONG, "agencies": ["A3"]},
        "town": {"kind": "feishu", "token": LONG, "secret": "x", "agencies": ["A4"]},
    },
}


async def test_each_is_carried_and_heard(office: Office, clock: StandingClock) -> None:
    settings = Settings.model_validate(APPS)
    async with open_carriers(settings, office, clock.now) as carriers:
        assert carriers.staff.apps == ("wc", "dt", "fs")
        assert carriers.staff.robots == {"hall": ("A1", "A2"), "tax": ("A3",), "town": ("A4",)}
        chat, robot = carriers.gateways["chat"], carriers.gateways["robot"]
        assert isinstance(chat, ChatGateway)
        assert isinstance(robot, RobotGateway)
        assert isinstance(chat, Limited)
        for name in ("hall", "tax", "town"):
            assert (await robot.room("robot", name, 1)).messages == 1
        for name in carriers.staff.apps:
            assert (await chat.room("chat", f"{name}/user", 1)).messages == 1
        app = web.Application()
        carriers.staff.setup(app)
        assert list(carriers.staff.sign_in) == ["wc"]
        assert app[WECOM] is carriers.staff.sign_in
        async with TestClient(TestServer(app)) as client:
            for hook in ("wecom/wc", "dingtalk/dt", "feishu/fs"):
                async with client.post(f"/hooks/{hook}", data=b"{}") as answer:
                    # There, and not to be reached without a signature.
                    assert answer.status in (400, 403), hook


async def test_without_any_there_is_none(office: Office, clock: StandingClock) -> None:
    async with open_carriers(Settings(), office, clock.now) as carriers:
        assert not {"chat", "robot"} & set(carriers.gateways)
        assert carriers.staff.apps == ()


@pytest.mark.parametrize("wrong", [{"kind": "slack"}, {"agencies": []}, {"key": "x"}])
def test_a_robot_that_is_none(wrong: dict[str, object]) -> None:
    hall = {"kind": "wecom", "key": LONG, "agencies": ["A1"], **wrong}
    with pytest.raises(ValueError, match="robot"):
        Settings.model_validate({"robot": {"hall": hall}})
