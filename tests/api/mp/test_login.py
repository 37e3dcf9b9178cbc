"""Log in by code and by ticket; what a session is worth."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.mp.accounts import Apps, HostAppAccount
from api.mp.limits import Limits
from api.mp.login import enter
from bot.host_apps.refusals import TicketReplayed
from models import sessions
from models.office import Office
from models.raters import openid_of
from models.tables import Rater, RaterSession, UsedTicket
from tests.api.mp.person import CITY, HOST, MINI, Crowd, Person, ticket
from tests.api.service import refused
from tests.bot.host_apps.conftest import host_app
from tests.bot.wechat.fake_platform import LOGIN, Cut, Says
from tests.standing import MONDAY, StandingClock


async def test_by_the_code_of_a_mini_program(crowd: Crowd, office: Office) -> None:
    person = Person(crowd.client, MINI)
    crowd.fake.mini.person("openid-1")
    said = await person.log_in(code=crowd.fake.mini.log_in("openid-1"))
    assert (said["phone_bound"], said["real_name"]) == (False, False)
    assert said["until"] == (MONDAY + timedelta(days=7)).isoformat().replace("+00:00", "Z")
    rater = await Rater.get()
    assert (rater.app, rater.channel) == (MINI, "mini_program")
    assert openid_of(office, rater) == "openid-1"
    again = await crowd.in_mini_program("openid-1")
    assert again.token != said["token"]
    assert await Rater.all().count() == 1
    assert (await person.good("me"))["phone"] is None


async def test_tokens_are_stored_hashed(crowd: Crowd) -> None:
    person = await crowd.in_mini_program()
    session = await RaterSession.get()
    assert person.token is not None
    assert person.token not in str(session.__dict__)


async def test_a_code_is_good_once(crowd: Crowd) -> None:
    crowd.fake.mini.person("openid-1")
    code = crowd.fake.mini.log_in("openid-1")
    person = Person(crowd.client, MINI)
    await person.good("login", {"code": code})
    for bad in (code, "made-up"):
        refused(await person.post("login", {"code": bad}), 422, "code_refused", "code")
    assert await RaterSession.all().count() == 1


@pytest.mark.parametrize("fault", [Says(-1, "system error"), Cut(), Says(45011, "too often")])
async def test_the_platform_is_away(crowd: Crowd, fault: Any) -> None:
    crowd.fake.fail(LOGIN, fault, fault)
    answer = await Person(crowd.client, MINI).post("login", {"code": "any"})
    refused(answer, 503, "platform_away")
    assert int(answer.headers["Retry-After"]) > 0
    assert await Rater.all().count() == 0


async def test_by_the_ticket_of_a_host_app(crowd: Crowd) -> None:
    person = Person(crowd.client, HOST)
    said = await person.log_in(ticket=ticket())
    assert (said["phone_bound"], said["real_name"]) == (True, True)
    assert said["until"] == (MONDAY + timedelta(hours=2)).isoformat().replace("+00:00", "Z")
    me = await person.good("me")
    assert me == {"phone": "138****8000", "real_name": True, "templates": []}


async def test_what_a_ticket_says_takes_the_place_of_the_last_one(crowd: Crowd) -> None:
    person = await crowd.in_host_app()
    await crowd.in_host_app(level=0)
    assert (await person.good("me"))["phone"] is None
    rater = await Rater.get()
    assert (rater.name, rater.identity_hash) == (None, None)


async def test_the_level_of_a_real_name_is_the_account_s(crowd: Crowd) -> None:
    for account, level, real in ((HOST, 2, True), (CITY, 2, False), (CITY, 3, True)):
        person = await crowd.in_host_app(account, level=level)
        assert (await person.good("me"))["real_name"] is real


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"iat": int(MONDAY.timestamp()) - 301}, "ticket_expired"),
        ({"iat": int(MONDAY.timestamp()) + 301}, "ticket_early"),
        ({"aud": CITY}, "ticket_for_elsewhere"),
        ({"nonce": "short"}, "ticket_unreadable"),
    ],
)
async def test_a_bad_ticket(crowd: Crowd, bad: dict[str, Any], code: str) -> None:
    answer = await Person(crowd.client, HOST).post("login", {"ticket": ticket(**bad)})
    assert (answer.status, answer.body["code"]) == (403, code)
    assert "粤省事" in answer.body["detail"]
    assert await RaterSession.all().count() == await UsedTicket.all().count() == 0


async def test_an_altered_ticket(crowd: Crowd) -> None:
    proof = ticket().partition(".")[2]
    other = ticket(sub="u-9").partition(".")[0]
    answer = await Person(crowd.client, HOST).post("login", {"ticket": f"{other}.{proof}"})
    refused(answer, 403, "ticket_altered")


async def test_a_ticket_is_good_once_and_at_one_account(crowd: Crowd) -> None:
    shown = ticket()
    person = Person(crowd.client, HOST)
    await person.log_in(ticket=shown)
    refused(await person.post("login", {"ticket": shown}), 403, "ticket_replayed")
    elsewhere = Person(crowd.client, CITY)
    refused(await elsewhere.post("login", {"ticket": shown}), 403, "ticket_for_elsewhere")
    assert await RaterSession.all().count() == 1
    assert (await person.get("me")).status == 200


async def test_a_used_ticket_is_remembered_by_the_clock_by_which_it_ends(office: Office) -> None:
    """A demo's own clock may stand months before the real one."""
    demo = replace(office, clock=StandingClock(MONDAY - timedelta(days=200)))
    account = HostAppAccount(HOST, host_app("hmac-sm3", name="粤省事"))
    apps, shown = Apps({HOST: account}, Limits(), lambda: MONDAY), ticket()
    await enter(demo, apps, account, shown)
    assert await sessions.forget(demo, MONDAY) == 0
    with pytest.raises(TicketReplayed):
        await enter(demo, apps, account, shown)


async def test_a_ticket_shown_many_times_at_once(crowd: Crowd) -> None:
    shown, person = ticket(), Person(crowd.client, HOST)
    answers = await asyncio.gather(*[person.post("login", {"ticket": shown}) for _ in range(8)])
    assert sorted(each.status for each in answers) == [200, *[403] * 7]
    assert await RaterSession.all().count() == await UsedTicket.all().count() == 1


async def test_one_person_logs_in_on_many_devices_at_once(crowd: Crowd) -> None:
    people = await asyncio.gather(*[crowd.in_host_app() for _ in range(8)])
    assert await Rater.all().count() == 1
    assert len({person.token for person in people}) == 8
    for person in people:
        assert (await person.get("me")).status == 200


@pytest.mark.parametrize(
    ("account", "body", "field"),
    [
        (MINI, {"ticket": "x"}, "code"),
        (MINI, {}, "code"),
        (MINI, {"code": "a", "ticket": "x"}, "code"),
        (HOST, {"code": "x"}, "ticket"),
        (HOST, {"ticket": "x", "openid": "y"}, "openid"),
    ],
)
async def test_the_wrong_way_in(
    crowd: Crowd, account: str, body: dict[str, str], field: str
) -> None:
    refused(await Person(crowd.client, account).post("login", body), 422, "invalid", field)
    assert crowd.fake.calls.total() == 0


async def test_without_a_session_that_lasts(crowd: Crowd, clock: StandingClock) -> None:
    person = await crowd.in_host_app()
    for token in (None, "made-up", "é", f"{person.token}x"):
        bare = Person(crowd.client, HOST, token)
        answer = await bare.get("me")
        refused(answer, 401, "session_ended")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    refused(await Person(crowd.client, CITY, person.token).get("me"), 401, "session_ended")
    clock.advance(hours=2)
    refused(await person.get("me"), 401, "session_ended")


async def test_logged_out(crowd: Crowd) -> None:
    person, other = await crowd.in_host_app(), await crowd.in_host_app()
    assert await person.good("logout", {}) == {"ended": True}
    refused(await person.get("me"), 401, "session_ended")
    assert (await other.get("me")).status == 200


async def test_no_such_account(crowd: Crowd) -> None:
    for path in ("login", "logout"):
        refused(await Person(crowd.client, "nobody").post(path, {}), 404, "not_found")
    refused(await Person(crowd.client, MINI).get("nothing"), 404, "not_found")
