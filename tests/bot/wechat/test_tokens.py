"""One access token for all processes (bot/tokens.py), on both engines."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import count

import aiohttp
import pytest

from bot.gateways import NotDelivered, Unheard
from bot.tokens import COLUMN, FORCE_APART, Issued, Pace, Tokens
from bot.wechat.errors import TokenRefused
from bot.wechat.platform import Patience, Platform
from models.keys import KeyRing
from models.office import Office
from models.rulebooks.shelf import Shelf
from models.tables import AccessToken
from tests.bot.wechat.conftest import OPENID, client, follower
from tests.bot.wechat.fake_platform import STABLE_TOKEN, Cut, FakePlatform, Hang, Raw, Says
from tests.models.offices import another_office_at, office_at
from tests.standing import StandingClock


async def ask(platform: Platform, times: int = 1) -> None:
    asked = [follower(platform, OPENID) for _ in range(times)]
    assert all(await asyncio.gather(*asked))


async def row() -> AccessToken:
    return await AccessToken.get(app="official")


async def test_fetched_once_and_kept(official: Platform, fake: FakePlatform) -> None:
    await ask(official)
    await ask(official)
    assert fake.calls[STABLE_TOKEN] == 1


async def test_it_lies_sealed_in_the_database(
    official: Platform, fake: FakePlatform, office: Office
) -> None:
    await ask(official)
    stored = (await row()).token
    assert stored is not None
    token = fake.official.issued[-1].value
    assert token not in stored
    assert office.keys.open(stored, COLUMN) == token


async def test_sixty_at_once_fetch_one(official: Platform, fake: FakePlatform) -> None:
    await ask(official, 60)
    assert fake.calls[STABLE_TOKEN] == 1


async def test_before_it_ends_another_one_is_fetched(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    await ask(official)
    clock.advance(minutes=114, seconds=59)
    await ask(official)
    assert fake.calls[STABLE_TOKEN] == 1
    clock.advance(seconds=1)
    await ask(official, 60)
    assert (fake.calls[STABLE_TOKEN], len(fake.official.issued)) == (2, 2)


async def test_what_others_got_near_its_end_is_used_while_it_lasts(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    """Another system of the account's has it since long: 301 seconds are left."""
    fake.official.stable_token(force=False)
    clock.advance(seconds=7200 - 301)
    await ask(official, 3)
    assert fake.calls[STABLE_TOKEN] == 1
    clock.advance(seconds=151)
    await ask(official)
    assert fake.calls[STABLE_TOKEN] == 2


async def test_all_are_refused_at_once_and_one_fetches(
    official: Platform, fake: FakePlatform
) -> None:
    await ask(official)
    fake.official.revoke()
    await ask(official, 60)
    assert fake.calls[STABLE_TOKEN] == 2


async def test_what_was_stored_meanwhile_stays(office: Office, clock: StandingClock) -> None:
    numbers = count(1)

    async def issue(*, force: bool) -> Issued:
        return Issued(f"{next(numbers)} {force}", timedelta(hours=2))

    tokens = Tokens(office, "official", issue, clock.now, Pace())
    old = await tokens.current()
    await tokens.refused(old)
    new = await tokens.current()
    await tokens.refused(old)
    assert await tokens.current() == new
    assert (old.token, new.token) == ("1 False", "2 False")


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_each_way_to_refuse_a_token(
    official: Platform, fake: FakePlatform, code: int
) -> None:
    fake.fail("/cgi-bin/user/info", Says(code, "access_token expired"))
    await ask(official)
    # The plain way gave the refused one again, so that one was forced.
    assert (fake.calls[STABLE_TOKEN], len(fake.official.forced)) == (3, 1)


async def test_refused_twice_it_gives_up(official: Platform, fake: FakePlatform) -> None:
    fake.fail("/cgi-bin/user/info", *[Says(40001, "invalid credential")] * 2)
    with pytest.raises(TokenRefused, match="40001"):
        await ask(official)
    assert fake.calls["/cgi-bin/user/info"] == 2
    await ask(official)


async def test_by_force_only_where_nothing_else_helps(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    await ask(official)
    fake.official.disown()
    await ask(official, 60)
    assert len(fake.official.forced) == 1
    clock.advance(minutes=30)
    fake.official.disown()
    with pytest.raises(TokenRefused):
        await ask(official)
    assert len(fake.official.forced) == 1
    clock.advance(minutes=42)
    await ask(official)
    assert len(fake.official.forced) == 2


async def test_a_day_of_forcing_keeps_to_their_limit() -> None:
    assert timedelta(days=1) / FORCE_APART <= 20
    assert timedelta(seconds=30) <= FORCE_APART


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (40125, "app_secret"),
        (40164, "白名单.*203.0.113.7"),
        (40243, "冻结"),
        (40013, "app_id"),
    ],
)
async def test_what_the_operator_must_do(
    official: Platform, fake: FakePlatform, code: int, words: str
) -> None:
    said = {
        40164: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
    }.get(code, "invalid")
    fake.fail(STABLE_TOKEN, Says(code, said))
    with pytest.raises(TokenRefused, match=words) as fault:
        await ask(official)
    assert fault.value.code == code
    await ask(official)


async def test_a_wrong_secret(
    office: Office, fake: FakePlatform, session: aiohttp.ClientSession, clock: StandingClock
) -> None:
    official = client(office, fake, fake.official, session, clock.now, secret="c" * 32)
    with pytest.raises(TokenRefused, match="AppSecret"):
        await ask(official)


@pytest.mark.parametrize(
    "fault",
    [
        Raw(status=502),
        Raw(b"<html>"),
        Raw(b"{}"),
        Raw(b'{"access_token":"","expires_in":7200}'),
        Raw(b'{"access_token":"a","expires_in":0}'),
        Raw(b'{"access_token":"a","expires_in":"7200"}'),
        Cut(),
    ],
)
async def test_none_is_given(official: Platform, fake: FakePlatform, fault: Raw | Cut) -> None:
    fake.fail(STABLE_TOKEN, fault)
    with pytest.raises(NotDelivered) as found:
        await ask(official)
    # No message was on its way.
    assert not isinstance(found.value, Unheard)
    assert (await row()).fetching_until is None
    await ask(official)


async def test_who_waits_for_a_fetch_shares_its_failure(
    official: Platform, fake: FakePlatform
) -> None:
    fake.fail(STABLE_TOKEN, *[Raw(status=500)] * 60)
    asked = [follower(official, OPENID) for _ in range(60)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(each, NotDelivered) for each in found)
    assert fake.calls[STABLE_TOKEN] == 1


async def test_busy_is_tried_again(official: Platform, fake: FakePlatform) -> None:
    fake.fail(STABLE_TOKEN, *[Says(-1, "system error")] * 2)
    await ask(official)
    assert fake.calls[STABLE_TOKEN] == 3


async def test_who_is_given_up_on_lets_others_fetch(official: Platform, fake: FakePlatform) -> None:
    fake.answering.clear()
    asked = asyncio.create_task(ask(official))
    await fake.asked.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    fake.answering.set()
    await ask(official)


async def test_who_hangs_is_not_waited_for_past_its_lease(
    office: Office, fake: FakePlatform, session: aiohttp.ClientSession, clock: StandingClock
) -> None:
    pace = Pace(lease=timedelta(seconds=0.05), first=0.001, longest=0.01)
    official = client(
        office, fake, fake.official, session, clock.now, patience=Patience(token=pace)
    )
    fake.fail(STABLE_TOKEN, Hang())
    with pytest.raises(NotDelivered, match="没有按时"):
        await ask(official)
    await ask(official)


async def test_a_process_dies_while_it_fetches(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    until = clock.now() + timedelta(seconds=15)
    await AccessToken.create(app="official", fetching_until=until)
    waiting = asyncio.create_task(ask(official))
    for _ in range(20):
        assert (await row()).fetching_until == until
    assert not fake.calls[STABLE_TOKEN]
    clock.advance(seconds=15)
    await waiting
    assert fake.calls[STABLE_TOKEN] == 1


async def test_it_waits_for_a_lease_and_no_longer(
    office: Office, fake: FakePlatform, session: aiohttp.ClientSession, clock: StandingClock
) -> None:
    """The clock stands, so that the dead one's lease never ends."""
    pace = Pace(lease=timedelta(seconds=0.05), first=0.001, longest=0.01)
    official = client(
        office, fake, fake.official, session, clock.now, patience=Patience(token=pace)
    )
    await AccessToken.create(app="official", fetching_until=clock.now() + pace.lease)
    with pytest.raises(NotDelivered, match="另一个进程"):
        await ask(official)


async def test_a_lease_from_before_the_clock_went_back(
    official: Platform, clock: StandingClock
) -> None:
    until = clock.now() + timedelta(hours=1)
    await AccessToken.create(app="official", fetching_until=until)
    await ask(official)


async def test_sealed_with_a_key_that_is_gone(
    official: Platform, fake: FakePlatform, clock: StandingClock
) -> None:
    until = clock.now() + timedelta(hours=1)
    gone = KeyRing.fresh().seal("a token", COLUMN)
    await AccessToken.create(app="official", token=gone, until=until)
    await ask(official)
    assert fake.calls[STABLE_TOKEN] == 1


async def in_two_processes(
    url: str, shelf: Shelf, fake: FakePlatform, clock: StandingClock, times: int
) -> None:
    """Two offices with connections of their own, each asking so many times at once."""
    ready = asyncio.Barrier(2)

    async def one() -> None:
        async with another_office_at(url, shelf) as office, aiohttp.ClientSession() as session:
            await AccessToken.all().limit(1)
            await ready.wait()
            await ask(client(office, fake, fake.official, session, clock.now), times)

    async with asyncio.timeout(30):
        await asyncio.gather(asyncio.create_task(one()), asyncio.create_task(one()))


async def test_two_processes_fetch_one(
    database_url: str, shelf: Shelf, fake: FakePlatform, clock: StandingClock
) -> None:
    await in_two_processes(database_url, shelf, fake, clock, 30)
    assert fake.calls[STABLE_TOKEN] == 1


async def test_two_processes_whose_token_has_ended_or_was_revoked(
    database_url: str, shelf: Shelf, fake: FakePlatform, clock: StandingClock
) -> None:
    async with office_at(database_url, shelf) as office, aiohttp.ClientSession() as session:
        await ask(client(office, fake, fake.official, session, clock.now))
        clock.advance(hours=3)
    await in_two_processes(database_url, shelf, fake, clock, 30)
    assert fake.calls[STABLE_TOKEN] == 2
    fake.official.revoke()
    await in_two_processes(database_url, shelf, fake, clock, 30)
    assert fake.calls[STABLE_TOKEN] == 3
