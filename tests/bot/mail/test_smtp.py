"""Against a real SMTP server, with a real certificate."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP as Server  # noqa: N811
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from bot.gateways import Message, NotDelivered, Rejected
from bot.mail.settings import MailSettings
from bot.mail.smtp import SmtpGateway
from tests.bot.mail.conftest import message
from tests.bot.mail.postbox import Postbox, listening, protocol

Certified = Callable[[str], ssl.SSLContext]
PATIENT = timedelta(seconds=20)
QUICK = timedelta(seconds=0.3)
PASSWORD = "a-password-of-the-test"  # noqa: S105


def login(
    _server: Server, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
) -> AuthResult:
    assert isinstance(given, LoginPassword)
    good = (given.login, given.password) == (b"pj", PASSWORD.encode())
    return AuthResult(success=good, handled=good)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
async def port(postbox: Postbox) -> AsyncIterator[int]:
    """A server on this machine that speaks in the clear."""
    async with listening(protocol(postbox, enable_SMTPUTF8=True)) as number:
        yield number


def sender(port: int, **more: Any) -> MailSettings:
    given: dict[str, Any] = {"security": "none", "sender": "pj@haochaping.example.cn", **more}
    return MailSettings(host="localhost", port=port, **given)


async def send(settings: MailSettings, what: Message | None = None) -> str:
    return await SmtpGateway(settings, timeout=PATIENT).send(what or message())


async def failing(
    settings: MailSettings, what: Message | None = None, patience: timedelta = PATIENT
) -> NotDelivered:
    with pytest.raises(NotDelivered) as caught:
        await SmtpGateway(settings, timeout=patience).send(what or message())
    return caught.value


async def test_what_was_sent_is_what_arrives(postbox: Postbox, port: int) -> None:
    rows = (("机构", "参评率"), ("潮安区市场监督管理局", "98.5%"))
    reference = await send(sender(port), message(text="请您评价。\n谢谢。" * 200, table=rows))
    (envelope,) = postbox.arrived
    assert envelope.mail_from == "pj@haochaping.example.cn"
    assert envelope.rcpt_tos == ["wang@example.com"]
    mail = message_from_bytes(envelope.original_content or b"", policy=default)
    assert reference == mail["Message-ID"] == f"<{message().key}@haochaping.example.cn>"
    assert mail["Subject"] == "请您评价：食品经营许可证核发"
    assert mail["From"].addresses[0].display_name == "政务服务好差评"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        assert "潮安区市场监督管理局" in body.get_content()
        assert "请您评价。" in body.get_content()


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_encrypted_with_a_certificate_that_is_checked(
    security: str, postbox: Postbox, certified: Certified, ca_file: Path
) -> None:
    tls = certified("localhost")
    how = {"tls_context": tls} if security == "starttls" else {}
    socket = {"ssl": tls} if security == "tls" else {}
    async with listening(protocol(postbox, **how), **socket) as port:
        await send(sender(port, security=security, ca_file=ca_file))
    assert postbox.encrypted == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["authority", "name"])
async def test_a_certificate_that_proves_nothing_is_refused(
    security: str, fault: str, postbox: Postbox, certified: Certified, ca_file: Path
) -> None:
    tls = certified("localhost" if fault == "authority" else "another.example")
    trusted = None if fault == "authority" else ca_file
    how = {"tls_context": tls} if security == "starttls" else {}
    socket = {"ssl": tls} if security == "tls" else {}
    async with listening(protocol(postbox, **how), **socket) as port:
        why = await failing(sender(port, security=security, ca_file=trusted))
    assert "TLS" in why.why
    assert not isinstance(why, Rejected)
    assert postbox.encrypted == []


async def test_without_starttls_nothing_is_sent(postbox: Postbox, port: int) -> None:
    why = await failing(sender(port, security="starttls"))
    assert "STARTTLS" in why.why
    assert not isinstance(why, Rejected)
    assert postbox.encrypted == []


async def test_a_login_over_an_encrypted_connection(
    postbox: Postbox, certified: Certified, ca_file: Path
) -> None:
    how = {"authenticator": login, "auth_required": True, "tls_context": certified("localhost")}
    async with listening(protocol(postbox, **how)) as port:
        account = {"security": "starttls", "ca_file": ca_file, "user": "pj"}
        await send(sender(port, password=PASSWORD, **account))
        why = await failing(
            sender(port, password="wrong-password", **account),  # noqa: S106
            patience=timedelta(seconds=5),
        )
    assert len(postbox.arrived) == 1
    assert why.why == "邮件服务器不接受用户名或密码（535）"
    assert not isinstance(why, Rejected)


async def test_a_server_that_takes_no_login_does_not_get_the_mail(
    postbox: Postbox, port: int
) -> None:
    await failing(sender(port, user="pj", password=PASSWORD))
    assert postbox.arrived == []


@pytest.mark.parametrize(
    "answer",
    [
        "550 User unknown",
        "550 5.1.1 <wang@example.com>: Recipient address rejected: wang is not known",
        "551 User not local",
        "553 mailbox name not allowed",
        "552 5.2.2 mailbox full",
        "521 host takes no mail",
    ],
)
async def test_an_address_that_is_none_is_rejected(
    answer: str, postbox: Postbox, port: int
) -> None:
    postbox.rcpt = answer
    why = await failing(sender(port))
    assert isinstance(why, Rejected)
    assert answer[:3] in why.why
    assert "wang" not in why.why
    assert "@" not in why.why


@pytest.mark.parametrize(
    "answer",
    [
        "451 4.3.0 try again later",
        "450 mailbox busy",
        "550 5.7.1 relaying denied",
        "550 5.1.8 sender address has null MX",
        "530 5.7.0 must issue a STARTTLS command first",
        "554 5.7.1 blocked",
        "503 bad sequence of commands",
        "421 4.3.2 shutting down",
    ],
)
async def test_what_may_pass_is_tried_again(answer: str, postbox: Postbox, port: int) -> None:
    postbox.rcpt = answer
    why = await failing(sender(port))
    assert not isinstance(why, Rejected)
    assert answer[:3] in why.why


@pytest.mark.parametrize(
    ("answer", "rejected"),
    [
        ("554 DT:SPM mail to <wang@example.com> 13800138000 refused", False),
        ("550 5.7.1 content refused", False),
        ("552 too large", False),
        ("451 greylisted", False),
        ("550 5.1.1 no such user here", True),
    ],
)
async def test_a_refusal_after_the_content(
    answer: str, rejected: bool, postbox: Postbox, port: int
) -> None:
    postbox.data = answer
    why = await failing(sender(port))
    assert isinstance(why, Rejected) is rejected
    assert answer[:3] in why.why
    assert "wang" not in why.why
    assert "13800138000" not in why.why


async def test_nobody_there() -> None:
    async with listening(asyncio.Protocol) as closed:
        pass
    assert (await failing(sender(closed))).why == "连接不上邮件服务器，或连接中断"


async def test_a_server_that_hangs(postbox: Postbox, port: int) -> None:
    postbox.hangs = True
    assert (await failing(sender(port), patience=QUICK)).why == "邮件服务器没有按时答复"


class Script(asyncio.Protocol):
    """Answers each line with the next of these, and then hangs up."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = list(answers)
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.data_received(b"")

    def data_received(self, _data: bytes) -> None:
        assert self._transport is not None
        if self._answers:
            self._transport.write(self._answers.pop(0))
        else:
            self._transport.close()


UP_TO_DATA = (b"220 hi\r\n", b"250 hi\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n")


@pytest.mark.parametrize("answered", range(len(UP_TO_DATA) + 1))
async def test_a_server_that_hangs_up(answered: int) -> None:
    async with listening(lambda: Script(*UP_TO_DATA[:answered])) as port:
        why = await failing(sender(port))
    assert why.why == "连接不上邮件服务器，或连接中断"
    assert not isinstance(why, Rejected)


@pytest.mark.parametrize(
    "greeting",
    [
        b"\r\n",
        b"HTTP/1.1 400 Bad Request\r\n",
        b"\xff\xfe\x00\r\n",
        b"220-\r\n" * 50_000,
        b"999\r\n",
    ],
)
async def test_a_server_that_speaks_nonsense(greeting: bytes) -> None:
    async with listening(lambda: Script(greeting)) as port:
        assert not isinstance(await failing(sender(port)), Rejected)


async def test_what_was_taken_stays_taken_when_the_goodbye_fails() -> None:
    """The answer to the content comes with the first of it, and QUIT gets none."""
    async with listening(lambda: Script(*UP_TO_DATA, b"250 taken\r\n")) as port:
        assert await send(sender(port))


async def test_an_address_that_needs_utf8(postbox: Postbox, port: int) -> None:
    await send(sender(port), message(to="王小明@example.com"))
    assert postbox.arrived[0].rcpt_tos == ["王小明@example.com"]
    async with listening(protocol(postbox, enable_SMTPUTF8=False)) as old:
        assert isinstance(await failing(sender(old), message(to="王小明@example.com")), Rejected)


async def test_what_is_no_address_is_rejected_without_asking(port: int) -> None:
    why = await failing(sender(port), message(to="潮安区市场监督管理局"))
    assert isinstance(why, Rejected)
    assert why.why == "不是有效的邮箱地址"
