"""A town under a rulebook, on each engine."""

from __future__ import annotations

import pytest

from models.office import Office
from tests.models.town import Town, build


@pytest.fixture
async def town(office: Office, request: pytest.FixtureRequest) -> Town:
    """Under Chao'an's rulebook, unless the test says `under`."""
    return await build(office, getattr(request, "param", "chaoan"))
