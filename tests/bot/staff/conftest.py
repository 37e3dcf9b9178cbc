from __future__ import annotations

import pytest

from tests.bot.staff.chatting import Chat
from tests.models.handling.desk import Desk
from tests.models.town import Town


@pytest.fixture
async def chat(town: Town) -> Chat:
    """Of a town under 三明's rulebook unless the test says otherwise."""
    return await Chat.of(await Desk.of(town))
