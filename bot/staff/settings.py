"""Group robots, as `[robot.NAME]` in the settings file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.dingtalk.settings import DingtalkRobot
from bot.feishu.settings import FeishuRobot
from bot.wecom.settings import WeComRobot

RobotSettings = Annotated[WeComRobot | DingtalkRobot | FeishuRobot, Field(discriminator="kind")]
