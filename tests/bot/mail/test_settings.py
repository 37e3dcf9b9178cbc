from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.mail.settings import MailboxSettings, MailSettings

MAIL: dict[str, Any] = {"host": "mail.example.cn", "sender": "pj@haochaping.example.cn"}
BOX: dict[str, Any] = {"host": "mail.example.cn", "user": "yj", "password": "x", "agency": "GA"}


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_follows_from_the_security(security: str, port: int) -> None:
    settings = MailSettings.model_validate({**MAIL, "host": "localhost", "security": security})
    assert settings.port == port


def test_what_need_not_be_said() -> None:
    settings = MailSettings.model_validate(MAIL)
    assert settings.security == "starttls"
    assert settings.domain == "haochaping.example.cn"
    assert settings.sender_name == "政务服务好差评"
    box = MailboxSettings.model_validate(BOX)
    assert (box.port, box.security, box.folder, box.every) == (993, "tls", "INBOX", 60)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_in_the_clear_on_this_machine(host: str) -> None:
    local = {"host": host, "security": "none"}
    assert MailSettings.model_validate({**MAIL, **local})
    assert MailboxSettings.model_validate({**BOX, **local})


@pytest.mark.parametrize(
    "host", ["mail.example.cn", "10.0.0.1", "localhost.example.cn", "::2", "128.0.0.1"]
)
def test_in_the_clear_nowhere_else(host: str) -> None:
    open_ = {"host": host, "security": "none"}
    for model, given in ((MailSettings, MAIL), (MailboxSettings, BOX)):
        with pytest.raises(ValidationError, match="只能用于本机"):
            model.model_validate({**given, **open_})


@pytest.mark.parametrize(
    "fault",
    [
        {"sender": "no address"},
        {"sender": "王@example.cn"},
        {"sender": "a@example.cn\r\nBcc: b@example.cn"},
        {"reply_to": "x"},
        {"sender_name": "a\r\nb"},
        {"sender_name": ""},
        {"security": "ssl"},
        {"security": 1},
        {"port": 0},
        {"user": "pj"},
        {"password": "x"},
        {"domain": "a b"},
        {"host": "a b"},
        {"ca_file": "/no/such/file.pem"},
        {"starttls": True},
    ],
)
def test_faults_of_the_sender(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MailSettings.model_validate({**MAIL, **fault})


@pytest.mark.parametrize(
    "fault",
    [
        {"every": 9},
        {"agency": ""},
        {"folder": ""},
        {"folder": "a\r\nb"},
        {"done_folder": "INBOX"},
        {"security": "starttls"},
        {"user": "a\r\nb"},
        {"unknown": 1},
    ],
)
def test_faults_of_the_mailbox(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MailboxSettings.model_validate({**BOX, **fault})


def test_authorities_are_certificates(tmp_path: Path, ca_file: Path) -> None:
    assert MailSettings.model_validate({**MAIL, "ca_file": ca_file})
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing")
    with pytest.raises(ValidationError, match="ca_file"):
        MailSettings.model_validate({**MAIL, "ca_file": empty})


def test_secrets_are_not_shown() -> None:
    settings = MailSettings.model_validate({**MAIL, "user": "pj", "password": "hidden-word"})
    assert "hidden-word" not in repr(settings) + str(settings) + settings.model_dump_json()
