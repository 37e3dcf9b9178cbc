"""Certificates, a letter, and the settings of a sender."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from bot.gateways import Message
from bot.mail.settings import MailSettings

LINK = "https://haochaping.example.cn/r/AbCdEf123"
INVITATION = Message(
    key="0123456789abcdef0123456789abcdef",
    kind="invitation",
    channel="mail",
    to="wang@example.com",
    title="请您评价：食品经营许可证核发",
    text=f"您在潮安区市场监督管理局办理的“食品经营许可证核发”，请您评价：{LINK} 感谢您的参与。",
    link=LINK,
    due=datetime(2026, 3, 2, 1, tzinfo=UTC),
    at=datetime(2026, 3, 2, 1, 0, 5, tzinfo=UTC),
)


def message(**changes: Any) -> Message:
    return replace(INVITATION, **changes)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="session")
def certified(authority: trustme.CA) -> Callable[[str], ssl.SSLContext]:
    """A server's side of TLS, with a certificate for that name."""

    def context(name: str = "localhost") -> ssl.SSLContext:
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(name).configure_cert(made)
        return made

    return context


@pytest.fixture
def settings() -> MailSettings:
    return MailSettings(host="localhost", security="none", sender="pj@haochaping.example.cn")
