"""追加评价 in an app: beside what was said first, once."""

from __future__ import annotations

from models.office import Office
from models.tables import Evaluation, WorkOrder
from tests.api.invariants import check_whole
from tests.api.mp.person import Crowd, Person, once
from tests.api.pages.town import PHONE, Town
from tests.api.service import refused
from tests.standing import StandingClock

GOOD = {"level": 5}
BAD = {"level": 1, "reasons": {"item": {"words": "没有改"}}}


async def _rated(town: Town, person: Person) -> str:
    path = f"ratings/{town.link(await town.completed()).removeprefix('/r/')}"
    code: str = (await person.good(path, {**GOOD, "submission": once()}))["code"]
    return code


async def test_it_stands_beside_the_first(town: Town, crowd: Crowd, office: Office) -> None:
    person = await crowd.in_mini_program(phone=PHONE)
    code = await _rated(town, person)
    before = await person.good(f"receipts/{code}")
    form = await person.good(f"receipts/{code}/follow-up")
    assert form["until"] == before["follow_up_until"]
    assert (form["code"], form["title"]) == (code, before["title"])
    assert form["questions"] == []
    given = {**BAD, "submission": once()}
    after = await person.good(f"receipts/{code}/follow-up", given)
    assert (after["level"], after["again"]["level"]) == (5, 1)
    assert after["again"]["lines"] == [{"label": "服务事项", "text": "没有改"}]
    assert after["again"]["order"]["number"] == (await WorkOrder.get()).id
    assert after["follow_up_until"] is None
    assert await person.good(f"receipts/{code}/follow-up", given) == after
    assert (await person.good("receipts"))["receipts"] == [after]
    for answer in (
        await person.get(f"receipts/{code}/follow-up"),
        await person.post(f"receipts/{code}/follow-up", {**GOOD, "submission": once()}),
    ):
        refused(answer, 409, "already_rated")
        assert answer.body["receipt"] == code
    assert await Evaluation.all().count() == 2
    await check_whole(office.database)


async def test_a_reason_is_asked_for(town: Town, crowd: Crowd) -> None:
    person = await crowd.in_mini_program()
    code = await _rated(town, person)
    answer = await person.post(f"receipts/{code}/follow-up", {"level": 1, "submission": once()})
    refused(answer, 422, "reason_missing", "reasons.item")


async def test_too_late(town: Town, crowd: Crowd, clock: StandingClock) -> None:
    person = await crowd.in_mini_program()
    code = await _rated(town, person)
    clock.advance(days=100)
    person = await crowd.in_mini_program()
    assert (await person.good(f"receipts/{code}"))["follow_up_until"] is None
    refused(await person.get(f"receipts/{code}/follow-up"), 409, "follow_up_closed")
    answer = await person.post(f"receipts/{code}/follow-up", {**GOOD, "submission": once()})
    refused(answer, 409, "follow_up_closed")


async def test_a_review_of_a_place_has_none(town: Town, crowd: Crowd, office: Office) -> None:
    person = await crowd.in_mini_program()
    code = (await person.good("places/H1", {**GOOD, "submission": once()}))["code"]
    refused(await person.get(f"receipts/{code}/follow-up"), 409, "follow_up_closed")
    assert town.office is office


async def test_only_whoever_holds_the_receipt(town: Town, crowd: Crowd) -> None:
    mine, other = await crowd.in_mini_program(), await crowd.in_mini_program("openid-2")
    code = await _rated(town, mine)
    answer = await other.post(f"receipts/{code}/follow-up", {**GOOD, "submission": once()})
    refused(answer, 404, "not_found")
    assert await Evaluation.all().count() == 1
