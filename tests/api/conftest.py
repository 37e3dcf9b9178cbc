"""The whole service over HTTP, on both engines, with its directory sent by the API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from api.access import new_integrator
from api.app import make_app
from api.keys import SPEECH
from api.settings import Settings
from ivr.recordings import Listener
from ivr.settings import Hotline
from models.office import Office
from tests.api.directory import DIRECTORY
from tests.api.service import BASE, Service
from tests.standing import StandingClock


@pytest.fixture
def settings() -> Settings:
    return Settings.model_validate({"public_url": BASE})


@pytest.fixture
def speech() -> Listener:
    """Without a model: most tests need nobody to be listened to."""
    return Listener(None, Hotline())


@pytest.fixture
async def service(
    office: Office, clock: StandingClock, settings: Settings, speech: Listener
) -> AsyncIterator[Service]:
    app = make_app(office, settings)
    app[SPEECH] = speech
    async with TestClient(TestServer(app)) as client:
        service = Service(client, office, clock)
        service.keys["admin"] = await new_integrator(office, "管理员", None)
        await service.good("/api/v1/directory", DIRECTORY)
        for region in ("445103", "120103"):
            report = {"name": f"{region}业务系统", "region": region}
            service.keys[region] = (await service.good("/api/v1/integrators", report))["key"]
        yield service
