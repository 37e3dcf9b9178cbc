"""The 意见邮箱: looked into again and again while the service runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import structlog
from aiohttp import web

from api.keys import OFFICE
from api.pulse import forever
from bot.letterbox import take_mail
from bot.mail.mailbox import MailboxFault, fetch
from bot.mail.settings import MailboxSettings
from models.office import Office
from models.refusals import UnknownReference
from models.tables import Agency

log = structlog.get_logger()


def setup_mailbox(app: web.Application, settings: MailboxSettings) -> None:
    async def run(app: web.Application) -> AsyncIterator[None]:
        looking = forever(partial(_look, app[OFFICE], settings), settings.every)
        task = asyncio.create_task(looking, name="mailbox")
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    app.cleanup_ctx.append(run)


async def _look(office: Office, settings: MailboxSettings) -> None:
    try:
        await look(office, settings)
    except (MailboxFault, UnknownReference) as fault:
        log.warning("mailbox not read", why=str(fault))


async def look(office: Office, settings: MailboxSettings) -> int:
    """How many mails were taken. Raises MailboxFault, UnknownReference."""
    agency = await mailbox_agency(settings.agency)

    async def take(raw: bytes) -> None:
        await take_mail(office, agency, raw)

    return await fetch(settings, take)


async def mailbox_agency(code: str) -> Agency:
    """Raises UnknownReference."""
    agency = await Agency.get_or_none(code=code)
    if agency is None:
        raise UnknownReference(f"意见邮箱的机构“{code}”不在机构目录里。", field="agency")
    return agency
