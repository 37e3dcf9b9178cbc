"""Feishu applications and group robots, as `[feishu.NAME]` and `[robot.NAME]` in the settings
file."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, StringConstraints

from models.texts import Code

OPEN: Final = HttpUrl("https://open.feishu.cn")

AppId = Annotated[str, StringConstraints(pattern=r"^cli_[0-9A-Za-z]{8,40}$")]
HookToken = Annotated[SecretStr, Field(min_length=16, max_length=100)]
Key = Annotated[SecretStr, Field(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FeishuApp(_Strict):
    """企业自建应用. `base_url`: of Lark, or of a deployment of one's own (专有部署)."""

    app_id: AppId
    app_secret: Key
    verification_token: Key
    encrypt_key: Annotated[SecretStr, Field(min_length=8, max_length=200)]
    """Encrypt Key. Signs what is pushed; short, and anybody could."""
    base_url: HttpUrl = OPEN


class FeishuRobot(_Strict):
    """群自定义机器人. `token`: what its webhook address ends with. `secret`: of 签名校验."""

    kind: Literal["feishu"]
    token: HookToken
    secret: Key
    agencies: Annotated[tuple[Code, ...], Field(min_length=1)]
    """By their codes: whose notices go to this group."""
    base_url: HttpUrl = OPEN
