"""What the settings connect the service with, over one HTTP session that lasts as long as it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from aiohttp import web

from api.chats import StaffChats, staff_chats
from api.hooks.sms import Accounts, setup_sms_hooks
from api.hooks.wechat import Answered, setup_wechat
from api.keys import SPEECH, WECHAT, WeChatAccounts
from api.mp.routes import setup_mp
from api.settings import Settings
from api.telephone import Telephone, telephone
from bot.gateways import Gateway
from bot.host_apps.settings import HostApp
from bot.mail.smtp import SmtpGateway
from bot.sms.gateway import gateway
from bot.wechat.callback import Callback
from bot.wechat.incoming import Incoming
from bot.wechat.listening import Account, listen
from bot.wechat.platform import Platform
from bot.wechat.pushing import MiniProgramGateway, OfficialAccountGateway, pushes
from bot.wechat.receiving import receive
from bot.wechat.settings import MiniProgram, OfficialAccount
from bot.wechat.working import Chat
from ivr.recordings import Listener
from ivr.settings import Hotline
from ivr.speech.recognising import OURS, Recogniser
from models.office import Office
from models.sessions import forget
from models.words import Channel


@dataclass(frozen=True, slots=True)
class Carriers:
    """`gateways`: those that send, by channel; the others are heard, by the account's name."""

    office: Office
    gateways: dict[str, Gateway]
    pushes: Mapping[str, Mapping[str, bool]]
    answerable: bool
    sms: Accounts
    chats: Mapping[str, Account]
    mini_programs: Mapping[str, tuple[MiniProgram, Platform]]
    host_apps: Mapping[str, HostApp]
    staff: StaffChats
    recogniser: Recogniser | None
    telephone: Telephone | None
    listener: Listener
    now: Callable[[], datetime]

    def setup(self, app: web.Application) -> None:
        """Where they reach us."""
        setup_sms_hooks(app, self.sms)
        setup_wechat(app, {name: self._answered(each) for name, each in self.chats.items()})
        setup_mp(app, self.mini_programs, self.host_apps, self.now)
        self.staff.setup(app)
        accounts: WeChatAccounts = {**_called(self.chats), **self.mini_programs}
        app[WECHAT] = accounts
        app[SPEECH] = self.listener
        if self.telephone is not None:
            self.telephone.setup(app)

    async def listen(self) -> int:
        """Answer what people sent and did not wait for; how many of them."""
        await forget(self.office, self.now())
        return await listen(self.office, self.chats, self.recogniser)

    def _answered(self, account: Account) -> Answered:
        async def answering(incoming: Incoming) -> str | None:
            return await receive(self.office, account.chat, incoming)

        return Answered(Callback(account.chat.account, self.now), answering)


@asynccontextmanager
async def open_carriers(
    settings: Settings, office: Office, now: Callable[[], datetime]
) -> AsyncIterator[Carriers]:
    """`now`: the real time, by which signatures and tokens end, whatever clock the office goes by.
    Raises ModelFault, PromptFault."""
    async with aiohttp.ClientSession() as session:

        def platform(name: str, account: OfficialAccount | MiniProgram) -> Platform | None:
            if account.app_secret is None:
                return None
            secret = account.app_secret.get_secret_value()
            return Platform(office, name, account.app_id, secret, account.api, session, now)

        sms = {
            name: (gateway(account, session, now), account.hook_key.get_secret_value())
            for name, account in settings.sms.items()
        }
        chats = {
            name: Account(
                Chat(name, account, settings.base_url, calls=found is not None),
                found,
            )
            for name, account in settings.wechat.items()
            for found in [platform(name, account)]
        }
        programs = {
            name: (program, found)
            for name, program in settings.mini_program.items()
            if (found := platform(name, program)) is not None
        }
        staff = staff_chats(settings, office, session, now)
        async with _recogniser(settings) as recogniser:
            yield Carriers(
                office=office,
                gateways={**_gateways(settings, sms, chats, programs), **staff.gateways},
                pushes=pushes(settings.wechat, settings.mini_program),
                answerable=_answerable(settings),
                sms=sms,
                chats=chats,
                mini_programs=programs,
                host_apps=settings.host_app,
                staff=staff,
                recogniser=recogniser,
                telephone=telephone(office, settings.hotline, recogniser),
                listener=Listener(recogniser, settings.hotline or Hotline()),
                now=now,
            )


@asynccontextmanager
async def _recogniser(settings: Settings) -> AsyncIterator[Recogniser | None]:
    """Loaded only where somebody can be heard: a real model takes seconds and memory."""
    chats = any(account.app_secret for account in settings.wechat.values())
    if not chats and settings.hotline is None:
        yield None
        return
    with closing(await asyncio.to_thread(Recogniser, settings.speech_model or OURS)) as recogniser:
        yield recogniser


def _gateways(
    settings: Settings,
    sms: Accounts,
    chats: Mapping[str, Account],
    programs: Mapping[str, tuple[MiniProgram, Platform]],
) -> dict[str, Gateway]:
    gateways: dict[str, Gateway] = {}
    for sender, _ in sms.values():
        gateways.setdefault(Channel.SMS.value, sender)
    if settings.mail is not None:
        gateways[Channel.MAIL.value] = SmtpGateway(settings.mail)
    if accounts := _called(chats):
        gateways[Channel.OFFICIAL_ACCOUNT.value] = OfficialAccountGateway(accounts)
    if programs:
        gateways[Channel.MINI_PROGRAM.value] = MiniProgramGateway(programs)
    return gateways


def _called(chats: Mapping[str, Account]) -> dict[str, tuple[OfficialAccount, Platform]]:
    """Official accounts whose server API can be called."""
    return {
        name: (each.chat.account, each.platform)
        for name, each in chats.items()
        if each.platform is not None
    }


def _answerable(settings: Settings) -> bool:
    """A plain gateway says where its replies are, if it has any; the clouds both have."""
    first = next(iter(settings.sms.values()), None)
    return first is not None and (first.provider != "plain" or first.replies is not None)
