"""Reports that are wrong in themselves: refused, and the field and the fault are named."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from models.cases.reports import CallReport, CaseReport, CompletionReport, Report, VisitReport

CASE: dict[str, Any] = {"number": "C1", "agency": "A1", "item": "I1", "handling": "window"}
VISIT: dict[str, Any] = {
    "case": "C1",
    "number": 1,
    "staff": "S1",
    "at": "2026-03-02T09:00:00+08:00",
}
DONE: dict[str, Any] = {"case": "C1", "at": "2026-03-02T09:00:00+08:00"}
CALL: dict[str, Any] = {"number": "T1", "platform": "P1", "staff": "S1"}
GROUP: dict[str, Any] = {"kind": "batch", "number": "G1", "size": 2}
GOOD: list[tuple[type[Report], dict[str, Any]]] = [
    (CaseReport, CASE),
    (VisitReport, VISIT),
    (CompletionReport, DONE),
    (CallReport, CALL),
]
IDS = ["case", "visit", "completion", "call"]


def faults(kind: type[Report], content: dict[str, Any]) -> list[tuple[str, str]]:
    """Field and words of each."""
    with pytest.raises(ValidationError) as refused:
        kind.model_validate(content)
    found = refused.value.errors(include_url=False)
    return [(".".join(map(str, each["loc"])), each["msg"]) for each in found]


@pytest.mark.parametrize(("kind", "content"), GOOD, ids=IDS)
def test_the_shortest_report_is_taken(kind: type[Report], content: dict[str, Any]) -> None:
    kind.model_validate(content)


@pytest.mark.parametrize(("kind", "content"), GOOD, ids=IDS)
def test_nothing_of_it_may_be_missing(kind: type[Report], content: dict[str, Any]) -> None:
    for field in content:
        without = {name: value for name, value in content.items() if name != field}
        assert faults(kind, without) == [(field, "Field required")]


@pytest.mark.parametrize(("kind", "content"), GOOD, ids=IDS)
def test_unknown_fields_are_refused(kind: type[Report], content: dict[str, Any]) -> None:
    ((field, _),) = faults(kind, {**content, "numbr": "C1"})
    assert field == "numbr"


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"number": ""}, "number", "代码不能为空"),
        ({"number": "C 1"}, "number", "空格"),
        ({"number": "C\x00"}, "number", "控制字符"),
        ({"number": "长" * 51}, "number", "at most 50"),
        ({"number": 17}, "number", "valid string"),
        ({"kind": "complaint"}, "kind", "application"),
        ({"handling": "post"}, "handling", "online"),
        ({"accepted_at": "2026-03-02T09:00:00"}, "accepted_at", "timezone"),
        ({"accepted_at": "1899-01-01T00:00:00Z"}, "accepted_at", "2000年到2100年"),
        ({"applicant": {"kind": "robot"}}, "applicant.kind", "pattern"),
        ({"applicant": {"phone": "010-12345"}}, "applicant.phone", "不是有效的电话号码"),
        ({"applicant": {"email": "nobody"}}, "applicant.email", "不是有效的电子邮件地址"),
        ({"applicant": {"name": "一\n二"}}, "applicant.name", "应为一行文字"),
        ({"applicant": {"name": "长" * 101}}, "applicant.name", "at most 100"),
        ({"agent": {"phone": "1"}}, "agent.phone", "不是有效的电话号码"),
        ({"call": "T1"}, "", "只有转办件"),
        ({"group": {**GROUP, "size": 1}}, "group.size", "greater than or equal to 2"),
        ({"group": {**GROUP, "size": 1001}}, "group.size", "less than or equal to 1000"),
        ({"group": {**GROUP, "kind": "pair"}}, "group.kind", "batch"),
        ({"group": {**GROUP, "kind": "theme"}}, "group", "须给出 theme"),
    ],
)
def test_a_case_says_what_is_wrong(change: dict[str, Any], field: str, says: str) -> None:
    ((where, why),) = faults(CaseReport, {**CASE, **change})
    assert where == field
    assert says in why


@pytest.mark.parametrize("number", [0, -1, 10_000, "first", 1.5, None])
def test_a_visit_has_a_number_from_one_on(number: object) -> None:
    ((field, _),) = faults(VisitReport, {**VISIT, "number": number})
    assert field == "number"


@pytest.mark.parametrize("moment", ["2026-03-02", "soon", "2026-03-02T25:00:00Z", ""])
@pytest.mark.parametrize(("kind", "content"), GOOD[1:], ids=IDS[1:])
def test_a_moment_is_a_moment(kind: type[Report], content: dict[str, Any], moment: object) -> None:
    name = "ended_at" if kind is CallReport else "at"
    ((field, _),) = faults(kind, {**content, name: moment})
    assert field == name


@pytest.mark.parametrize(("kind", "content"), GOOD[1:3], ids=IDS[1:3])
def test_only_a_call_may_end_now(kind: type[Report], content: dict[str, Any]) -> None:
    assert faults(kind, {**content, "at": None})
    assert CallReport.model_validate({**CALL, "ended_at": None}).ended_at is None


def test_every_fault_is_named_at_once() -> None:
    found = faults(CaseReport, {**CASE, "number": "", "item": " ", "handling": "post"})
    assert {field for field, _ in found} == {"number", "item", "handling"}


def test_one_person_written_in_two_ways_is_one() -> None:
    """So that a report sent again from another screen is the same report."""
    one = {"phone": "138 0013 8000", "identity": "11010119900101001x", "name": " 陈小明 "}
    other = {"phone": "+8613800138000", "identity": "11010119900101001X", "name": "陈小明"}
    assert CaseReport.model_validate({**CASE, "applicant": one}) == CaseReport.model_validate(
        {**CASE, "applicant": other}
    )


def test_one_moment_in_two_zones_is_one() -> None:
    same = VisitReport.model_validate({**VISIT, "at": "2026-03-02T01:00:00Z"})
    assert same == VisitReport.model_validate(VISIT)
    assert same.model_dump_json() == VisitReport.model_validate(VISIT).model_dump_json()
