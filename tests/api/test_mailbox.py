"""The whole way of mail: out by a real SMTP server, and the answer back by a real IMAP server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiohttp import web

from api.carriers import open_carriers
from api.keys import OFFICE
from api.mailbox import setup_mailbox
from api.pulse import Pulse
from api.settings import Settings
from bot.gateways import Post
from models.tables import Evaluation, Opinion, Reply
from tests.api.service import BASE, TJ_CASE, Service
from tests.bot.mail.imap import PASSWORD, USER, Account, Folder, serving
from tests.bot.mail.postbox import Postbox, listening, protocol

CITIZEN = "wang@example.cn"


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def inbox() -> Folder:
    return Folder()


@pytest.fixture
async def wired(postbox: Postbox, inbox: Folder) -> AsyncIterator[Settings]:
    account = Account({"INBOX": inbox})
    async with listening(protocol(postbox)) as smtp, serving(account) as imap:
        yield Settings.model_validate(
            {
                "public_url": BASE,
                "mail": {
                    "host": "localhost",
                    "port": smtp,
                    "security": "none",
                    "sender": "pj@city.example",
                    "reply_to": "yijian@city.example",
                },
                "mailbox": {
                    "host": "localhost",
                    "port": imap,
                    "security": "none",
                    "user": USER,
                    "password": PASSWORD,
                    "agency": "TJ-SP",
                },
            }
        )


async def beat(service: Service, settings: Settings) -> None:
    async with open_carriers(settings, service.office, service.clock.now) as carriers:
        await Pulse(service.office, Post(carriers.gateways, BASE)).beat()


async def read(service: Service, settings: Settings, until: int) -> None:
    """The mailbox is looked into until so many replies are stored."""
    assert settings.mailbox is not None
    app = web.Application()
    app[OFFICE] = service.office
    setup_mailbox(app, settings.mailbox)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        async with asyncio.timeout(20):
            while await Reply.exclude(taken_as="received").count() < until:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    finally:
        await runner.cleanup()


def letter(words: str, **headers: str) -> bytes:
    made = EmailMessage()
    made["From"] = f"王女士 <{CITIZEN}>"
    made["Subject"] = "回复"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(words)
    return made.as_bytes()


async def test_a_reminder_by_mail_is_answered_by_mail(
    service: Service, wired: Settings, postbox: Postbox, inbox: Folder
) -> None:
    """天津第十六条; this person left an address and no number."""
    person = {"name": "王女士", "identity": "11010119900101001X", "email": CITIZEN}
    await service.completed("TJ-9", **TJ_CASE, applicant=person)
    service.clock.advance(hours=24)
    await beat(service, wired)
    (envelope,) = postbox.arrived
    assert envelope.rcpt_tos == [CITIZEN]
    assert isinstance(envelope.content, bytes)
    sent = message_from_bytes(envelope.content, policy=default)
    assert sent["Subject"].startswith("您还可以评价：")
    assert sent["Reply-To"] == "yijian@city.example"
    inbox.add(letter("不满意，等了两个小时", In_Reply_To=str(sent["Message-ID"])))
    inbox.add(letter("希望周六也能办理"))
    await read(service, wired, until=2)
    rated = await Evaluation.get()
    assert (rated.level, rated.channel) == (2, "mail")
    assert (await Opinion.get()).words == "回复\n希望周六也能办理"
    assert inbox.unread() == []
