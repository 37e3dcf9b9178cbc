"""Log in and out: by the code of wx.login, or by a host app's ticket."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from tortoise.exceptions import IntegrityError

from api.endpoints import Nothing
from api.mp.accounts import Apps, HostAppAccount, MiniProgramAccount
from api.mp.endpoints import TAG, Arrival, Call, LoginEndpoint, RaterEndpoint
from api.mp.refusals import CodeRefused
from bot.host_apps.refusals import TicketReplayed
from bot.host_apps.tickets import read_ticket
from bot.wechat.errors import CodeRefused as NotTaken
from bot.wechat.people import logged_in
from models import sessions
from models.office import Office
from models.raters import identify, met
from models.refusals import Invalid
from models.tables import Rater, UsedTicket

LONGER: Final = timedelta(minutes=5)
"""A used ticket is remembered this long after its end: not all clocks are one."""
Code = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]


class Login(BaseModel):
    """`code`: wx.login's, in a mini-program. `ticket`: signed by a host app."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code | None = None
    ticket: Annotated[str, Field(max_length=10_000)] | None = None


class LoggedIn(BaseModel):
    token: str
    until: datetime
    phone_bound: bool
    real_name: bool


class LoggedOut(BaseModel):
    ended: bool


async def log_in(arrival: Arrival[Login]) -> LoggedIn:
    """The token goes into `Authorization: Bearer` of every other call."""
    office, account = arrival.office, arrival.account
    if isinstance(account, MiniProgramAccount):
        if arrival.body.code is None or arrival.body.ticket is not None:
            raise Invalid("小程序以wx.login的code登录。", field="code")
        return await _by_code(office, account, arrival.body.code)
    if arrival.body.ticket is None or arrival.body.code is not None:
        raise Invalid("请给出签名的身份凭证。", field="ticket")
    rater, session = await enter(office, arrival.apps, account, arrival.body.ticket)
    return _answer(rater, session)


async def _by_code(office: Office, account: MiniProgramAccount, code: str) -> LoggedIn:
    try:
        openid = await logged_in(account.platform, code)
    except NotTaken:
        raise CodeRefused from None
    rater = await met(office, account.name, account.channel, openid)
    return _answer(rater, await sessions.start(office, rater, account.session))


async def enter(
    office: Office, apps: Apps, account: HostAppAccount, ticket: str
) -> tuple[Rater, sessions.Started]:
    """By a ticket, used up together with the log-in or not at all. Raises TicketRefused."""
    now = apps.now()
    # SM2 is 20 ms of computing.
    read = await asyncio.to_thread(read_ticket, account.settings, account.name, ticket, now)
    try:
        async with office.database.transaction():
            until = read.expires_at + LONGER
            await UsedTicket.create(app=account.name, nonce=read.nonce, until=until)
            rater = await met(office, account.name, account.channel, read.subject)
            await identify(office, rater, phone=read.phone, name=read.name, identity=read.identity)
            return rater, await sessions.start(office, rater, account.session)
    except IntegrityError:
        raise TicketReplayed(account.settings.name) from None


def _answer(rater: Rater, session: sessions.Started) -> LoggedIn:
    return LoggedIn(
        token=session.token,
        until=session.until,
        phone_bound=rater.phone is not None,
        real_name=rater.name is not None,
    )


async def log_out(call: Call[Nothing]) -> LoggedOut:
    """The token is worth nothing any more."""
    await sessions.end(call.office, call.token)
    return LoggedOut(ended=True)


ENDPOINTS = (
    LoginEndpoint("POST", "/mp/{account}/login", log_in, "Log in", TAG, LoggedIn, body=Login),
    RaterEndpoint("POST", "/mp/{account}/logout", log_out, "Log out", TAG, LoggedOut),
)
