"""[wecom.NAME] and [robot.NAME]."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.wecom.settings import WeComApp, WeComRobot

APP = {
    "corp_id": "ww0123456789abcdef",
    "agent_id": 1000002,
    "secret": "s" * 43,
    "token": "QDG6eK",
    "encoding_aes_key": "a" * 43,
}
ROBOT = {"kind": "wecom", "key": "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa", "agencies": ["A1"]}


def test_addresses_are_the_platforms_unless_they_are_said() -> None:
    app = WeComApp.model_validate(APP)
    assert str(app.base_url) == "https://qyapi.weixin.qq.com/"
    assert str(WeComRobot.model_validate(ROBOT).base_url) == str(app.base_url)
    own = WeComApp.model_validate({**APP, "base_url": "https://wework.city.example"})
    assert str(own.base_url) == "https://wework.city.example/"


def test_no_secret_is_shown() -> None:
    shown = repr(WeComApp.model_validate(APP)) + repr(WeComRobot.model_validate(ROBOT))
    for secret in ("s" * 43, "QDG6eK", "a" * 43, ROBOT["key"]):
        assert str(secret) not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"corp_id": "1024"},
        {"agent_id": 0},
        {"secret": ""},
        {"token": ""},
        {"token": "a b c"},
        {"encoding_aes_key": "a" * 42},
        {"base_url": "ftp://x"},
        {"tokens": "x"},
    ],
)
def test_what_is_wrong_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WeComApp.model_validate({**APP, **wrong})


@pytest.mark.parametrize("wrong", [{"key": ""}, {"agencies": []}, {"kind": "feishu"}])
def test_a_robot_needs_its_key_and_somebody_to_tell(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WeComRobot.model_validate({**ROBOT, **wrong})
