"""Messages by mail: one connection each, encrypted unless the server is on this machine."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from typing import Final

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from bot.gateways import Message, NotDelivered, Rejected
from bot.mail.addresses import without_addresses
from bot.mail.compose import compose, message_id
from bot.mail.settings import MailSettings, verified

TIMEOUT: Final = timedelta(seconds=30)
"""For all of it up to the server's word that it has the mail."""
GOODBYE: Final = timedelta(seconds=2)

_ENHANCED: Final = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
_NO_SUCH_RECIPIENT: Final = frozenset({501, 510, 511, 521, 550, 551, 552, 553, 556})
"""Of the codes for RCPT (RFC 5321, 7504): the others speak of us or of the server."""
_SENDERS_ADDRESS: Final = ("7", "8")
"""RFC 3463: 5.1.7 and 5.1.8 find fault with who sends."""


class SmtpGateway:
    def __init__(self, settings: MailSettings, *, timeout: timedelta = TIMEOUT) -> None:
        """Raises ValueError for a CA file that has gone bad since the settings were read."""
        self._settings = settings
        self._timeout = timeout
        self._tls = verified(settings.ca_file)

    async def send(self, message: Message) -> str:
        """The Message-ID, in its angle brackets. Raises NotDelivered and Rejected.

        The causes are dropped on purpose: their words may hold the address.
        """
        try:
            mail = compose(message, self._settings)
        except ValueError:
            raise Rejected("不是有效的邮箱地址") from None
        client = self._client()
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                await self._hand_over(client, mail)
            await self._leave(client)
        except (SMTPException, OSError, ValueError) as fault:
            raise _failure(fault, message.to) from None
        finally:
            client.close()
        return message_id(message, self._settings)

    def _client(self) -> SMTP:
        settings = self._settings
        return SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=self._tls,
            username=settings.user,
            password=settings.password.get_secret_value() if settings.password else None,
            # The library would ask the resolver, and wait for it, for a name that is none of
            # the server's business.
            local_hostname=settings.domain,
            timeout=self._timeout.total_seconds(),
        )

    async def _hand_over(self, client: SMTP, mail: EmailMessage) -> None:
        await client.connect()
        await client.send_message(mail)

    async def _leave(self, client: SMTP) -> None:
        """What the server has it has: nothing that goes wrong now takes it back."""
        with suppress(SMTPException, OSError, ValueError):
            await client.quit(timeout=GOODBYE.total_seconds())


def _failure(fault: Exception, to: str) -> NotDelivered:
    if isinstance(fault, SMTPRecipientsRefused):
        fault = fault.recipients[0]
    if isinstance(fault, SMTPAuthenticationError):
        return NotDelivered(f"邮件服务器不接受用户名或密码（{fault.code}）")
    if isinstance(fault, SMTPResponseException):
        why = without_addresses(f"邮件服务器没有接受（{fault.code}）：{fault.message}", to)
        return Rejected(why) if _is_about_recipient(fault) else NotDelivered(why)
    if isinstance(fault, SMTPNotSupported):
        return Rejected("邮件服务器不支持含中文等字符的邮箱地址（SMTPUTF8）")
    return NotDelivered(_broken(fault, to))


def _broken(fault: Exception, to: str) -> str:
    if any(isinstance(each, ssl.SSLError) for each in _causes(fault)):
        return "与邮件服务器的加密连接（TLS）失败，或证书不可信"
    if isinstance(fault, TimeoutError):
        return "邮件服务器没有按时答复"
    if isinstance(fault, OSError):
        return "连接不上邮件服务器，或连接中断"
    if isinstance(fault, SMTPException):
        return without_addresses(f"邮件没有发出：{fault.message}", to)
    return "邮件服务器的答复不合规范"


def _is_about_recipient(fault: SMTPResponseException) -> bool:
    """The enhanced code decides where there is one: 550 5.7.1 is a policy and may change."""
    if not 500 <= fault.code < 600:
        return False
    if enhanced := _ENHANCED.search(fault.message):
        subject, detail = enhanced.groups()
        return subject == "2" or (subject == "1" and detail not in _SENDERS_ADDRESS)
    return isinstance(fault, SMTPRecipientRefused) and fault.code in _NO_SUCH_RECIPIENT


def _causes(fault: BaseException) -> Iterator[BaseException]:
    each: BaseException | None = fault
    while each is not None:
        yield each
        each = each.__cause__ or each.__context__
