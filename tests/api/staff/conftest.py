"""The console over HTTP, on both engines, with somebody signed in at every desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from aiohttp.test_utils import TestServer

from api.app import make_app
from api.settings import Settings
from api.staff.signed_in import REAL_TIME
from models.office import Office
from tests.api.service import Service
from tests.api.staff.desk import MORE, Desk
from tests.api.staff.visitor import Console
from tests.standing import StandingClock


@pytest.fixture
async def desk(service: Service) -> AsyncIterator[Desk]:
    await service.good("/api/v1/directory", MORE)
    # A client without TLS gets no cookie that is for https alone.
    app = make_app(service.office, Settings.model_validate({"public_url": "http://localhost"}))
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(app))
        yield Desk(service, server.make_url("/"), stack)


@pytest.fixture
async def console(
    office: Office, clock: StandingClock, settings: Settings
) -> AsyncIterator[Console]:
    """With nobody signed in, on the standing clock."""
    app = make_app(office, settings)
    app[REAL_TIME] = clock.now
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(app))
        yield Console(office, clock, server.make_url("/"), stack)
