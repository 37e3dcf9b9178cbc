from __future__ import annotations

import pytest

from models.rulebooks.shelf import Shelf
from tests.models.elsewhere import Elsewhere


@pytest.fixture
def elsewhere(database_url: str, shelf: Shelf) -> Elsewhere:
    return Elsewhere(database_url, shelf)
