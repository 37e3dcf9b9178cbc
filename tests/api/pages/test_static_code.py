"""/q/{code}: the case is found by phone and last digits, or what is said is of the whole."""

from __future__ import annotations

import asyncio

import pytest

from models.cases.facts import GroupKind
from models.tables import (
    Agency,
    Coverage,
    Evaluation,
    Hall,
    Opinion,
    Region,
    StaticCode,
    WorkOrder,
)
from models.words import Channel, Credential, Provenance, Target
from tests.api.pages.town import PHONE, Client, Town, once_in, under
from tests.standing import StandingClock

WHOLES = {"W1": Target.AGENCY, "H1": Target.HALL, "P1": Target.PLATFORM}


@pytest.mark.parametrize("code", ["W1", "H1", "P1"])
async def test_says_what_it_stands_for(town: Town, client: Client, code: str) -> None:
    text = await (await client.get(f"/q/{code}")).text()
    names = {"W1": "政务服务中心3号窗口", "H1": "政务服务中心", "P1": "1号自助机"}
    assert names[code] in text
    assert ("第十七条" in text) == (town.rulebook == "tianjin")


async def test_finds_the_case(town: Town, client: Client) -> None:
    await town.completed()
    fields = {"phone": "138 0013 8000", "digits": "０００１"}
    found = await client.post("/q/W1?big=1", data=fields)
    assert found.status == 200
    assert found.url.path.startswith("/r/")
    assert found.url.query["big"] == "1"
    once = once_in(await found.text())
    answer = await client.post(found.url.relative(), data={"once": once, "level": "5"})
    assert "谢谢您的评价" in await answer.text()
    evaluation = await Evaluation.all().get()
    assert evaluation.channel == Channel.STATIC_CODE
    assert evaluation.credential == Credential.PHONE_AND_DIGITS


async def test_offers_a_choice_of_several(town: Town, client: Client) -> None:
    case = await town.case()
    await town.visit(case)
    await town.complete(case)
    answer = await client.post("/q/W1", data={"phone": PHONE, "digits": "0001"})
    text = await answer.text()
    assert answer.url.path == "/q/W1"
    assert text.count('class="cell"') == 2
    assert "评价工作人员王丽" in text
    assert "评价办理结果" in text


@under("chaoan", "tianjin")
async def test_finds_the_group_of_the_case(town: Town, client: Client) -> None:
    await town.group(GroupKind.BATCH, visit=False)
    answer = await client.post("/q/H1", data={"phone": PHONE, "digits": "0002"})
    assert answer.url.path.startswith("/r/")


async def test_finds_only_the_same_day_where_the_real_name_is_required(
    town: Town, client: Client, clock: StandingClock
) -> None:
    await town.completed()
    clock.advance(hours=14)  # 23:00 in Beijing
    same_day = await client.post("/q/W1", data={"phone": PHONE, "digits": "0001"})
    assert same_day.url.path.startswith("/r/")
    clock.advance(hours=2)
    next_day = await client.post("/q/W1", data={"phone": PHONE, "digits": "0001"})
    assert next_day.url.path.startswith("/r/") == (town.rulebook != "tianjin")


@under("chaoan")
async def test_finds_nothing_elsewhere(town: Town, client: Client) -> None:
    other = await Region.create(code="R2", name="邻区", rulebook="chaoan")
    agency = await Agency.get(code="agency")
    hall = await Hall.create(code="hall-2", name="邻区中心", region=other, agency=agency)
    await StaticCode.create(code="H2", hall=hall, created_at=town.office.now())
    case = await town.case()
    await town.visit(case)
    await town.complete(case)
    missed = await client.post("/q/H2", data={"phone": PHONE, "digits": "0001"})
    assert "没有找到可以评价的办件" in await missed.text()


async def test_what_is_not_found_is_not_lost(town: Town, client: Client) -> None:
    missed = await client.post("/q/W1", data={"phone": PHONE, "digits": "9999"})
    text = await missed.text()
    assert missed.status == 200
    assert "没有找到可以评价的办件" in text
    fields = {"once": once_in(text), "level": "5"}
    if town.rulebook == "tianjin":
        assert f'value="{PHONE}"' in text
        await _keeps_an_opinion(town, client, fields)
    else:
        answer = await client.post("/q/W1?whole=1", data=fields)
        assert "谢谢您的评价" in await answer.text()
        assert await Opinion.all().count() == 0


async def _keeps_an_opinion(town: Town, client: Client, fields: dict[str, str]) -> None:
    said = {
        **fields,
        "words": "排队太久",
        "name": "陈小明",
        "phone": PHONE,
        "digits": "9999",
    }
    answers = await asyncio.gather(*(client.post("/q/W1?whole=1", data=said) for _ in range(3)))
    for answer in answers:
        assert answer.url.query["kept"] == "1"
        assert "作为意见保留，不计入评分" in await answer.text()
    opinion = await Opinion.all().get()
    assert (opinion.words, opinion.level, opinion.digits) == ("排队太久", 5, "9999")
    assert town.office.keys.open(opinion.name or "", "opinion.name") == "陈小明"
    assert town.office.keys.open(opinion.phone or "", "opinion.phone") == "+8613800138000"
    assert opinion.phone_hash == town.office.keys.find("+8613800138000", "phone")
    assert await Evaluation.all().count() == 0


@pytest.mark.usefixtures("town")
@under("tianjin")
async def test_an_opinion_says_something(client: Client) -> None:
    once = once_in(await (await client.get("/q/W1?whole=1")).text())
    for fields, words in (
        ({}, "请写下您的意见"),
        ({"words": " \n "}, "请写下您的意见"),
        ({"level": "9"}, "请选择满意程度"),
        ({"words": "好", "phone": "12"}, "不是有效的电话号码"),
        ({"words": "长" * 1001}, "请不要超过1000个字"),
        ({"words": "好", "name": "\x00"}, "不能保存的控制字符"),
        ({"words": "好", "digits": "x" * 11}, "无法识别"),
    ):
        answer = await client.post("/q/W1?whole=1", data={"once": once, **fields})
        assert answer.status == 422
        assert words in await answer.text()
    assert await Opinion.all().count() == 0


@pytest.mark.parametrize("code", ["W1", "H1", "P1"])
@under("chaoan", "lingang", "qijiang", "sanming")
async def test_the_whole_is_reviewed_anonymously(town: Town, client: Client, code: str) -> None:
    page = f"/q/{code}?whole=1"
    text = await (await client.get(page)).text()
    target = WHOLES[code]
    version = town.office.shelf.book(town.rulebook).versions[-1]
    for level, choices in getattr(version.indicators, target).items():
        assert f'name="i-{target}-{level:d}" value="{choices[0].code}"' in text
    fields = {"once": once_in(text), "level": "2"}
    refused = await client.post(page, data=fields)
    assert refused.status == 422
    fields[f"w-{target}"] = "叫号机坏了"
    answer = await client.post(page, data=fields)
    assert "差评工单" in await answer.text()
    evaluation = await Evaluation.all().get()
    assert evaluation.provenance == Provenance.PERSON
    assert evaluation.credential == Credential.NONE
    assert not evaluation.real_name
    assert (await Coverage.all().get()).target == target
    assert await WorkOrder.all().count() == 1


@under("chaoan")
async def test_guessing_is_slowed_down(town: Town, client: Client, clock: StandingClock) -> None:
    await town.completed()
    for digits in range(9000, 9010):
        wrong = await client.post("/q/W1", data={"phone": PHONE, "digits": str(digits)})
        assert wrong.status == 200
    # At another code, too, and with the right digits.
    stopped = await client.post("/q/H1", data={"phone": PHONE, "digits": "0001"})
    assert stopped.status == 429
    assert stopped.headers["Retry-After"] == "600"
    assert "查找次数太多" in await stopped.text()
    clock.advance(minutes=10)
    found = await client.post("/q/W1", data={"phone": PHONE, "digits": "0001"})
    assert found.url.path.startswith("/r/")


@pytest.mark.usefixtures("town")
@under("chaoan")
async def test_what_is_filled_in_wrongly_is_told(client: Client) -> None:
    answer = await client.post("/q/W1", data={"phone": "12<b>", "digits": "1"})
    text = await answer.text()
    assert answer.status == 422
    assert "不是有效的电话号码。" in text
    assert "请填写业务流水号的最后4位。" in text
    assert 'value="12&lt;b&gt;"' in text


@under("chaoan")
async def test_a_place_without_rules(town: Town, client: Client) -> None:
    await Region.filter(id=town.region.id).update(rulebook=None)
    answer = await client.get("/q/W1")
    assert answer.status == 404
    assert "尚未开通评价" in await answer.text()
