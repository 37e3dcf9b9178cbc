"""Log-ins: found by their token while they last, and forgotten."""

from __future__ import annotations

from datetime import timedelta

from models import sessions
from models.office import Office
from models.raters import met
from models.tables import Rater, RaterSession, UsedTicket
from models.words import Channel
from tests.standing import StandingClock

HOUR = timedelta(hours=1)


async def _somebody(office: Office, openid: str = "o1") -> Rater:
    return await met(office, "town", Channel.MINI_PROGRAM, openid)


async def test_a_token_finds_its_person(office: Office, clock: StandingClock) -> None:
    one, other = await _somebody(office), await _somebody(office, "o2")
    first = await sessions.start(office, one, HOUR)
    second = await sessions.start(office, other, HOUR)
    assert first.until == clock.now() + HOUR
    for started, rater in ((first, one), (second, other)):
        found = await sessions.rater_of(office, started.token)
        assert found is not None
        assert found.id == rater.id
    assert await sessions.rater_of(office, "x") is None
    clock.advance(hours=1)
    assert await sessions.rater_of(office, first.token) is None


async def test_the_token_itself_is_not_stored(office: Office) -> None:
    started = await sessions.start(office, await _somebody(office), HOUR)
    assert started.token not in str((await RaterSession.get()).__dict__)
    assert started.token not in repr(started)


async def test_ended(office: Office) -> None:
    rater = await _somebody(office)
    first = await sessions.start(office, rater, HOUR)
    second = await sessions.start(office, rater, HOUR)
    await sessions.end(office, first.token)
    assert await sessions.rater_of(office, first.token) is None
    assert await sessions.rater_of(office, second.token) is not None


async def test_what_is_over_is_forgotten(office: Office, clock: StandingClock) -> None:
    rater = await _somebody(office)
    await sessions.start(office, rater, HOUR)
    lasting = await sessions.start(office, rater, 2 * HOUR)
    for number in (1, 2):
        until = clock.now() + number * HOUR
        await UsedTicket.create(app="host", nonce=f"n{number}", until=until)
    assert await sessions.forget(office, office.now()) == 0
    clock.advance(hours=1)
    # At its last moment a ticket is still taken, and must be known.
    assert await sessions.forget(office, office.now()) == 1
    clock.advance(seconds=1)
    assert await sessions.forget(office, office.now()) == 1
    assert await sessions.forget(office, office.now()) == 0
    assert await sessions.rater_of(office, lasting.token) is not None
    assert (await UsedTicket.get()).nonce == "n2"
