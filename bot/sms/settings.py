"""The accounts at SMS providers, as `[sms.NAME]` in the settings file."""

from __future__ import annotations

from collections.abc import Iterable
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
    model_validator,
)

from bot.sms.variables import FIELDS, LINKS, VARIABLES

_LINE: Final = r"^[^\x00-\x1f\x7f]+$"
_PLACEHOLDERS: Final = (
    FIELDS
    | LINKS
    | {"phone", "national", "text", "key", "time", "milliseconds", "nonce", "sign", "secret"}
)
_OWN_HEADERS: Final = frozenset(
    {"content-length", "content-type", "host", "idempotency-key", "transfer-encoding"}
)


def _variable(name: str) -> str:
    if name not in VARIABLES:
        raise ValueError(f"没有 {name} 这个变量，可用：{'、'.join(sorted(VARIABLES))}")
    return name


def _not_own(name: str) -> str:
    if name.lower() in _OWN_HEADERS:
        raise ValueError(f"{name} 由程序填写，不能设置")
    return name


Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_LINE)]
Sign = Annotated[
    str, StringConstraints(min_length=2, max_length=30, pattern=r"^[^【】\x00-\x1f]+$")
]
"""签名, without its brackets."""
Variable = Annotated[str, AfterValidator(_variable)]
Path = Annotated[str, StringConstraints(pattern=r"^[^.]+(\.[^.]+)*$")]
"""Where in a JSON document: names and positions joined by dots."""
HeaderName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,60}$"), AfterValidator(_not_own)
]
Value = str | int | bool


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Account(_Strict):
    hook_key: Annotated[SecretStr, Field(min_length=16)]
    """Protects /hooks/sms/{gateway}: the clouds sign nothing that they push."""


class Template(_Strict):
    """An approved template (短信模板) and the variables it takes, for Tencent in its order."""

    id: Line
    variables: tuple[Variable, ...] = ()


class AliyunSms(_Account):
    provider: Literal["aliyun"]
    access_key_id: Line
    access_key_secret: SecretStr
    sign: Sign
    templates: dict[str, Template]
    """By kind of message."""
    variable_length: Annotated[int, Field(ge=2, le=500)] = 35
    """An ordinary variable's longest value (变量规范); other lengths are agreed with Aliyun."""
    base_url: HttpUrl = HttpUrl("https://dysmsapi.aliyuncs.com")


class TencentSms(_Account):
    provider: Literal["tencent"]
    secret_id: Line
    secret_key: SecretStr
    sdk_app_id: Line
    sign: Sign
    templates: dict[str, Template]
    """By kind of message."""
    variable_length: Annotated[int, Field(ge=2, le=500)] = 100
    """Tencent limits the variables of personal accounts only (12), and any message to 500
    characters."""
    region: Line = "ap-guangzhou"
    base_url: HttpUrl = HttpUrl("https://sms.tencentcloudapi.com")


class Signature(_Strict):
    """`string` is a template; the HMACs are keyed with the account's `secret`."""

    string: Annotated[str, StringConstraints(min_length=1)]
    algorithm: Literal["md5", "sha256", "hmac-sha256", "hmac-sm3"]
    encoding: Literal["hex", "base64"] = "hex"


class Receipts(_Strict):
    """Where a receipt keeps what."""

    reference: Path
    status: Path
    delivered_values: Annotated[tuple[Value, ...], Field(min_length=1)]
    at: Path | None = None


class Replies(_Strict):
    """Where a reply keeps what."""

    phone: Path
    words: Path
    reference: Path | None = None
    at: Path | None = None


class PlainSms(_Account):
    """A gateway that is one HTTP request. `fields`, `headers` and the signature's string are
    templates: `{name}` stands for a value, `{{` for a brace."""

    provider: Literal["plain"]
    url: HttpUrl
    method: Literal["POST", "GET"] = "POST"
    """GET sends the fields in the address, whatever `content` says."""
    content: Literal["form", "json"] = "json"
    fields: dict[str, str]
    headers: dict[HeaderName, str] = {}
    secret: SecretStr | None = None
    sign: Sign | None = None
    """{text} begins with it, in its brackets."""
    signature: Signature | None = None
    ok_field: Path | None = None
    """None: an HTTP status 2xx is enough."""
    ok_values: tuple[Value, ...] = ()
    rejected_values: tuple[Value, ...] = ()
    """Of `ok_field`: codes for a message that is never taken. Any other is tried again."""
    why_field: Path | None = None
    reference_field: Path | None = None
    receipts: Receipts | None = None
    replies: Replies | None = None
    answer: str = '{"ok":true}'
    """What the gateway hears when its push is kept."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _check("signature.string", [self.signature.string] if self.signature else [], self._known())
        known = self._known() | ({"signature"} if self.signature else set())
        _check("fields", self.fields.values(), known)
        _check("headers", self.headers.values(), known)
        if self.signature and self.signature.algorithm.startswith("hmac") and not self.secret:
            raise ValueError("signature 的算法需要 secret")
        if (self.ok_field is None) != (not self.ok_values):
            raise ValueError("ok_field 和 ok_values 应一起设置")
        if self.rejected_values and self.ok_field is None:
            raise ValueError("rejected_values 需要 ok_field")
        return self

    def _known(self) -> frozenset[str]:
        missing = {"secret"} if self.secret is None else set()
        return frozenset(_PLACEHOLDERS - missing)


def _check(where: str, templates: Iterable[str], known: frozenset[str]) -> None:
    for template in templates:
        try:
            parts = list(Formatter().parse(template))
        except ValueError:
            raise ValueError(f"{where} 里的大括号不成对") from None
        for _, name, spec, conversion in parts:
            if name is not None and (name not in known or spec or conversion):
                raise ValueError(
                    f"{where} 里没有 {{{name}}} 这个占位符，可用：{'、'.join(sorted(known))}"
                )


SmsSettings = Annotated[AliyunSms | TencentSms | PlainSms, Field(discriminator="provider")]
