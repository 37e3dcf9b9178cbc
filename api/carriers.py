"""The gateways of the settings, over one HTTP session that lasts as long as the service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from api.hooks.sms import Accounts
from api.settings import Settings
from bot.gateways import Gateway
from bot.mail.smtp import SmtpGateway
from bot.sms.gateway import gateway
from models.clock import Clock
from models.words import Channel


@dataclass(frozen=True, slots=True)
class Carriers:
    """`sms`: those that are heard; `gateways`: those that send, by channel."""

    gateways: dict[str, Gateway]
    sms: Accounts
    answerable: bool


@asynccontextmanager
async def open_carriers(settings: Settings, clock: Clock) -> AsyncIterator[Carriers]:
    async with aiohttp.ClientSession() as session:
        sms = {
            name: (gateway(account, session, clock.now), account.hook_key.get_secret_value())
            for name, account in settings.sms.items()
        }
        gateways: dict[str, Gateway] = {}
        for sender, _ in sms.values():
            gateways.setdefault(Channel.SMS.value, sender)
        if settings.mail is not None:
            gateways[Channel.MAIL.value] = SmtpGateway(settings.mail)
        yield Carriers(gateways, sms, answerable=_answerable(settings))


def _answerable(settings: Settings) -> bool:
    """A plain gateway says where its replies are, if it has any; the clouds both have."""
    first = next(iter(settings.sms.values()), None)
    return first is not None and (first.provider != "plain" or first.replies is not None)
