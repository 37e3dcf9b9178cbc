"""Applications and group robots of DingTalk (钉钉), as `[dingtalk.NAME]` and `[robot.NAME]` in the
settings file."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    StringConstraints,
    model_validator,
)

from models.texts import Code

API: Final = HttpUrl("https://api.dingtalk.com")
OAPI: Final = HttpUrl("https://oapi.dingtalk.com")

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{4,64}$")]
Secret = Annotated[SecretStr, Field(min_length=16)]
"""Signs the callbacks. Short, and anybody could."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DingtalkApp(_Strict):
    app_key: Id
    """Client ID."""
    app_secret: Secret
    """Client Secret."""
    robot_code: Id
    token: SecretStr | None = None
    """Signs what 事件订阅 pushes."""
    aes_key: SecretStr | None = None
    base_url: HttpUrl = API

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.token is None) != (self.aes_key is None):
            raise ValueError(
                "token 和 aes_key 应一起填写：它们是事件订阅的签名 token 和加密 aes_key"
            )
        if self.token is not None and not self.token.get_secret_value():
            raise ValueError("token 不能为空")
        key = self.aes_key.get_secret_value() if self.aes_key else "a" * 43
        if not (len(key) == 43 and key.isascii() and key.isalnum()):
            raise ValueError("aes_key 应为43位字母或数字，与开发者后台的加密 aes_key 一致")
        return self


class DingtalkRobot(_Strict):
    """自定义机器人 of a group."""

    kind: Literal["dingtalk"]
    access_token: Annotated[SecretStr, Field(min_length=16)]
    """Of its Webhook address."""
    secret: Secret | None = None
    """加签, SEC…. None: the robot is secured by its key words or by our address."""
    agencies: Annotated[tuple[Code, ...], Field(min_length=1)]
    """By their codes: whose notices go to this group."""
    base_url: HttpUrl = OAPI
