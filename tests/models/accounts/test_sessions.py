"""Sessions of the console: how long they last, and what ends them."""

from __future__ import annotations

from models.accounts import sessions
from models.office import Office
from models.tables import AccountSession
from tests.models.accounts.people import person
from tests.standing import StandingClock


async def _is_on(office: Office, token: str) -> bool:
    return await sessions.session_of(office, token, office.now()) is not None


async def test_left_alone_for_half_an_hour(office: Office, clock: StandingClock) -> None:
    account = await person(office)
    token = await sessions.start(office, account, office.now(), complete=True)
    for _ in range(3):
        clock.advance(minutes=29)
        assert await _is_on(office, token)
    clock.advance(minutes=30)
    assert not await _is_on(office, token)


async def test_twelve_hours_however_busy(office: Office, clock: StandingClock) -> None:
    account = await person(office)
    token = await sessions.start(office, account, office.now(), complete=True)
    for _ in range(12 * 3 - 1):
        clock.advance(minutes=20)
        assert await _is_on(office, token)
    clock.advance(minutes=20)
    assert not await _is_on(office, token)


async def test_ten_minutes_for_the_second_factor(office: Office, clock: StandingClock) -> None:
    token = await sessions.start(office, await person(office), office.now(), complete=False)
    clock.advance(minutes=9)
    assert await _is_on(office, token)
    clock.advance(minutes=1)
    assert not await _is_on(office, token)


async def test_the_token_is_not_stored(office: Office) -> None:
    token = await sessions.start(office, await person(office), office.now(), complete=True)
    row = await AccountSession.get()
    assert token not in str(row.__dict__)
    assert sessions.form_token(office, token) not in str(row.__dict__)
    assert not await _is_on(office, row.token_hash)


async def test_who_begins_clears_away_what_is_over(office: Office, clock: StandingClock) -> None:
    one, other = await person(office), await person(office, "li.si")
    await sessions.start(office, one, office.now(), complete=True)
    clock.advance(minutes=29)
    lasting = await sessions.start(office, one, office.now(), complete=True)
    clock.advance(minutes=1)
    await sessions.start(office, other, office.now(), complete=True)
    assert await AccountSession.all().count() == 2
    assert await _is_on(office, lasting)


async def test_all_end_but_one(office: Office) -> None:
    one, other = await person(office), await person(office, "li.si")
    tokens = [
        await sessions.start(office, account, office.now(), complete=True)
        for account in (one, one, other)
    ]
    kept = await sessions.session_of(office, tokens[0], office.now())
    assert kept is not None
    await sessions.end_all(one, but=kept)
    assert [await _is_on(office, token) for token in tokens] == [True, False, True]
    await sessions.end_all(one)
    assert [await _is_on(office, token) for token in tokens] == [False, False, True]
