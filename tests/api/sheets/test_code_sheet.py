"""The sheet of a static code: by the rules of the place where it hangs."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from api.sheets.code_sheet import CodeSheet, code_sheet
from api.sheets.layout import wrapped
from api.sheets.pdf import cards, posters
from api.sheets.svg import poster_svg
from api.sheets.typeface import width
from models.office import Office
from models.ratings.places import NotOpened
from models.tables import Region, StaticCode
from tests.api.pages.town import Town, build_town, under
from tests.api.sheets.pages import scanned, sizes, texts

BASE = "https://pingjia.example.gov.cn"


@pytest.fixture
async def town(office: Office, request: pytest.FixtureRequest) -> Town:
    return await build_town(office, str(request.param))


async def sheet(town: Town, code: str = "W1") -> CodeSheet:
    return await code_sheet(town.office, BASE, await StaticCode.get(code=code))


def windows(count: int, name: str = "号窗口") -> Iterator[CodeSheet]:
    for number in range(1, count + 1):
        yield CodeSheet(
            jurisdiction="某区",
            kind="窗口",
            place=f"政务服务中心{number}{name}",
            link=f"{BASE}/q/Code{number:04d}",
            steps=("扫描二维码。", "没有办件的，可以留下意见。"),
            notes=("工作人员不得强迫或干扰您评价。",),
            bureau="政务服务局",
        )


@under("chaoan", "tianjin")
async def test_it_names_the_place_the_levels_and_the_way(town: Town) -> None:
    for code, place in (("W1", "政务服务中心3号窗口"), ("H1", "政务服务中心"), ("P1", "1号自助机")):
        of_place = await sheet(town, code)
        for pdf in (posters([of_place]), cards([of_place])):
            (text,) = texts(pdf)
            for words in (place, "非常满意", "基本满意", "非常不满意", "流水号后4位"):
                assert words in text
            assert scanned(pdf) == [[f"{BASE}/q/{code}"]]


@under("chaoan")
async def test_in_chaoan_it_cites_chaoan(town: Town) -> None:
    (text,) = texts(posters([await sheet(town)]))
    assert "选“不满意”“非常不满意”的，请选择具体情形，或写明不满意的原因（依据第七条）。" in text
    assert "不得强迫或干扰您评价（依据第十二条）" in text
    assert "当天" not in text


@under("tianjin")
async def test_in_tianjin_a_code_is_for_the_same_day(town: Town) -> None:
    (text,) = texts(posters([await sheet(town)]))
    assert "扫码只能评价当天到窗口或当天办结的办件" in text.replace("\n", "")
    assert "没有办件的，可以留下意见。" in text


async def test_where_nobody_could_rate_there_is_no_sheet(office: Office) -> None:
    town = await build_town(office, "chaoan")
    await Region.filter(id=town.region.id).update(rulebook=None)
    with pytest.raises(NotOpened):
        await sheet(town)


def test_many_windows_are_one_file() -> None:
    many = list(windows(17))
    pdf = posters(many)
    assert scanned(pdf) == [[each.link] for each in many]
    assert set(sizes(pdf)) == {(210.0, 297.0)}
    assert len(pdf) < 17 * 5000 + 60_000
    by_card = scanned(cards(many), dots_per_inch=150)
    assert [len(page) for page in by_card] == [8, 8, 1]
    assert {link for page in by_card for link in page} == {each.link for each in many}


def test_the_same_sheets_are_the_same_file() -> None:
    assert posters(windows(2)) == posters(windows(2))


def test_a_long_name_and_a_rare_character_still_leave_a_sheet() -> None:
    (long,) = windows(1, "经济技术开发区便民服务中心" * 7 + "𠮷窗口")
    for pdf in (posters([long]), cards([long])):
        (text,) = texts(pdf)
        assert "非常满意" in text
        assert scanned(pdf) == [[long.link]]
    (rare,) = windows(1, "号𠮷窗口")
    assert "1号〓窗口" in texts(posters([rare]))[0]


def test_the_svg_is_the_same_sheet() -> None:
    (one,) = windows(1, "号<窗口>")
    root = ET.fromstring(poster_svg(one))  # noqa: S314
    assert (root.get("width"), root.get("height")) == ("210mm", "297mm")
    said = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "政务服务中心1号<窗口>" in said
    assert "非常不满意" in said
    assert b"<image" not in poster_svg(one)
    assert b"http:" not in poster_svg(one).replace(b"http://www.w3.org", b"")


def test_lines_keep_to_their_room_and_begin_with_no_comma() -> None:
    text = "请选择具体情形，或写明不满意的原因，谢谢您。" * 5
    lines = wrapped(text, 10, 100)
    assert "".join(lines) == text
    assert all(width(line, 10) <= 120 for line in lines)
    assert not any(line.startswith(("，", "。")) for line in lines)
