"""What the documents say that a request's body is: every field, its type, its length."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

NotEmpty = Annotated[str, StringConstraints(min_length=1)]
SCENE = r"^[A-Za-z0-9!#$&'()*+,/:;=?@._~-]{1,32}$"
QUERY = r"^[A-Za-z0-9!#$&'()*+,/:;=?@._~%-]{1,1024}$"


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class StableToken(Body):
    grant_type: Literal["client_credential"]
    appid: NotEmpty
    secret: NotEmpty
    force_refresh: bool = False


class StringScene(Body):
    scene_str: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class ActionInfo(Body):
    scene: StringScene


class QrCode(Body):
    action_name: Literal["QR_STR_SCENE", "QR_LIMIT_STR_SCENE"]
    action_info: ActionInfo
    expire_seconds: Annotated[int, Field(ge=1, le=2592000)] | None = None

    @model_validator(mode="after")
    def _ends_or_not(self) -> Self:
        if (self.expire_seconds is None) != (self.action_name == "QR_LIMIT_STR_SCENE"):
            raise ValueError("only temporary ones end")
        return self


class MiniProgramCode(Body):
    scene: Annotated[str, StringConstraints(pattern=SCENE)]
    page: str | None = None
    check_path: bool = True
    env_version: Literal["release", "trial", "develop"] = "release"
    width: Annotated[int, Field(ge=280, le=1280)] = 430


class UrlLink(Body):
    path: str | None = None
    query: Annotated[str, StringConstraints(pattern=QUERY)] | None = None
    expire_type: Literal[0]
    expire_time: int
    env_version: Literal["release", "trial", "develop"] = "release"


class Value(Body):
    value: str


class LinkedPage(Body):
    appid: NotEmpty
    pagepath: str


class Message(Body):
    touser: str
    template_id: str
    data: dict[str, Value]


class TemplateMessage(Message):
    url: str | None = None
    miniprogram: LinkedPage | None = None
    client_msg_id: Annotated[str, StringConstraints(max_length=64)] | None = None


class Notice(Message):
    page: str | None = None
    miniprogram: LinkedPage | None = None


class Subscription(Message):
    page: str | None = None
    miniprogram_state: Literal["developer", "trial", "formal"] = "formal"
    lang: Literal["zh_CN", "en_US", "zh_HK", "zh_TW"] = "zh_CN"


class Text(Body):
    content: NotEmpty


class Reply(Body):
    touser: str
    msgtype: Literal["text"]
    text: Text


class PhoneCode(Body):
    code: NotEmpty


class Button(Body):
    name: NotEmpty
    type: Literal["click", "view", "miniprogram"] | None = None
    key: str | None = None
    url: str | None = None
    appid: str | None = None
    pagepath: str | None = None
    sub_button: list[Button] = []


class Menu(Body):
    button: list[Button]
