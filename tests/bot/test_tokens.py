"""One access token for all (bot/tokens.py), whatever the platform. More of it, with a platform, is
in tests/bot/wechat/test_tokens.py."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest

from bot.gateways import NotDelivered, Rejected, Unheard
from bot.tokens import Issued, Pace, Tokens
from models.office import Office
from tests.standing import StandingClock


@pytest.mark.parametrize("kind", [NotDelivered, Unheard, Rejected])
async def test_who_waits_for_a_fetch_shares_its_failure(
    office: Office, clock: StandingClock, kind: type[NotDelivered]
) -> None:
    tries = count(1)

    async def issue(*, force: bool) -> Issued:  # noqa: ARG001
        await asyncio.sleep(0)
        raise kind(f"平台：第{next(tries)}次没有给")

    tokens = Tokens(office, "city", issue, clock.now, Pace())
    asked = [tokens.current() for _ in range(20)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert {str(each) for each in found} == {"平台：第1次没有给"}
    # No message was on its way.
    assert not any(isinstance(each, Unheard) for each in found)
    with pytest.raises(NotDelivered, match="第2次"):
        await tokens.current()
