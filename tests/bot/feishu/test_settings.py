"""Accounts in the settings file (bot/feishu/settings.py)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

import bot.feishu
from bot.feishu.settings import FeishuApp, FeishuRobot
from tests.bot.feishu.conftest import application, group_robot
from tests.bot.feishu.fake_feishu import ROBOT, ROBOT_SECRET, SECRET
from tests.bot.feishu.theirs import KEY, VERIFICATION


@pytest.mark.parametrize(
    "wrong",
    [
        {"app_id": "wx0123456789abcdef"},
        {"app_secret": ""},
        {"verification_token": ""},
        {"encrypt_key": "short"},
        {"encrypt_key": None},
        {"user_id": "yes"},
    ],
)
def test_what_would_leave_it_open_or_does_not_exist(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        application(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"token": "short"}, {"secret": ""}, {"kind": "wecom"}, {"agencies": []}]
)
def test_a_robot_signs_and_has_a_token(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        group_robot(**wrong)


def test_nothing_shows_a_secret() -> None:
    shown = repr(application()) + repr(group_robot())
    for secret in (SECRET, VERIFICATION, KEY, ROBOT, ROBOT_SECRET):
        assert secret not in shown


def test_the_example_in_the_readme() -> None:
    page = (Path(bot.feishu.__file__).parent / "README.md").read_text(encoding="utf-8")
    stated = tomllib.loads(page.partition("```toml\n")[2].partition("```")[0])
    FeishuApp.model_validate(stated["feishu"]["city"])
    FeishuRobot.model_validate(stated["robot"]["hall"])
