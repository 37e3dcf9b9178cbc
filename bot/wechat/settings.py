"""Official accounts and mini-programs, as `[wechat.NAME]` and `[mini_program.NAME]` in the settings
file."""

from __future__ import annotations

from enum import StrEnum
from string import Formatter
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)

API: Final = HttpUrl("https://api.weixin.qq.com")

KINDS: Final = (
    "invitation",
    "reminder",
    "thanks",
    "order_answered",
    "order_extended",
    "order_excluding",
    "order_stands",
    "order_excluded",
    "order_confirm",
)
"""Notices that an app may carry: those that a citizen did not ask for by writing."""
STAFF_KINDS: Final = (
    "complaint",
    "complaint_copy",
    "dispatch",
    "order_step",
    "warning",
    "overdue",
)
"""Notices to staff who are bound to the account: by 模板消息, which asks for no consent."""
FIELDS: Final = frozenset({"subject", "agency", "until", "level", "note", "order"})
"""What the words of such a notice are made of; an approved template shows some of it."""

AppId = Annotated[str, StringConstraints(pattern=r"^wx[0-9A-Za-z]{8,30}$")]


def _template_value(text: str) -> str:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise ValueError("大括号不成对") from None
    for _, name, spec, conversion in parts:
        if name is not None and (name not in FIELDS or spec or conversion):
            raise ValueError(f"没有 {{{name}}} 这个占位符，可用：{'、'.join(sorted(FIELDS))}")
    return text


Value = Annotated[str, StringConstraints(min_length=1), AfterValidator(_template_value)]
FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]+[0-9]{0,2}$")]


class Mode(StrEnum):
    """消息加解密方式."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    AES = "aes"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Template(_Strict):
    """An approved template. `fields`: its own names, such as `thing1`, to text with `{subject}`,
    `{agency}`, `{until}`, `{level}`, `{note}`."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    fields: dict[FieldName, Value]


class Subscription(Template):
    """订阅消息. `lasting`: 长期订阅, which the platform grants to governments; else one consent is
    one message."""

    lasting: bool = False


class AccountTemplate(Template):
    """`by`: 模板消息, which goes to any follower, or 订阅通知, which needs consent."""

    by: Literal["template", "subscription"] = "template"
    lasting: bool = False


def _known_kinds(templates: dict[str, Template], kinds: tuple[str, ...]) -> None:
    for kind in templates:
        if kind not in kinds:
            raise ValueError(f"没有 {kind} 这类通知，可用：{'、'.join(kinds)}")


class OfficialAccount(_Strict):
    app_id: AppId
    token: SecretStr
    """Signs the callbacks. Empty or short, and anybody could."""
    aes_key: SecretStr | None = None
    """EncodingAESKey."""
    mode: Mode = Mode.AES
    app_secret: SecretStr | None = None
    """None: the account hears and answers, and calls nothing."""
    api: HttpUrl = API
    templates: dict[str, AccountTemplate] = {}
    """By kind of notice."""

    @field_validator("token")
    @classmethod
    def _signing(cls, token: SecretStr) -> SecretStr:
        value = token.get_secret_value()
        if not (3 <= len(value) <= 32 and value.isascii() and value.isalnum()):
            raise ValueError("token 应为3至32位字母或数字，与公众平台上填写的一致")
        return token

    @model_validator(mode="after")
    def _whole(self) -> Self:
        key = self.aes_key.get_secret_value() if self.aes_key else ""
        needed = self.mode is not Mode.PLAIN or self.aes_key is not None
        if needed and not (len(key) == 43 and key.isascii() and key.isalnum()):
            raise ValueError(
                'aes_key 应为43位字母或数字（EncodingAESKey）；明文模式请写 mode = "plain"'
            )
        _known_kinds(dict(self.templates), KINDS + STAFF_KINDS)
        for kind, template in self.templates.items():
            if kind in STAFF_KINDS and template.by != "template":
                raise ValueError(f'{kind} 发给工作人员，只能用模板消息（by = "template"）')
        return self


class MiniProgram(_Strict):
    app_id: AppId
    app_secret: SecretStr
    api: HttpUrl = API
    templates: dict[str, Subscription] = {}
    """By kind of notice."""
    page: Annotated[str, Field(pattern=r"^[A-Za-z0-9/_-]+$")] = "pages/rate/rate"
    """Where a code and a message lead; the scene holds the invitation."""
    version: Literal["release", "trial", "develop"] = "release"
    """正式版, 体验版, 开发版: which one codes and messages open."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _known_kinds(dict(self.templates), KINDS)
        return self
