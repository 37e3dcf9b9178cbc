from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from models.database import Database
from models.directory.importing import Counts, ImportReport, import_rows
from models.directory.lines import Line
from models.directory.reading import read
from models.directory.stored import TABLES
from models.rulebooks.shelf import Shelf
from models.tables import Agency, Hall, Region, ServiceItem, Staff, Window

Importing = Callable[..., Awaitable[ImportReport]]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.load()


@pytest.fixture
def importing(database: Database, shelf: Shelf) -> Importing:
    async def run(*lines: Line, within: int | None = None) -> ImportReport:
        return await import_rows(database, shelf, numbered(lines), within=within)

    return run


def numbered(lines: tuple[Line, ...]) -> list[Line]:
    return [Line(line.kind, line.cells, "表", at) for at, line in enumerate(lines, 2)]


def line(kind: str, code: str, /, **cells: object) -> Line:
    return Line(kind, {"code": code, "name": f"{code}的名称", **cells})


CITY = line("region", "4451", rulebook="chaoan")
COUNTY = line("region", "445103", parent="4451")
TOWN = line("region", "445103101", parent="445103")
OTHER = line("region", "445122", parent="4451")
BUREAU = line("agency", "A1", region="445103", party="bureau")
ELSEWHERE = line("agency", "A2", region="445122")
HALL = line("hall", "H1", region="445103", agency="A1")
WINDOW = line("window", "W1", hall="H1", agency="A1")
STAFF = line("staff", "S1", agency="A1")
ITEM = line("item", "I1", agency="A1", questions="办好了吗？|清楚吗？")
THEME = line("theme", "T1", region="445103")
PLATFORM = line("platform", "P1", kind="portal", region="445103", agency="A1")
ALL = (
    *(CITY, COUNTY, TOWN, OTHER, BUREAU, ELSEWHERE),
    *(HALL, WINDOW, STAFF, ITEM, THEME, PLATFORM),
)


def faults(report: ImportReport) -> list[tuple[int, str, str]]:
    assert report.counts == {}
    return [(fault.number, fault.field, fault.reason) for fault in report.bad]


async def nothing_stored() -> bool:
    return not any([await table.all().count() for table in TABLES.values()])


async def id_of(code: str) -> int:
    return int((await Region.get(code=code)).id)


@pytest.mark.parametrize("order", [ALL, ALL[::-1], ALL[::2] + ALL[1::2]])
async def test_in_any_order_of_rows(importing: Importing, order: tuple[Line, ...]) -> None:
    assert (await importing(*order)).bad == ()
    window = await Window.get(code="W1").select_related("hall__region", "agency")
    assert (window.hall.code, window.hall.region.code, window.agency.code) == ("H1", "445103", "A1")
    town = await Region.get(code="445103101").select_related("parent__parent")
    assert town.parent is not None
    assert town.parent.parent is not None
    assert town.parent.parent.rulebook == "chaoan"
    assert (await ServiceItem.get(code="I1")).questions == ["办好了吗？", "清楚吗？"]


async def test_what_was_added_changed_and_left(importing: Importing) -> None:
    first = await importing(*ALL)
    assert first.counts["region"] == Counts(4, 0, 0)
    assert first.counts["item"] == Counts(1, 0, 0)
    again = await importing(*ALL)
    assert again.counts["region"] == Counts(0, 0, 4)
    assert again.counts["item"] == again.counts["platform"] == Counts(0, 0, 1)
    renamed = line("region", "445122", parent="4451", name="饶平县")
    third = await importing(renamed, COUNTY, line("region", "445124", parent="4451"))
    assert third.counts == {"region": Counts(1, 1, 1)}
    assert (await Region.get(code="445122")).name == "饶平县"


async def test_ids_stay(importing: Importing) -> None:
    await importing(*ALL)
    before = {agency.code: agency.id for agency in await Agency.all()}
    await importing(line("agency", "A1", region="445103", name="新名称"))
    assert {agency.code: agency.id for agency in await Agency.all()} == before


async def test_what_is_not_given_stays_and_what_is_empty_goes(importing: Importing) -> None:
    await importing(*ALL)
    await importing(Line("region", {"code": "4451", "name": "潮州"}))
    assert (await Region.get(code="4451")).rulebook == "chaoan"
    await importing(Line("region", {"code": "4451", "name": "潮州", "rulebook": None}))
    assert (await Region.get(code="4451")).rulebook is None
    await importing(line("item", "I1", agency="A1", questions=None))
    assert (await ServiceItem.get(code="I1")).questions is None
    await importing(line("agency", "A1", region="445103", party=""))
    assert (await Agency.get(code="A1")).party == "agency"


async def test_every_bad_row_is_told_and_nothing_stored(importing: Importing) -> None:
    report = await importing(
        CITY,
        line("region", "4452", rulebook="nowhere"),
        line("agency", "A1", region="9999"),
        line("agency", "A 2", region="4451"),
        line("staff", "S1", agency="A1"),
        line("hall", "H1", region="4451", agency="A3"),
        line("citizen", "C1"),
        line("region", " 4451"),
    )
    found = faults(report)
    assert [(number, field) for number, field, _ in found] == [
        (3, "rulebook"),
        (4, "region"),
        (5, "code"),
        (7, "agency"),
        (8, ""),
        (9, "code"),
    ]
    assert "没有规则书“nowhere”，现有：chaoan" in found[0][2]
    assert found[1][2] == "没有编码为“9999”的地区"
    assert found[5][2] == "编码“4451”与表第2行重复"
    assert str(report.bad[1]) == "表第4行“所属地区”：没有编码为“9999”的地区"
    assert await nothing_stored()


async def test_who_names_a_bad_row_is_not_bad_for_that(importing: Importing) -> None:
    report = await importing(line("region", "1", name=""), line("agency", "A", region="1"))
    assert faults(report) == [(2, "name", "未填写")]


async def test_the_same_code_in_another_kind_is_another(importing: Importing) -> None:
    report = await importing(line("region", "1"), line("agency", "1", region="1"))
    assert report.bad == ()


async def test_regions_in_a_circle(importing: Importing) -> None:
    report = await importing(
        line("region", "a", parent="c"),
        line("region", "b", parent="a"),
        line("region", "c", parent="b"),
        line("region", "below", parent="a"),
        line("region", "self", parent="self"),
    )
    assert [(number, field) for number, field, _ in faults(report)] == [
        (2, "parent"),
        (3, "parent"),
        (4, "parent"),
        (6, "parent"),
    ]
    assert report.bad[0].reason == "上级地区绕成了一圈：a → c → b → a"
    assert await nothing_stored()


async def test_a_circle_through_stored_regions(importing: Importing) -> None:
    await importing(CITY, COUNTY, TOWN)
    report = await importing(line("region", "4451", parent="445103101"))
    assert [field for _, field, _ in faults(report)] == ["parent"]
    assert "绕成了一圈" in report.bad[0].reason


async def test_regions_too_deep(importing: Importing) -> None:
    chain = [
        line("region", "0"),
        *(line("region", str(n), parent=str(n - 1)) for n in range(1, 30)),
    ]
    report = await importing(*reversed(chain))
    assert {fault.reason for fault in report.bad} == {"上级地区超过20层"}


async def test_a_city_may_join_above_its_county(importing: Importing) -> None:
    await importing(line("region", "445103"))
    report = await importing(line("region", "445103", parent="4451"), CITY)
    assert report.counts == {"region": Counts(1, 1, 0)}
    assert (await Region.get(code="445103")).parent_id == await id_of("4451")


@pytest.mark.parametrize(
    ("moved", "field", "before"),
    [
        (line("region", "445103101", parent="445122"), "parent", "地区“445103”"),
        (line("region", "445103101", parent=None), "parent", "地区“445103”"),
        (line("agency", "A1", region="445122"), "region", "地区“445103”"),
        (line("hall", "H1", region="445122", agency="A1"), "region", "地区“445103”"),
        (line("window", "W1", hall="H2", agency="A1"), "hall", "大厅“H1”"),
        (line("staff", "S1", agency="A2"), "agency", "机构“A1”"),
        (line("item", "I1", agency="A2"), "agency", "机构“A1”"),
        (line("theme", "T1", region="445122"), "region", "地区“445103”"),
    ],
)
async def test_figures_hang_on_where_a_row_belongs(
    importing: Importing, moved: Line, field: str, before: str
) -> None:
    await importing(*ALL)
    report = await importing(line("hall", "H2", region="445122", agency="A2"), moved)
    assert [(number, at) for number, at, _ in faults(report)] == [(3, field)]
    assert f"已属于{before}" in report.bad[0].reason
    assert await Hall.filter(code="H2").count() == 0


async def test_another_agency_may_sit_at_a_window(importing: Importing) -> None:
    await importing(*ALL)
    report = await importing(line("window", "W1", hall="H1", agency="A2"))
    assert report.counts == {"window": Counts(0, 1, 0)}


async def test_an_integrator_stays_in_its_region(importing: Importing) -> None:
    await importing(*ALL)
    report = await importing(
        line("region", "445103102", parent="445103101"),
        line("agency", "A9", region="445103102"),
        line("staff", "S9", agency="A9"),
        line("staff", "S1", agency="A1", name="新名字"),
        COUNTY,
        within=await id_of("445103"),
    )
    assert report.bad == ()
    assert (await Staff.get(code="S1")).name == "新名字"


@pytest.mark.parametrize(
    ("foreign", "field"),
    [
        (line("region", "9"), "parent"),
        (line("region", "9", parent="4451"), "parent"),
        (CITY, "code"),
        (OTHER, "code"),
        (line("region", "445122", parent="445103"), "code"),
        (line("agency", "A2", region="445103"), "code"),
        (ELSEWHERE, "code"),
        (line("agency", "A9", region="4451"), "region"),
        (line("staff", "S9", agency="A2"), "agency"),
        (line("hall", "H9", region="445103", agency="A2"), "agency"),
        (line("window", "W1", hall="H1", agency="A2"), "agency"),
    ],
)
async def test_an_integrator_is_refused_elsewhere(
    importing: Importing, foreign: Line, field: str
) -> None:
    await importing(*ALL)
    report = await importing(foreign, within=await id_of("445103"))
    assert [at for _, at, _ in faults(report)] == [field]


async def test_an_integrator_does_not_learn_whose_a_code_is(importing: Importing) -> None:
    await importing(*ALL)
    report = await importing(line("agency", "A2", region="445103"), within=await id_of("445103"))
    assert report.bad[0].reason == "编码“A2”属于其他地区，不由本系统负责"


async def test_what_is_foreign_may_stay_as_it_is(importing: Importing) -> None:
    """The administrator let an agency from elsewhere sit at the window; its name still changes."""
    await importing(*ALL, line("window", "W2", hall="H1", agency="A2"))
    renamed = line("window", "W2", hall="H1", agency="A2", name="2号窗口")
    report = await importing(renamed, within=await id_of("445103"))
    assert report.counts == {"window": Counts(0, 1, 0)}


async def test_from_files(database: Database, shelf: Shelf, tmp_path: Path) -> None:
    regions, agencies = tmp_path / "地区.csv", tmp_path / "agency.csv"
    regions.write_text("地区编码,名称,规则书\n445103,潮安区,chaoan\n", encoding="gb18030")
    agencies.write_text("机构编码,名称,所属地区,身份\nA1,区政数局,445103,主管部门\nA2,,445103,\n")
    lines = [each for file in (regions, agencies) for each in read(file.name, file.read_bytes())]
    report = await import_rows(database, shelf, lines)
    assert [str(fault) for fault in report.bad] == ["agency.csv第3行“名称”：未填写"]
    report = await import_rows(database, shelf, lines[:-1])
    assert report.counts == {"region": Counts(1, 0, 0), "agency": Counts(1, 0, 0)}
    assert (await Agency.get(code="A1")).party == "bureau"


async def test_an_empty_import(importing: Importing) -> None:
    assert await importing() == ImportReport()


async def test_two_imports_at_once(importing: Importing) -> None:
    reports = await asyncio.gather(*(importing(*ALL) for _ in range(4)))
    assert all(report.bad == () for report in reports)
    assert sum(report.counts["region"].added for report in reports) == 4


async def test_thousands_of_rows(importing: Importing) -> None:
    """More codes than a query takes parameters at once."""
    staff = [line("staff", f"S{number}", agency="A1") for number in range(12_000)]
    report = await importing(COUNTY, CITY, BUREAU, *staff)
    assert report.counts["staff"] == Counts(12_000, 0, 0)
    again = await importing(*staff, line("staff", "S12000", agency="A1"))
    assert again.counts["staff"] == Counts(1, 0, 12_000)
