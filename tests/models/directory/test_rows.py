from __future__ import annotations

from typing import Any

import pytest

from models.directory.kinds import KINDS, kind_of
from models.directory.lines import BadRow, Line, check
from models.directory.rows import AgencyRow, ItemRow, PlatformRow, RegionRow, Row, StaffRow

GOOD: dict[str, dict[str, Any]] = {
    "region": {"code": "445103", "name": "潮安区"},
    "agency": {"code": "A1", "name": "民政局", "region": "445103"},
    "hall": {"code": "H1", "name": "区政务服务中心", "region": "445103", "agency": "A1"},
    "window": {"code": "W1", "name": "3号窗口", "hall": "H1", "agency": "A1"},
    "staff": {"code": "S1", "name": "陈某", "agency": "A1"},
    "item": {"code": "I1", "name": "婚姻登记", "agency": "A1"},
    "theme": {"code": "T1", "name": "我要开餐馆", "region": "445103"},
    "platform": {
        "code": "P1",
        "name": "网厅",
        "kind": "portal",
        "region": "445103",
        "agency": "A1",
    },
}


def row_of(kind: str, /, **cells: object) -> Row:
    checked = check(Line(kind, {**GOOD[kind], **cells}))
    assert isinstance(checked, Row), checked
    return checked


def faults_of(kind: str, /, **cells: object) -> dict[str, str]:
    checked = check(Line(kind, {**GOOD[kind], **cells}))
    assert not isinstance(checked, Row)
    return {fault.field: fault.reason for fault in checked}


@pytest.mark.parametrize("kind", KINDS)
def test_the_least_that_a_row_needs(kind: str) -> None:
    assert set(KINDS[kind].required()) <= set(GOOD[kind])
    row = row_of(kind)
    assert row.model_dump(exclude_unset=True) == GOOD[kind]


@pytest.mark.parametrize(
    ("kind", "field"), [(kind.name, field) for kind in KINDS.values() for field in kind.required()]
)
@pytest.mark.parametrize("empty", [None, "", " 　"])
def test_what_must_be_filled_in(kind: str, field: str, empty: str | None) -> None:
    assert faults_of(kind, **{field: empty}) == {field: "未填写"}
    without = {name: value for name, value in GOOD[kind].items() if name != field}
    assert check(Line(kind, without, "表", 3)) == (BadRow("表", 3, field, "未填写", kind),)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("a b", "含有空格或看不见的字符"),
        ("a\u3000b", "含有空格或看不见的字符"),
        ("a\u200bb", "含有空格或看不见的字符"),
        ("\ufeffab", "含有空格或看不见的字符"),
        ("a\nb", "含有换行或控制字符"),
        ("a\x00b", "含有换行或控制字符"),
        ("\ud800", "应为文字"),
        ("x" * 51, "超过50个字符"),
        (445103, "应为文字"),
        (["a"], "应为文字"),
    ],
)
def test_codes(code: object, reason: str) -> None:
    assert faults_of("region", code=code) == {"code": reason}
    assert faults_of("agency", region=code) == {"region": reason}
    assert faults_of("region", parent=code) == {"parent": reason}


def test_around_a_cell_spaces_do_not_count() -> None:
    row = row_of("region", code=" 445103　", name="\t潮安区 ", parent=" 4451 ")
    assert (row.code, row.name) == ("445103", "潮安区")
    assert isinstance(row, RegionRow)
    assert row.parent == "4451"


@pytest.mark.parametrize(("kind", "length"), [("region", 100), ("staff", 50), ("item", 200)])
def test_names(kind: str, length: int) -> None:
    assert row_of(kind, name="名" * length).name == "名" * length
    assert faults_of(kind, name="名" * (length + 1)) == {"name": f"超过{length}个字"}
    # Rare characters of surnames stand in the private use area.
    assert row_of("staff", name="\ue001某").name == "\ue001某"


@pytest.mark.parametrize(
    ("said", "party"),
    [
        ("", "agency"),
        (None, "agency"),
        ("bureau", "bureau"),
        ("主管部门", "bureau"),
        ("镇街", "town"),
        ("效能办", "supervisor"),
    ],
)
def test_parties(said: str | None, party: str) -> None:
    row = row_of("agency", party=said)
    assert isinstance(row, AgencyRow)
    assert row.party == party


def test_words_that_are_not_to_choose_from() -> None:
    assert faults_of("agency", party="citizen") == {
        "party": "“citizen”不可用，可用的有："
        "主管部门（bureau）、承办单位（agency）、镇街（town）、区政府（district）、"
        "监督部门（supervisor）"
    }
    assert faults_of("platform", kind="传真") == {
        "kind": "“传真”不可用，可用的有："
        "网上大厅（portal）、移动应用（app）、热线（hotline）、自助终端（terminal）"
    }
    assert len(faults_of("platform", kind="长" * 10_000)["kind"]) < 150
    row = row_of("platform", kind="自助终端")
    assert isinstance(row, PlatformRow)
    assert row.kind == "terminal"


@pytest.mark.parametrize(
    ("said", "questions"),
    [
        (None, None),
        ("", None),
        ("|", None),
        ([], None),
        ("一次办好了吗？", ("一次办好了吗？",)),
        ("一次办好了吗？| 材料清楚吗？｜", ("一次办好了吗？", "材料清楚吗？")),
        (["一次办好了吗？", "材料清楚吗？"], ("一次办好了吗？", "材料清楚吗？")),
    ],
)
def test_questions(said: object, questions: tuple[str, ...] | None) -> None:
    row = row_of("item", questions=said)
    assert isinstance(row, ItemRow)
    assert row.questions == questions


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("一样|一样", "同一个问题写了两次"),
        ([""], "未填写"),
        ([1], "应为文字"),
        (7, "应为一组文字"),
        ("问" * 201, "超过200个字"),
    ],
)
def test_questions_that_cannot_be_asked(said: object, reason: str) -> None:
    assert faults_of("item", questions=said) == {"questions": reason}


def test_all_faults_of_a_row_at_once() -> None:
    line = Line("staff", {"code": "", "phone": "1"}, "人员.csv", 7, {"agency": "被当作日期"})
    checked = check(line)
    assert not isinstance(checked, Row)
    assert {fault.field: fault.reason for fault in checked} == {
        "agency": "被当作日期",
        "code": "未填写",
        "name": "未填写",
        "phone": "没有这一列",
    }
    assert str(checked[0]) == "人员.csv第7行“所属机构”：被当作日期"


def test_a_kind_that_there_is_not() -> None:
    (fault,) = check(Line("citizen", {}, "请求", 1))
    assert isinstance(fault, BadRow)
    assert str(fault).startswith("请求第1行：没有“citizen”这一类")


def test_rows_do_not_change() -> None:
    row = StaffRow(code="S1", name="陈某", agency="A1")
    with pytest.raises(ValueError, match="frozen"):
        row.name = "林某"  # type: ignore[misc]


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_columns_have_one_meaning(kind: Any) -> None:
    assert set(kind.headings) == set(kind.row.model_fields)
    assert kind.owner in kind.references
    words = [word for names in kind.headings.values() for word in names]
    assert len(words) == len(set(words))
    for field, names in kind.headings.items():
        assert {
            kind.field_of(name) for name in (field, field.upper(), f" {names[0]} ", *names)
        } == {field}
    assert kind.field_of("手机号") is None
    assert kind_of(kind.label) is kind_of(kind.name) is kind
