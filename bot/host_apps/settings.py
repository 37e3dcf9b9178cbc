"""Platforms that open our pages and call our API for their users, as `[host_app.NAME]` in the
settings file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from bot.host_apps import sm2
from models.texts import Line

Name = Annotated[Line, StringConstraints(min_length=1, max_length=20)]
UserId = Annotated[str, StringConstraints(pattern=r"^[!-~]{0,64}$")]


class _HostApp(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name | None = None
    """What citizens call the platform."""
    window: Annotated[int, Field(ge=30, le=900)] = 300
    """Seconds that a ticket is good for; its clock may be as far ahead of ours."""
    real_name_level: Annotated[int, Field(ge=1, le=4)] = 2
    """实名认证等级 from which on the name counts as a checked real name."""


class HmacHostApp(_HostApp):
    algorithm: Literal["hmac-sm3"]
    secret: Annotated[SecretStr, Field(min_length=32)]
    """Its UTF-8 bytes are the key."""


class Sm2HostApp(_HostApp):
    algorithm: Literal["sm2"]
    public_key: Annotated[str, AfterValidator(sm2.public_key)]
    user_id: UserId = "1234567812345678"
    """Of the signer, part of what is signed (ZA). The default is that of GM/T 0009; OpenSSL's, if
    nobody says otherwise, is empty."""


HostApp = Annotated[HmacHostApp | Sm2HostApp, Field(discriminator="algorithm")]
