"""At a static code: 综合点评, or an opinion."""

from __future__ import annotations

from typing import Any

import pytest

from models.office import Office
from models.tables import Evaluation, Opinion
from tests.api.mp.person import Crowd, once
from tests.api.pages.town import PHONE, under
from tests.api.service import refused


@pytest.mark.usefixtures("town")
async def test_a_review(crowd: Crowd) -> None:
    person = await crowd.in_mini_program()
    scene = await person.good("scenes/q/H1")
    assert scene["leads"] == "place"
    place = scene["place"]
    assert (place["code"], place["name"], place["takes_reviews"]) == ("H1", "政务服务中心", True)
    (target,) = place["asked"]["targets"]
    given: dict[str, Any] = {
        "level": 2,
        "reasons": {target["target"]: {"words": "排队太久"}},
        "submission": once(),
    }
    receipt = await person.good("places/H1", given)
    assert (receipt["title"], receipt["agency"]) == ("政务服务中心综合点评", "市场监管局")
    assert await person.good("places/H1", given) == receipt
    assert (await person.good("receipts"))["receipts"] == [receipt]
    evaluation = await Evaluation.get()
    assert (evaluation.channel, evaluation.credential) == ("mini_program", "none")
    assert evaluation.rater_phone is None


@pytest.mark.usefixtures("town")
@under("qijiang")
async def test_who_tells_their_name_tells_the_one_that_the_app_has_checked(
    crowd: Crowd, office: Office
) -> None:
    person = await crowd.in_host_app(name="欧阳小明", phone="13800138002")
    assert (await person.good("scenes/q/H1"))["place"]["asked"]["name"] == "welcome"
    await person.good("places/H1", {"level": 5, "submission": once()})
    assert (await Evaluation.get()).rater_name is None
    await person.good("places/H1", {"level": 5, "submission": once(), "name": "别人"})
    second = await Evaluation.exclude(rater_name=None).get()
    assert office.keys.open(second.rater_name or "", "evaluation.rater_name") == "欧阳小明"


@pytest.mark.usefixtures("town")
@under("tianjin")
async def test_an_opinion_where_the_real_name_is_required(crowd: Crowd) -> None:
    person = await crowd.in_mini_program(phone=PHONE)
    assert (await person.good("scenes/q/W1"))["place"]["takes_reviews"] is False
    given = {"words": "叫号太慢", "submission": once()}
    for _ in range(2):
        assert await person.good("places/W1", given) == {"kept": True}
    opinion = await Opinion.get()
    assert (opinion.words, opinion.channel) == ("叫号太慢", "mini_program")
    assert (opinion.name, opinion.phone) == (None, None)
    assert (await person.good("receipts"))["receipts"] == []
    assert await Evaluation.all().count() == 0
    refused(await person.post("places/W1", {"submission": once()}), 422, "invalid", "words")


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("code", "body", "status", "field"),
    [
        ("H1", {}, 422, "level"),
        ("H1", {"level": 5, "words": "x"}, 422, "words"),
        ("H1", {"level": 1}, 422, "reasons.hall"),
        ("NONE", {"level": 5}, 404, None),
        ("%00", {"level": 5}, 404, None),
    ],
)
async def test_what_is_refused(
    crowd: Crowd, code: str, body: dict[str, Any], status: int, field: str | None
) -> None:
    person = await crowd.in_mini_program()
    answer = await person.post(f"places/{code}", {"submission": once(), **body})
    assert answer.status == status, answer.text
    assert answer.fields == ({field} if field else set())
    assert await Evaluation.all().count() == await Opinion.all().count() == 0
