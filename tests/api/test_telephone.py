"""A switch reaches the service: by its two ports and by WebSocket, with an integrator's key."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from api.app import make_app
from api.settings import Settings
from api.telephone import Ports, Telephone, telephone
from ivr.settings import Hotline
from models.office import Office
from models.tables import Call, Evaluation
from models.words import Channel, Level
from tests.api.service import Service
from tests.ivr.fake_agi import Switch, calling, told
from tests.ivr.media.audiosocket_switch import frame
from tests.ivr.media.fake_switch import dialled

PATIENCE = 10.0
CALL = {"platform": "CA-P1", "agent": "CA-S1", "queue": "办事"}


@pytest.fixture
def phone(office: Office) -> Telephone:
    phone = telephone(office, Hotline(audiosocket=0, fastagi=0), None)
    assert phone is not None
    return phone


@pytest.fixture
async def ports(phone: Telephone) -> AsyncIterator[Ports]:
    async with phone.listening("127.0.0.1") as ports:
        yield ports


@asynccontextmanager
async def media(phone: Telephone, office: Office, settings: Settings) -> AsyncIterator[str]:
    app = make_app(office, settings)
    phone.setup(app)
    async with TestServer(app) as server:
        yield str(server.make_url("/ivr/media"))


async def by_fastagi(ports: Ports, key: str, **more: str) -> Switch:
    assert ports.fastagi is not None
    given = {"key": key, **CALL, **more}
    async with calling(ports.fastagi) as switch:
        await switch.run(told(*(f"{name}={each}" for name, each in given.items())))
    return switch


async def put_through(arguments: str, keys: bytes) -> bytes:
    """As AudioSocket does what the switch is told to; what the caller heard."""
    handover, _, address = arguments.partition(",")
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(frame(0x01, UUID(handover).bytes) + frame(0x03, keys))
    try:
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    finally:
        writer.close()


async def test_one_line_of_a_dialplan_ends_in_a_rating(service: Service, ports: Ports) -> None:
    switch = await by_fastagi(ports, service.keys["445103"])
    assert switch.variables == {"HAOCHAPING": "ENDED"}
    (arguments,) = switch.executed
    assert arguments.endswith(f",127.0.0.1:{ports.audiosocket}")
    await put_through(arguments, b"5")
    said = await Evaluation.get()
    assert (said.level, said.channel) == (Level.VERY_SATISFIED, Channel.HOTLINE)
    assert (await Call.get()).queue == "办事"


@pytest.mark.parametrize(
    ("key", "more", "fault"),
    [
        ("nobody's", {}, "forbidden"),
        ("120103", {}, "forbidden"),
        ("445103", {"agent": "nobody"}, "unknown_reference"),
        ("445103", {"platform": ""}, "invalid"),
    ],
    ids=["no such key", "of another city", "no such agent", "nothing said"],
)
async def test_who_is_not_put_through_is_told_why(
    service: Service, ports: Ports, key: str, more: dict[str, str], fault: str
) -> None:
    switch = await by_fastagi(ports, service.keys.get(key, key), **more)
    assert switch.executed == []
    assert switch.variables == {"HAOCHAPING": "REFUSED", "HAOCHAPING_FAULT": fault}
    assert await Call.all().count() == 0


def credentials(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"switch:{key}".encode()).decode()}


async def test_a_websocket_brings_its_call(
    service: Service, phone: Telephone, settings: Settings
) -> None:
    of_call = ",".join(f"{name}={each}" for name, each in {"number": "W1", **CALL}.items())
    async with (
        media(phone, service.office, settings) as url,
        dialled(url, as_json=True, headers=credentials(service.keys["445103"])) as switch,
    ):
        await switch.start("slin", {"__RATING_CALL": of_call})
        await switch.press("4")
        await switch.until(lambda: switch.socket.closed)
    assert (await Evaluation.get()).level == Level.SATISFIED
    assert (await Call.get()).number == "W1"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("call=8f8a2a73-2f63-434a-8afa-e349727f0d8d", "handover_unknown"),
        ("call=17", "invalid"),
        ("number=W1&platform=CA-P1&agent=CA-S1", "forbidden"),
        ("", "invalid"),
    ],
)
async def test_a_websocket_nobody_knows_is_hung_up(
    service: Service, phone: Telephone, settings: Settings, query: str, why: str
) -> None:
    with capture_logs() as logs:
        async with (
            media(phone, service.office, settings) as url,
            dialled(f"{url}?{query}") as switch,
        ):
            await switch.start("slin")
            await switch.until(lambda: switch.socket.closed)
    assert [each["why"] for each in logs if "why" in each] == [why]
    assert await Evaluation.all().count() == 0
