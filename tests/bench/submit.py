"""Ratings a second over HTTP, beside a bare aiohttp handler that does one raw INSERT and commit.

    python -m tests.bench.submit

Both run in the same minutes on the same machine and engine, in turns; what counts is the ratio.
"""

from __future__ import annotations

import asyncio
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from models.addresses import embedded
from models.database import opened
from models.keys import KeyRing
from models.links import Links, fresh_nonce
from models.tables import Agency, Case, Integrator, Invitation, Region, ServiceItem
from tests.bench.engines import free_port, postgres_url

CONNECTIONS = 32
RATINGS = 3000
ROUNDS = 5


async def prepare(url: str, keys: KeyRing) -> list[str]:
    """A town with as many completed cases as will be rated; the paths of their rating pages."""
    links, now = Links(keys.link_key), datetime.now(UTC)
    async with opened(url) as database:
        await database.migrate()
        await database.connection.execute_script(
            "CREATE TABLE bare (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words TEXT)"
            if database.is_postgres
            else "CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT)"
        )
        region = await Region.create(code="445103", name="潮安区", rulebook="chaoan")
        agency = await Agency.create(code="A", name="某局", region=region)
        item = await ServiceItem.create(code="I", name="某事项", agency=agency)
        integrator = await Integrator.create(name="bench", key_hash="-", created_at=now)
        await Case.bulk_create(
            [
                Case(
                    number=f"B{number}",
                    kind="application",
                    handling="online",
                    region=region,
                    agency=agency,
                    item=item,
                    applicant_kind="person",
                    integrator=integrator,
                    reported_at=now,
                    fingerprint="-",
                )
                for number in range(RATINGS * ROUNDS)
            ],
            batch_size=500,
        )
        cases = await Case.all().values_list("id", flat=True)
        invitations = [
            Invitation(
                key=f"case:{case}/completion",
                nonce=fresh_nonce(),
                rulebook="chaoan",
                version=1,
                node="completion",
                targets=["item"],
                region=region,
                agency=agency,
                case_id=case,
                rule="online",
                source="第十六条",
                opened_at=now,
                until=now + timedelta(days=180),
            )
            for case in cases
        ]
        await Invitation.bulk_create(invitations, batch_size=500)
    return [f"/r/{links.rating(invitation.nonce)}" for invitation in invitations]


@contextmanager
def server(kind: str, url: str, keys: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.servers", kind, url, str(keys), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603
        if process.stdout is None or not process.stdout.readline():
            raise RuntimeError(f"the {kind} server did not start")
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


async def rate(base: str, paths: list[str]) -> float:
    """Requests a second; every one must be answered with the redirect that means stored."""
    waiting = iter(paths)

    async def one(session: aiohttp.ClientSession) -> None:
        for path in waiting:
            form = {"level": "5", "once": secrets.token_urlsafe(12)}
            async with session.post(base + path, data=form, allow_redirects=False) as answer:
                if answer.status != 303:
                    raise RuntimeError(f"{path}: {answer.status}")

    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:
        begun = time.perf_counter()
        await asyncio.gather(*(one(session) for _ in range(CONNECTIONS)))
        return len(paths) / (time.perf_counter() - begun)


def measure(name: str, url: str, folder: Path) -> None:
    keys_file = folder / f"{name}-keys.json"
    keys = KeyRing.fresh()
    keys.save(keys_file)
    paths = asyncio.run(prepare(url, keys))
    ours, bare = [], []
    with server("full", url, keys_file) as full_base, server("bare", url, keys_file) as bare_base:
        for round_ in range(ROUNDS):
            part = paths[round_ * RATINGS : (round_ + 1) * RATINGS]
            bare.append(asyncio.run(rate(bare_base, ["/bare"] * RATINGS)))
            ours.append(asyncio.run(rate(full_base, part)))
    ratio = statistics.median(mine / other for mine, other in zip(ours, bare, strict=True))
    print(  # noqa: T201
        f"{name:<12}{statistics.median(ours):>12,.0f}{statistics.median(bare):>16,.0f}{ratio:>10.2f}"
    )


def main() -> None:
    print(f"{'engine':<12}{'submit/s':>12}{'raw INSERT/s':>16}{'ratio':>10}")  # noqa: T201
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure("SQLite", embedded(folder), folder)
        with postgres_url() as url:
            measure("PostgreSQL", url, folder)


if __name__ == "__main__":
    main()
