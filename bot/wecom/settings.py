"""Applications and group robots of WeCom (企业微信), as `[wecom.NAME]` and `[robot.NAME]` in the
settings file."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    StringConstraints,
)

from models.texts import Code

API: Final = HttpUrl("https://qyapi.weixin.qq.com")
OAUTH: Final = HttpUrl("https://open.weixin.qq.com")
LOGIN: Final = HttpUrl("https://login.work.weixin.qq.com")

CorpId = Annotated[str, StringConstraints(pattern=r"^w[wx][0-9A-Za-z]{8,62}$")]


def _token(token: SecretStr) -> SecretStr:
    value = token.get_secret_value()
    if not (3 <= len(value) <= 32 and value.isascii() and value.isalnum()):
        raise ValueError("token 应为3至32位字母或数字，与应用“API接收消息”里填写的一致")
    return token


def _aes_key(key: SecretStr) -> SecretStr:
    value = key.get_secret_value()
    if not (len(value) == 43 and value.isascii() and value.isalnum()):
        raise ValueError("encoding_aes_key 应为43位字母或数字（EncodingAESKey）")
    return key


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WeComApp(_Strict):
    """自建应用."""

    corp_id: CorpId
    agent_id: Annotated[int, Field(gt=0)]
    secret: Annotated[SecretStr, Field(min_length=16)]
    token: Annotated[SecretStr, AfterValidator(_token)]
    """Signs the callbacks. Empty or short, and anybody could."""
    encoding_aes_key: Annotated[SecretStr, AfterValidator(_aes_key)]
    base_url: HttpUrl = API
    """Of a private deployment (私有化部署): its own."""
    oauth_url: HttpUrl = OAUTH
    """Where members sign in who open the console in WeCom."""
    login_url: HttpUrl = LOGIN
    """Where those do who open it in a browser, by scanning a code."""


class WeComRobot(_Strict):
    """群机器人 of a group."""

    kind: Literal["wecom"]
    key: Annotated[SecretStr, Field(min_length=16)]
    """Of its Webhook address."""
    agencies: Annotated[tuple[Code, ...], Field(min_length=1)]
    """By their codes: whose notices go to this group."""
    base_url: HttpUrl = API
