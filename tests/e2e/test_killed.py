"""The short form of `python -m tests.e2e.killing`: ten kills, both engines."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.bench.engines import free_port
from tests.e2e.killing.fleet import Fleet, counting
from tests.e2e.killing.proof import proof


async def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_sent_twice(
    database_url: str, tmp_path: Path
) -> None:
    with counting(seed=1) as gateway:
        fleet = Fleet("demo", tmp_path, database_url, [free_port()], gateway, Random(1))  # noqa: S311
        outcome = await proof(fleet, 10, pause=0.05)
    assert outcome.faults == []
    assert outcome.kills == 10
    assert outcome.messages
