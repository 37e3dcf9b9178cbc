"""Health, readiness and metrics, for whoever watches at night."""

from __future__ import annotations

import asyncpg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.api.away import away
from tests.api.directory import CASE
from tests.api.service import Service, refused


async def test_the_process_is_alive_and_the_database_fits(service: Service) -> None:
    for path, status in (("/healthz", "ok"), ("/readyz", "ready")):
        answer = await service.get(path, key=None)
        assert (answer.status, answer.body) == (200, {"status": status})


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM tortoise_migrations",
        "UPDATE tortoise_migrations SET name = '9999_later' WHERE name LIKE '0002%'",
    ],
    ids=["older", "newer"],
)
async def test_a_database_of_another_version_is_not_ready(service: Service, change: str) -> None:
    await service.office.database.connection.execute_query(change)
    answer = await service.get("/readyz", key=None)
    assert (answer.status, answer.body) == (503, {"status": "unavailable"})
    assert (await service.get("/healthz", key=None)).status == 200


async def test_a_database_whose_tables_are_gone_is_not_ready(service: Service) -> None:
    await service.office.database.connection.execute_query("DROP TABLE tortoise_migrations")
    assert (await service.get("/readyz", key=None)).status == 503


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_a_database_that_hangs_up_is_back_by_itself(
    service: Service, database_url: str
) -> None:
    other = await asyncpg.connect(database_url)
    hang_up = (
        # Waits until they are gone.
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    try:
        for _ in range(3):
            await other.execute(hang_up)
            assert (await service.get("/readyz", key=None)).status in {200, 503}
            assert (await service.get("/readyz", key=None)).status == 200
    finally:
        await other.close()


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_a_database_that_lets_nobody_in_is_not_ready(
    service: Service, database_url: str
) -> None:
    async with away(database_url):
        for _ in range(3):
            assert (await service.get("/readyz", key=None)).status == 503
            assert (await service.get("/healthz", key=None)).status == 200
            assert (await service.get("/metrics", key=None)).status == 200
            refused(await service.get("/api/v1/orders"), 503, "unavailable")
    assert (await service.get("/readyz", key=None)).status == 200


async def test_metrics_are_of_routes_and_never_of_people(service: Service) -> None:
    link = await service.completed()
    await service.get(link.removeprefix("https://haochaping.example"), key=None)
    await service.get("/api/v1/cases/%E9%99%8813800138000", key=None)
    await service.get("/nobody/13800138000", key=None)
    await service.ask("GET13800138000", "/healthz", key=None)
    text = (await service.get("/metrics", key=None)).text
    for personal in ("13800138000", CASE["number"], link.rpartition("/")[2], service.keys["admin"]):
        assert personal not in text
    assert '/r/{token}",status="200"' in text
    assert '/api/v1/cases/{number}",status="401"' in text


async def test_strangers_cannot_grow_the_metrics(service: Service) -> None:
    async def series() -> int:
        text = (await service.get("/metrics", key=None)).text
        families = text_string_to_metric_families(text)
        return sum(len(family.samples) for family in families)

    await service.get("/nobody", key=None)
    await service.ask("M", "/nobody", key=None)
    await series()
    before = await series()
    for number in range(20):
        await service.get(f"/nobody/{number}", key=None)
        await service.ask(f"M{number}", "/nobody", key=None)
    assert await series() == before


async def test_metrics_parse(service: Service) -> None:
    answer = await service.get("/metrics", key=None)
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    names = {family.name for family in text_string_to_metric_families(answer.text)}
    assert {"haochaping_requests", "haochaping_request_seconds"} <= names
