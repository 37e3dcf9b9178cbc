"""The mail server that letters leave by, and the mailbox (意见邮箱) that is read."""

from __future__ import annotations

import ssl
from email.headerregistry import Address
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from bot.mail.addresses import address
from models.texts import Code

_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_VISIBLE: Final = r"^[^\x00-\x1f\x7f]+$"


def _ascii(written: Address) -> str:
    if not written.username.isascii():
        raise ValueError("系统自己的邮箱地址，@ 前面只能用英文字母、数字和符号")
    return written.addr_spec


def _readable(path: Path) -> Path:
    verified(path)
    return path


def verified(ca_file: Path | None) -> ssl.SSLContext:
    """TLS that checks the certificate, against these authorities instead of the system's where
    given. Raises ValueError for a file without certificates."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError:
        raise ValueError("ca_file 不存在，或里面没有可用的证书（PEM）") from None


Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]{1,253}$")]
Domain = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_VISIBLE)]
Folder = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_VISIBLE)]
MailAddress = Annotated[str, AfterValidator(address), AfterValidator(_ascii)]
Authorities = Annotated[Path, AfterValidator(_readable)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _default_port(given: dict[str, Any]) -> int:
    return _PORTS[given["security"]]


def _default_domain(given: dict[str, Any]) -> str:
    return address(given["sender"]).domain


class MailSettings(_Strict):
    """`[mail]`: who sends, and by which server."""

    host: Host
    security: Literal["starttls", "tls", "none"] = "starttls"
    port: Port = Field(default_factory=_default_port)
    user: Name | None = None
    password: SecretStr | None = None
    sender: MailAddress
    sender_name: Name = "政务服务好差评"
    reply_to: MailAddress | None = None
    """Where answers go: best the address of the mailbox that is read."""
    ca_file: Authorities | None = None
    """Certificates (PEM) of the authorities to trust, for a server with one of its own."""
    domain: Domain = Field(default_factory=_default_domain)
    """What Message-IDs end in, and the name given in EHLO."""

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        _encrypted_or_local(self.security, self.host)
        if (self.user is None) != (self.password is None):
            raise ValueError("user 和 password 应一起设置")
        return self


class MailboxSettings(_Strict):
    """`[mailbox]`: an IMAP mailbox whose mail is taken as opinions and answers."""

    host: Host
    security: Literal["tls", "none"] = "tls"
    port: Port = 993
    user: Name
    password: SecretStr
    folder: Folder = "INBOX"
    done_folder: Folder | None = None
    """Where mail goes that has been taken. None: it stays, marked as read."""
    ca_file: Authorities | None = None
    agency: Code
    """Whose 意见邮箱 it is."""
    every: Annotated[int, Field(ge=10)] = 60
    """Seconds from one look to the next."""

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        _encrypted_or_local(self.security, self.host)
        if self.done_folder == self.folder:
            raise ValueError("done_folder 不能就是 folder")
        return self


def _encrypted_or_local(security: str, host: str) -> None:
    if security == "none" and not _is_local(host):
        raise ValueError('security = "none" 只能用于本机的服务器，请改用加密连接')


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
