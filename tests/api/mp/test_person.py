"""The phone that an app's account knows, and consents to pushes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.consents import consenting
from models.office import Office
from models.raters import phone_of
from models.tables import Consent, Notice, Rater
from tests.api.mp.person import Crowd, once
from tests.api.service import refused
from tests.bot.wechat.fake_platform import Says
from tests.standing import StandingClock

PHONE_PATH = "/wxa/business/getuserphonenumber"


async def test_a_phone_is_bound_and_shown_masked(crowd: Crowd, office: Office) -> None:
    person = await crowd.in_mini_program()
    code = crowd.fake.mini.show_phone("13800138001")
    assert await person.good("phone", {"code": code}) == {"phone": "138****8001"}
    assert (await person.good("me"))["phone"] == "138****8001"
    assert phone_of(office, await Rater.get()) == "+8613800138001"
    refused(await person.post("phone", {"code": code}), 422, "code_refused", "code")
    answer = await person.ask("DELETE", "phone")
    assert (answer.status, answer.body) == (200, {"phone": None})
    assert (await person.good("me"))["phone"] is None


@pytest.mark.parametrize("code", [-1, 48001, 45009])
async def test_the_platform_is_away_or_does_not_let_us(crowd: Crowd, code: int) -> None:
    person = await crowd.in_mini_program()
    crowd.fake.fail(PHONE_PATH, *[Says(code, "said in English")] * 2)
    answer = await person.post("phone", {"code": crowd.fake.mini.show_phone("13800138001")})
    refused(answer, 503, "platform_away")


async def test_a_host_app_tells_the_phone_itself(crowd: Crowd) -> None:
    person = await crowd.in_host_app()
    refused(await person.post("phone", {"code": "x"}), 403, "forbidden")


async def test_templates_are_told(crowd: Crowd) -> None:
    person = await crowd.in_mini_program()
    assert (await person.good("me"))["templates"] == [
        {"kind": "reminder", "id": "REMINDER_TEMPLATE", "lasting": False},
        {"kind": "thanks", "id": "THANKS_TEMPLATE", "lasting": True},
    ]


async def test_consents_count_once_a_submission(crowd: Crowd) -> None:
    person = await crowd.in_mini_program()
    results = {"REMINDER_TEMPLATE": "accept", "THANKS_TEMPLATE": "filter"}
    said = {"results": results, "submission": once()}
    for _ in range(3):
        assert await person.good("consents", said) == {"taken": ["reminder"]}
    assert await Consent.all().values_list("kind", "lasting") == [("reminder", False)]
    await person.good("consents", {**said, "submission": once()})
    assert await Consent.all().count() == 2


async def test_a_lasting_consent_is_withdrawn_and_a_single_one_is_not(
    crowd: Crowd, office: Office, clock: StandingClock
) -> None:
    person = await crowd.in_mini_program()
    both = ("REMINDER_TEMPLATE", "THANKS_TEMPLATE")
    given = {"results": dict.fromkeys(both, "acceptWithAudio"), "submission": once()}
    assert sorted((await person.good("consents", given))["taken"]) == ["reminder", "thanks"]
    assert await _kinds(office) == {"reminder", "thanks"}
    clock.at += timedelta(seconds=1)
    refusal = {"results": dict.fromkeys(both, "reject"), "submission": once()}
    assert await person.good("consents", refusal) == {"taken": []}
    assert await _kinds(office) == {"reminder"}


async def _kinds(office: Office) -> set[str]:
    raters = await Rater.all()
    found = set()
    for kind in ("reminder", "thanks"):
        notice = Notice(id=1, kind=kind, created_at=office.now())
        if await consenting(raters, notice):
            found.add(kind)
    return found


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"results": {"UNKNOWN_TEMPLATE": "accept"}}, "results"),
        ({"results": {"REMINDER_TEMPLATE": 1}}, "results.REMINDER_TEMPLATE"),
        ({"results": {}, "submission": ""}, "submission"),
        ({}, "results"),
    ],
)
async def test_consents_to_nothing_that_we_send(
    crowd: Crowd, body: dict[str, Any], field: str
) -> None:
    person = await crowd.in_mini_program()
    refused(await person.post("consents", {"submission": once(), **body}), 422, "invalid", field)
    assert await Consent.all().count() == 0
