"""The short form of `python -m tests.e2e.callbacks`."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.bench.engines import free_port
from tests.e2e.callbacks.proof import proof


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_callbacks_again_and_in_any_order_end_in_the_right_ratings_once(
    database_url: str, tmp_path: Path
) -> None:
    """Two processes, an account in AES mode and one in plain."""
    ports = [free_port(), free_port()]
    outcome = await proof(tmp_path, database_url, ports, 300, Random(1))  # noqa: S311 - repeatable
    assert outcome.faults == []
    assert outcome.callbacks > 200
    assert outcome.ratings > 30
