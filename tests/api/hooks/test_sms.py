"""/hooks/sms/{gateway}, and the whole way of a message: from the outbox to a provider of other make
and back, as a receipt or a reply."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.access import new_integrator
from api.app import make_app
from api.carriers import open_carriers
from api.hooks.sms import setup_sms_hooks
from api.pulse import PULSE, Pulse
from api.settings import Settings
from bot.gateways import Post
from models.office import Office
from models.tables import Attempt, Evaluation, Notice
from tests.api.directory import DIRECTORY
from tests.api.service import BASE, Service
from tests.standing import StandingClock

KEY = "a-key-of-the-hook-0123456789"


@dataclass
class Provider:
    """One HTTP request a message; deduplicates by the key it is given, and counts."""

    asked: int = 0
    failing: int = 0
    taken: dict[str, dict[str, str]] = field(default_factory=dict)

    async def take(self, request: web.Request) -> web.Response:
        self.asked += 1
        message = await request.json()
        if self.failing:
            self.failing -= 1
            return web.Response(status=502)
        self.taken.setdefault(request.headers["Idempotency-Key"], message)
        return web.json_response({"code": "0", "id": f"m-{message['key']}"})


@pytest.fixture
async def provider() -> AsyncIterator[tuple[Provider, str]]:
    provider, app = Provider(), web.Application()
    app.router.add_post("/send", provider.take)
    async with TestServer(app) as server:
        yield provider, str(server.make_url("/send"))


@pytest.fixture
async def wired(
    office: Office, clock: StandingClock, provider: tuple[Provider, str]
) -> AsyncIterator[Service]:
    settings = Settings.model_validate(
        {
            "public_url": BASE,
            "sms": {
                "city": {
                    "provider": "plain",
                    "hook_key": KEY,
                    "url": provider[1],
                    "fields": {"to": "{phone}", "text": "{text}", "key": "{key}"},
                    "sign": "政务服务好差评",
                    "ok_field": "code",
                    "ok_values": ["0"],
                    "reference_field": "id",
                    "receipts": {
                        "reference": "id",
                        "status": "status",
                        "delivered_values": ["DELIVRD"],
                    },
                    "replies": {"phone": "from", "words": "text", "reference": "number"},
                }
            },
        }
    )
    async with open_carriers(settings, office, clock.now) as carriers:
        app = make_app(office, settings)
        setup_sms_hooks(app, carriers.sms)
        app[PULSE] = Pulse(office, Post(carriers.gateways, BASE, carriers.answerable))
        async with TestClient(TestServer(app)) as client:
            service = Service(client, office, clock)
            service.keys["admin"] = await new_integrator(office, "管理员", None)
            await service.good("/api/v1/directory", DIRECTORY)
            yield service


async def beat(service: Service) -> None:
    await service.client.app[PULSE].beat()


async def push(service: Service, body: object, key: str = KEY, gateway: str = "city") -> int:
    path = f"/hooks/sms/{gateway}?key={key}"
    return (await service.ask("POST", path, key=None, json=body)).status


async def reminded(service: Service) -> None:
    """潮安: 24 hours after completion, nobody has rated."""
    await service.completed()
    service.clock.advance(hours=24)
    await beat(service)


def sent(provider: tuple[Provider, str]) -> dict[str, str]:
    (message,) = provider[0].taken.values()
    return message


async def test_a_reminder_is_answered_and_rates(
    wired: Service, provider: tuple[Provider, str]
) -> None:
    await reminded(wired)
    message = sent(provider)
    assert message["to"] == "+8613800138000"
    assert message["text"].startswith("【政务服务好差评】您在")
    assert "回复1至5" in message["text"]
    reply = {"from": "13800138000", "text": "不满意，等了两个小时", "number": "r-1"}
    assert await push(wired, reply) == 200
    assert await push(wired, reply) == 200
    rated = await Evaluation.get()
    assert (rated.level, rated.channel) == (2, "sms")


async def test_a_receipt_is_kept_whatever_the_order(
    wired: Service, provider: tuple[Provider, str]
) -> None:
    await reminded(wired)
    number = f"m-{sent(provider)['key']}"
    for status in ("DELIVRD", "DELIVRD", "EXPIRED"):
        assert await push(wired, [{"id": number, "status": status}]) == 200
    attempt = await Attempt.get()
    assert (attempt.delivered, attempt.receipt_why) == (True, None)
    assert (await Notice.get(kind="reminder")).state == "sent"


async def test_undelivered_is_a_dead_letter_and_can_be_sent_again(
    wired: Service, provider: tuple[Provider, str]
) -> None:
    await reminded(wired)
    number = f"m-{sent(provider)['key']}"
    assert await push(wired, {"id": number, "status": "UNDELIV"}) == 200
    await beat(wired)
    listed = await wired.good("/api/v1/notices?state=dead")
    (dead,) = [each for each in listed["notices"] if each["kind"] == "reminder"]
    assert dead["attempts"][0]["delivered"] is False
    again = await wired.post(f"/api/v1/notices/{dead['id']}/resend", {})
    assert again.status == 200, again.text
    await beat(wired)
    assert provider[0].asked == 2
    # The key is the same: a gateway that deduplicates has one.
    assert len(provider[0].taken) == 1
    assert (await wired.post(f"/api/v1/notices/{dead['id']}/resend", {})).status == 409


async def test_a_gateway_that_fails_is_tried_again(
    wired: Service, provider: tuple[Provider, str]
) -> None:
    provider[0].failing = 1
    await reminded(wired)
    assert not provider[0].taken
    wired.clock.advance(minutes=1)
    await beat(wired)
    assert len(provider[0].taken) == 1


@pytest.mark.parametrize(("key", "gateway"), [("", "city"), ("wrong", "city"), (KEY, "village")])
async def test_without_the_key_nothing_is_heard(wired: Service, key: str, gateway: str) -> None:
    assert await push(wired, {"from": "13800138000", "text": "5"}, key, gateway) == 403


@pytest.mark.parametrize("body", [7, "x", [[]], None])
async def test_nonsense_is_said_to_be_nonsense(wired: Service, body: Any) -> None:
    assert await push(wired, body) in (200, 400)
    assert not await Evaluation.exists()
