"""Accounts of a town, and a bad rating in it."""

from __future__ import annotations

import pytest

from tests.models.handling.desk import Desk
from tests.models.town import Town


@pytest.fixture
async def desk(town: Town) -> Desk:
    return await Desk.of(town)
