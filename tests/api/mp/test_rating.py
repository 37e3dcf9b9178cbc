"""What somebody may rate in an app, and their rating of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from api.mp.limits import Limits
from models.office import Office
from models.tables import Evaluation, HeldReceipt, WorkOrder
from models.words import Channel
from tests.api.invariants import check_whole
from tests.api.mp.person import HOST, MINI, Crowd, Person, once
from tests.api.pages.town import PHONE, Town, under
from tests.api.service import refused
from tests.standing import StandingClock

BAD = {"level": 1, "reasons": {"item": {"words": "等了三个小时"}}}


async def test_from_the_list_to_the_receipt(town: Town, crowd: Crowd, office: Office) -> None:
    await town.case("LS1")
    await town.visit("LS1")
    await town.complete("LS1")
    person = await crowd.in_mini_program(phone=PHONE)
    listed = (await person.good("rateable"))["rateable"]
    assert {each["node"] for each in listed} == {"visit", "completion"}
    (found,) = [each for each in listed if each["node"] == "completion"]
    assert (found["title"], found["agency"]) == ("食品经营许可（第1类）", "市场监管局")
    assert found["targets"] == [{"target": "item", "label": "服务事项"}]
    assert found["late"] is False
    form = await person.good(f"ratings/{found['token']}")
    assert form["cases"] == [{"number": "LS1", "item": "食品经营许可（第1类）"}]
    assert [each["level"] for each in form["levels"]] == [5, 4, 3, 2, 1]
    assert form["negative"] == [1, 2]
    (target,) = form["targets"]
    choice = target["choices"]["1"][0]
    reasons = {"item": {"indicators": [choice["code"]], "words": "慢"}}
    given = {"level": 1, "reasons": reasons, "submission": once()}
    receipt = await person.good(f"ratings/{found['token']}", given)
    assert (receipt["level"], receipt["label"]) == (1, "非常不满意")
    order = await WorkOrder.get()
    assert (receipt["order"]["number"], receipt["order"]["asks"]) == (order.id, False)
    assert receipt["order"]["link"].endswith(f"/a/{office.links.answer(order.evaluation_id)}")
    assert receipt["lines"] == [{"label": "服务事项", "text": f"{choice['text']}；慢"}]
    assert receipt["link"].endswith(f"/receipt/{receipt['code']}")
    evaluation = await Evaluation.get()
    assert (evaluation.channel, evaluation.credential) == ("mini_program", "identified")
    assert evaluation.rater_phone is None
    assert (await person.good("receipts"))["receipts"] == [receipt]
    assert await person.good(f"receipts/{receipt['code']}") == receipt
    left = (await person.good("rateable"))["rateable"]
    assert [each["node"] for each in left] == ["visit"]
    await check_whole(office.database)


async def test_nothing_is_listed_for_whom_nothing_is_known_of(town: Town, crowd: Crowd) -> None:
    await town.completed()
    stranger = await crowd.in_mini_program()
    assert (await stranger.good("rateable"))["rateable"] == []
    other = await crowd.in_mini_program("openid-2", phone="13800138009")
    assert (await other.good("rateable"))["rateable"] == []
    await other.good("phone", {"code": crowd.fake.mini.show_phone(PHONE)})
    assert len((await other.good("rateable"))["rateable"]) == 1


async def test_by_the_number_of_the_identity_card(crowd: Crowd, town: Town) -> None:
    await town.completed()
    person = await crowd.in_host_app(phone=None)
    assert (await person.good("rateable"))["rateable"] == []
    same = await crowd.in_host_app(phone=PHONE)
    (found,) = (await same.good("rateable"))["rateable"]
    await same.good(f"ratings/{found['token']}", {"level": 5, "submission": once()})
    assert (await Evaluation.get()).channel == "host_app"


@pytest.mark.parametrize("by", [None, Channel.SMS, Channel.MINI_PROGRAM, Channel.OFFICIAL_ACCOUNT])
async def test_any_link_of_ours_will_do(
    town: Town, crowd: Crowd, office: Office, by: Channel | None
) -> None:
    invitation = await town.completed()
    token = office.links.rating(invitation.nonce, by)
    person = await crowd.in_mini_program()
    for scene in (f"r/{token}", f"r%2F{token}"):
        answer = await person.good(f"scenes/{scene}")
        assert answer["leads"] == "rating"
        assert answer["asked"]["token"] == token
        assert answer["place"] is None
    await person.good(f"ratings/{token}", {"level": 4, "submission": once()})
    evaluation = await Evaluation.get()
    assert (evaluation.channel, evaluation.credential) == ("mini_program", "link")


async def test_sent_again_it_is_the_same(town: Town, crowd: Crowd, office: Office) -> None:
    path = f"ratings/{town.link(await town.completed()).removeprefix('/r/')}"
    person = await crowd.in_mini_program()
    given = {**BAD, "submission": once()}
    answers = await asyncio.gather(*[person.good(path, given) for _ in range(4)])
    answers.append(await person.good(path, given))
    assert all(each == answers[0] for each in answers)
    assert await Evaluation.all().count() == await HeldReceipt.all().count() == 1
    await check_whole(office.database)


async def test_of_many_at_once_the_first_counts(town: Town, crowd: Crowd, office: Office) -> None:
    path = f"ratings/{town.link(await town.completed()).removeprefix('/r/')}"
    people = [await crowd.in_mini_program(f"openid-{number}") for number in range(6)]
    answers = await asyncio.gather(
        *[each.post(path, {**BAD, "submission": once()}) for each in people]
    )
    assert sorted(each.status for each in answers) == [200, *[409] * 5]
    assert not any("receipt" in each.body for each in answers if each.status == 409)
    assert await Evaluation.all().count() == await HeldReceipt.all().count() == 1
    await check_whole(office.database)


async def test_a_key_is_one_person_s_and_one_rating_s(town: Town, crowd: Crowd) -> None:
    paths = [
        f"ratings/{town.link(await town.completed(number)).removeprefix('/r/')}"
        for number in ("LS1", "LS2", "LS3")
    ]
    mine, other = await crowd.in_mini_program(), await crowd.in_mini_program("openid-2")
    given = {"level": 5, "submission": "the-same-key"}
    first = await mine.good(paths[0], given)
    second = await other.good(paths[1], given)
    assert first["code"] != second["code"]
    refused(await mine.post(paths[2], given), 409, "conflict", "submission")
    assert await Evaluation.all().count() == 2


async def test_rated_already(town: Town, crowd: Crowd) -> None:
    path = f"ratings/{town.link(await town.completed()).removeprefix('/r/')}"
    mine, other = await crowd.in_mini_program(), await crowd.in_mini_program("openid-2")
    receipt = await mine.good(path, {"level": 5, "submission": once()})
    for answer in (await mine.get(path), await mine.post(path, {**BAD, "submission": once()})):
        refused(answer, 409, "already_rated")
        assert answer.body["receipt"] == receipt["code"]
    for answer in (await other.get(path), await other.post(path, {**BAD, "submission": once()})):
        refused(answer, 409, "already_rated")
        assert "receipt" not in answer.body
        assert receipt["code"] not in answer.text
        assert "追加" not in answer.text
    refused(await other.get(f"receipts/{receipt['code']}"), 404, "not_found")
    refused(await other.get(f"receipts/{receipt['code']}/follow-up"), 404, "not_found")
    assert (await other.good("receipts"))["receipts"] == []


async def test_wrong_and_unknown_tokens_are_answered_alike(
    crowd: Crowd, office: Office, town: Town
) -> None:
    gone = office.links.rating("AAAAAAAAAAA")
    right = town.link(await town.completed()).removeprefix("/r/")
    altered = right[:-1] + ("A" if right.endswith("_") else "_")
    person = await crowd.in_mini_program()
    said = []
    for token in (gone, altered, "x", "%E4%BD%A0", "a%00b"):
        said += [await person.get(f"ratings/{token}")]
        said += [await person.post(f"ratings/{token}", {"level": 5, "submission": once()})]
    assert len({each.text for each in said}) == 1
    refused(said[0], 404, "link_unknown")
    for scene in ("x", "r/", "r/%00", "s/abc", "q/NONE", "a/b/c"):
        assert (await person.get(f"scenes/{scene}")).status == 404


async def test_too_late(town: Town, crowd: Crowd, clock: StandingClock) -> None:
    invitation = await town.completed()
    path = f"ratings/{town.link(invitation).removeprefix('/r/')}"
    clock.advance(days=(invitation.until - clock.now()) / timedelta(days=1))
    person = await crowd.in_mini_program()
    refused(await person.get(path), 410, "link_expired")
    refused(await person.post(path, {"level": 5, "submission": once()}), 410, "link_expired")


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"level": 1}, "reason_missing", "reasons.item"),
        ({"level": 1, "reasons": {"staff": {"words": "x"}}}, "invalid", "reasons.staff"),
        ({"level": 1, "reasons": {"item": {"indicators": ["no"]}}}, "indicator_unfit",
         "reasons.item.indicators"),
        ({"level": 6}, "invalid", "level"),
        ({"level": 5, "answers": {"没有的题": "x"}}, "invalid", "answers"),
        ({"level": 5, "submission": "short"}, "invalid", "submission"),
        ({"level": 5, "submission": "with spaces in it"}, "invalid", "submission"),
        ({"level": 5, "channel": "sms"}, "invalid", "channel"),
        ({"level": 5, "phone": "123"}, "invalid", "phone"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_told(
    town: Town, crowd: Crowd, wrong: dict[str, Any], code: str, field: str
) -> None:
    path = f"ratings/{town.link(await town.completed()).removeprefix('/r/')}"
    person = await crowd.in_mini_program()
    answer = await person.post(path, {"submission": once(), **wrong})
    refused(answer, 422, code, field)
    assert await Evaluation.all().count() == await HeldReceipt.all().count() == 0


@under("sanming")
async def test_questions_are_answered(town: Town, crowd: Crowd) -> None:
    path = f"ratings/{town.link(await town.completed()).removeprefix('/r/')}"
    person = await crowd.in_mini_program()
    questions = (await person.good(path))["questions"]
    assert questions
    await person.good(path, {"level": 5, "answers": {questions[0]: "有"}, "submission": once()})
    assert (await Evaluation.get()).answers == {questions[0]: "有"}


@under("tianjin")
async def test_the_real_name_comes_from_the_app(town: Town, crowd: Crowd, office: Office) -> None:
    path = f"ratings/{town.link(await town.completed(named=False)).removeprefix('/r/')}"
    mini = await crowd.in_mini_program()
    assert (await mini.good(path))["name"] == "required"
    refused(
        await mini.post(path, {"level": 5, "submission": once()}), 422, "real_name_missing", "name"
    )
    named = {"level": 5, "submission": once(), "name": "陈小明"}
    refused(await mini.post(path, named), 422, "real_name_missing", "phone")
    host = await crowd.in_host_app(sub="u-2", name="欧阳小明", phone="13800138002")
    assert (await host.good(path))["name"] == "known"
    await host.good(
        path, {"level": 5, "submission": once(), "name": "别人", "phone": "13800138003"}
    )
    evaluation = await Evaluation.get()
    assert evaluation.real_name
    opened = office.keys.open
    assert opened(evaluation.rater_name or "", "evaluation.rater_name") == "欧阳小明"
    assert opened(evaluation.rater_phone or "", "evaluation.rater_phone") == "+8613800138002"


@pytest.fixture
def limits(request: pytest.FixtureRequest) -> Limits:
    return Limits(**getattr(request, "param", {}))


@pytest.mark.parametrize("limits", [{"misses": "3 per minute"}], indirect=True)
async def test_trying_out_tokens(town: Town, crowd: Crowd) -> None:
    path = f"ratings/{town.link(await town.completed()).removeprefix('/r/')}"
    person, other = await crowd.in_mini_program(), await crowd.in_mini_program("openid-2")
    for wrong in ("ratings/x", "scenes/q/NONE", "receipts/x"):
        assert (await person.get(wrong)).status == 404
    for right in (path, "scenes/q/W1"):
        answer = await person.get(right)
        refused(answer, 429, "too_many")
        assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert (await other.get(path)).status == 200


@pytest.mark.parametrize("limits", [{"logins": "2 per minute"}], indirect=True)
async def test_too_many_logins_from_one_address(crowd: Crowd) -> None:
    for account in (MINI, HOST):
        assert (await Person(crowd.client, account).post("login", {})).status == 422
    refused(await Person(crowd.client, MINI).post("login", {"code": "x"}), 429, "too_many")
    assert crowd.fake.calls.total() == 0


@pytest.mark.parametrize("limits", [{"changes": "2 per hour"}], indirect=True)
async def test_too_many_changes_of_one_person(town: Town, crowd: Crowd) -> None:
    path = f"ratings/{town.link(await town.completed()).removeprefix('/r/')}"
    person, other = await crowd.in_mini_program(), await crowd.in_mini_program("openid-2")
    for _ in range(2):
        assert (await person.post("consents", {})).status == 422
    answer = await person.post(path, {"level": 5, "submission": once()})
    refused(answer, 429, "too_many")
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert (await person.get(path)).status == 200
    assert (await other.post(path, {"level": 5, "submission": once()})).status == 200
