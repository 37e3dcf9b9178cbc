"""[dingtalk.NAME] and [robot.NAME]."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.dingtalk.settings import DingtalkApp, DingtalkRobot
from tests.bot.dingtalk.pushes import APP

ROBOT = {"kind": "dingtalk", "access_token": "bf73" + "0" * 60, "agencies": ["A1"]}


def test_an_application() -> None:
    app = DingtalkApp.model_validate(APP)
    assert str(app.base_url) == "https://api.dingtalk.com/"
    assert APP["app_secret"] not in repr(app)
    assert APP["aes_key"] not in repr(app)


def test_events_are_optional() -> None:
    without = {name: each for name, each in APP.items() if name not in {"token", "aes_key"}}
    assert DingtalkApp.model_validate(without).token is None


@pytest.mark.parametrize(
    "change",
    [
        {"app_secret": "short"},
        {"app_key": "with space"},
        {"robot_code": ""},
        {"token": None},
        {"aes_key": None},
        {"token": ""},
        {"aes_key": "a" * 42},
        {"aes_key": "a" * 42 + "="},
        {"base_url": "dingtalk"},
        {"agent": "1"},
    ],
)
def test_what_could_not_work_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DingtalkApp.model_validate({**APP, **change})


def test_a_robot() -> None:
    robot = DingtalkRobot.model_validate(ROBOT)
    assert str(robot.base_url) == "https://oapi.dingtalk.com/"
    assert str(ROBOT["access_token"]) not in repr(robot)
    with pytest.raises(ValidationError):
        DingtalkRobot.model_validate({**ROBOT, "secret": "SEC"})
    with pytest.raises(ValidationError):
        DingtalkRobot.model_validate({**ROBOT, "kind": "wecom"})
