"""The directory, sent over HTTP: all rows, or none and what is wrong with each."""

from __future__ import annotations

from typing import Any

from models.tables import Agency, Region
from tests.api.directory import DIRECTORY
from tests.api.service import Service, refused, row_counts, spoken

PATH = "/api/v1/directory"


async def bad(service: Service, rows: dict[str, Any], key: str = "admin") -> set[str]:
    before = await row_counts()
    answer = await service.post(PATH, rows, key=key)
    code = answer.body["code"]
    assert code in {"bad_rows", "invalid"}, answer.text
    refused(answer, 422, code, *answer.fields)
    assert await row_counts() == before
    return answer.fields


async def test_sent_again_nothing_changes(service: Service) -> None:
    counts = (await service.good(PATH, DIRECTORY))["counts"]
    assert counts["region"] == {"added": 0, "changed": 0, "unchanged": 5}
    assert set(counts) == set(DIRECTORY)


async def test_what_is_given_is_changed_and_the_rest_stays(service: Service) -> None:
    region = {"code": "445103100", "name": "古巷", "rulebook": "tianjin"}
    counts = (await service.good(PATH, {"region": [region]}))["counts"]
    assert counts == {"region": {"added": 0, "changed": 1, "unchanged": 0}}
    stored = await Region.get(code="445103100").select_related("parent")
    assert stored.parent is not None
    assert (stored.name, stored.rulebook, stored.parent.code) == ("古巷", "tianjin", "445103")


async def test_nothing_sent_is_nothing_done(service: Service) -> None:
    assert (await service.good(PATH, {}))["counts"] == {}


async def test_every_bad_row_is_named_with_its_place(service: Service) -> None:
    rows = {
        "region": [{"code": "1", "name": "甲"}, {"code": "2", "name": "乙", "rulebook": "无"}],
        "agency": [
            {"code": "A1", "name": "", "region": "1"},
            {"code": "A2", "name": "局", "region": "nowhere"},
            {"code": "A 3", "name": "局", "region": "1"},
        ],
    }
    assert await bad(service, {"agency": rows["agency"][:1]}) == {"agency.0.name"}
    rows["agency"] = [rows["agency"][1]]
    assert await bad(service, rows) == {"region.1.rulebook", "agency.0.region"}


async def test_a_row_twice_in_one_sending_is_refused(service: Service) -> None:
    twice = [{"code": "1", "name": "甲"}, {"code": "1", "name": "乙"}]
    assert await bad(service, {"region": twice}) == {"region.1.code"}


async def test_regions_in_a_circle_are_refused(service: Service) -> None:
    circle = [
        {"code": "1", "name": "甲", "parent": "2"},
        {"code": "2", "name": "乙", "parent": "1"},
    ]
    assert await bad(service, {"region": circle})
    assert await bad(service, {"region": [{"code": "3", "name": "丙", "parent": "3"}]})


async def test_a_region_bound_key_changes_its_own_region_only(service: Service) -> None:
    agency = {"code": "CA-NEW", "name": "新局", "region": "445103100"}
    assert (await service.good(PATH, {"agency": [agency]}, key="445103"))["counts"]
    assert await bad(service, {"agency": [{**agency, "code": "X"}]}, "120103") == {
        "agency.0.region"
    }
    taken = {"code": "CA-SJJ", "name": "抢来的局", "region": "120103"}
    assert await bad(service, {"agency": [taken]}, "120103")
    assert (await Agency.get(code="CA-SJJ")).name == "潮安区市场监管局"


async def test_only_the_administrator_sends_regions(service: Service) -> None:
    before = await row_counts()
    region = {"code": "445103", "name": "潮安区", "rulebook": "tianjin"}
    answer = await service.post(PATH, {"region": [region]}, key="445103")
    refused(answer, 403, "forbidden")
    assert await row_counts() == before
    assert (await Region.get(code="445103")).rulebook == "chaoan"


async def test_fields_and_kinds_nobody_knows_are_refused(service: Service) -> None:
    assert await bad(service, {"regions": []}) == {"regions"}
    row = {"code": "1", "name": "甲", "colour": "red"}
    assert await bad(service, {"region": [row]}) == {"region.0.colour"}
    assert await bad(service, {"region": {}}) == {"region"}
    assert await bad(service, {"region": [7]}) == {"region.0"}
    assert await bad(service, {"agency": [{}]}) == {
        "agency.0.code",
        "agency.0.name",
        "agency.0.region",
    }


async def test_choices_are_named_in_chinese(service: Service) -> None:
    row = {"code": "A", "name": "局", "region": "445103", "party": "king"}
    answer = await service.post(PATH, {"agency": [row]})
    (error,) = answer.body["errors"]
    spoken(error["message"])
    row = {"code": "P", "name": "台", "region": "445103", "agency": "CA-ZSJ", "kind": "x"}
    assert await bad(service, {"platform": [row]}) == {"platform.0.kind"}


async def test_more_rows_than_one_sending_may_hold_are_refused(service: Service) -> None:
    rows = [{"code": str(number), "name": "甲"} for number in range(5001)]
    assert await bad(service, {"region": rows}) == {"region"}


async def test_what_no_database_stores_is_refused(service: Service) -> None:
    for name in ("甲\0", "甲\n乙", "甲\x1b", "一" * 101):
        assert await bad(service, {"region": [{"code": "1", "name": name}]}) == {"region.0.name"}
    for code in ("1\u200b", "1 2", "1" * 51, "\0"):
        assert await bad(service, {"region": [{"code": code, "name": "甲"}]}) == {"region.0.code"}
