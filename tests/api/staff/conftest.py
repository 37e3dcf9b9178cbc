"""The console over HTTP, on both engines, with somebody signed in at every desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from aiohttp.test_utils import TestServer

from api.app import make_app
from api.settings import Settings
from api.staff.routes import setup_staff
from tests.api.service import Service
from tests.api.staff.desk import MORE, Desk


@pytest.fixture
async def desk(service: Service, settings: Settings) -> AsyncIterator[Desk]:
    await service.good("/api/v1/directory", MORE)
    app = make_app(service.office, settings)
    setup_staff(app)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(app))
        yield Desk(service, server.make_url("/"), stack)
