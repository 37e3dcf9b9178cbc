"""The telephone: where switches reach us, and who is put through."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import structlog
from aiohttp import web

from api.access import integrator_of
from api.problems import Unauthorized
from ivr.dialogue.reception import Reception
from ivr.fastagi import serve_fastagi
from ivr.line import Line
from ivr.media.audiosocket import serve_audiosocket
from ivr.media.websocket import MediaCall, setup_media
from ivr.prompts import Prompts
from ivr.reporting import report_of
from ivr.settings import Hotline
from ivr.speech.hearing import Hearing
from ivr.speech.recognising import Recogniser
from models.cases.calls import take_call
from models.cases.reports import CallReport
from models.office import Office
from models.ratings.by_recording import CallNotRated
from models.refusals import Forbidden, Invalid, Refused

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ports:
    """None: not listened on."""

    audiosocket: int | None
    fastagi: int | None

    def __str__(self) -> str:
        open_ = {"AudioSocket": self.audiosocket, "FastAGI": self.fastagi}
        told = [f"{name}端口{port}" for name, port in open_.items() if port is not None]
        return "，".join([*told, "WebSocket /ivr/media"])


@dataclass(frozen=True, slots=True)
class Telephone:
    office: Office
    hotline: Hotline
    reception: Reception

    def setup(self, app: web.Application) -> None:
        setup_media(app, self._media)

    @asynccontextmanager
    async def listening(self, host: str) -> AsyncIterator[Ports]:
        """`host`: where the service is. Raises OSError."""
        host = self.hotline.host or host
        audiosocket = fastagi = None
        async with AsyncExitStack() as open_:
            if self.hotline.audiosocket is not False:
                line = await serve_audiosocket(
                    host, self.hotline.audiosocket, self.reception.answer
                )
                open_.push_async_callback(line.close)
                audiosocket = line.port
                if self.hotline.fastagi is not False:
                    address = self.hotline.audiosocket_address or f":{audiosocket}"
                    port = self.hotline.fastagi
                    agi = await serve_fastagi(host, port, self._registered, address)
                    open_.push_async_callback(agi.close)
                    fastagi = agi.port
            yield Ports(audiosocket, fastagi)

    async def _registered(self, key: str, report: CallReport) -> UUID:
        """Raises Refused."""
        try:
            integrator = await integrator_of(self.office, key)
        except Unauthorized as fault:
            raise Forbidden(str(fault), field="key") from None
        taken = await take_call(self.office, integrator, report)
        if taken.handover is None:
            raise CallNotRated
        return taken.handover.id

    async def _media(self, call: MediaCall, line: Line) -> None:
        """With `call=` a handover that is registered already, else what registers one."""
        try:
            handover = await self._handover(call)
        except Refused as refused:
            log.warning("caller not handed over", why=refused.code, field=refused.field)
            await line.hang_up()
            return
        await self.reception.answer(handover, line)

    async def _handover(self, call: MediaCall) -> UUID:
        """Raises Refused."""
        if (known := call.told.get("call")) is None:
            return await self._registered(call.password or "", report_of(call.told))
        try:
            return UUID(known)
        except ValueError:
            raise Invalid("参数 call 应为登记通话时得到的UUID", field="call") from None


def telephone(
    office: Office, hotline: Hotline | None, recogniser: Recogniser | None
) -> Telephone | None:
    """Raises PromptFault."""
    if hotline is None:
        return None
    hearing = Hearing(recogniser, hotline.listened_to) if recogniser is not None else None
    reception = Reception(office, hotline, Prompts(hotline.prompts), hearing)
    return Telephone(office, hotline, reception)
