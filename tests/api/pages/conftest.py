"""A town under each rulebook, and the pages served over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.keys import OFFICE
from api.pages.routes import setup_pages
from models.office import Office
from tests.api.pages.town import JURISDICTIONS, Client, Town, build_town


@pytest.fixture(params=JURISDICTIONS)
async def town(office: Office, request: pytest.FixtureRequest) -> Town:
    """Under each of the five rulebooks, unless the test says `under`."""
    return await build_town(office, str(request.param))


@pytest.fixture
def app(office: Office) -> web.Application:
    app = web.Application()
    app[OFFICE] = office
    setup_pages(app)
    return app


@pytest.fixture
async def client(app: web.Application) -> AsyncIterator[Client]:
    async with TestClient(TestServer(app)) as client:
        yield client
