"""A directory as a business system sends it: two jurisdictions, a region without a rulebook."""

from __future__ import annotations

from typing import Any, Final

DIRECTORY: Final[dict[str, list[dict[str, Any]]]] = {
    "region": [
        {"code": "445103", "name": "潮安区", "rulebook": "chaoan"},
        {"code": "445103100", "name": "古巷镇", "parent": "445103"},
        {"code": "120000", "name": "天津市", "rulebook": "tianjin"},
        {"code": "120103", "name": "河西区", "parent": "120000"},
        {"code": "990000", "name": "无规则区"},
    ],
    "agency": [
        {"code": "CA-ZSJ", "name": "潮安区政数局", "region": "445103", "party": "bureau"},
        {"code": "CA-SJJ", "name": "潮安区市场监管局", "region": "445103"},
        {"code": "CA-RSJ", "name": "潮安区人社局", "region": "445103"},
        {"code": "TJ-ZWB", "name": "天津市政务办", "region": "120000", "party": "bureau"},
        {"code": "TJ-SP", "name": "河西区审批局", "region": "120103"},
        {"code": "TJ-RS", "name": "河西区人社局", "region": "120103"},
        {"code": "NO-A", "name": "无规则局", "region": "990000"},
    ],
    "hall": [
        {"code": "CA-H1", "name": "潮安大厅", "region": "445103", "agency": "CA-ZSJ"},
        {"code": "TJ-H1", "name": "河西大厅", "region": "120103", "agency": "TJ-SP"},
    ],
    "window": [
        {"code": "CA-W1", "name": "1号窗口", "hall": "CA-H1", "agency": "CA-SJJ"},
        {"code": "TJ-W1", "name": "2号窗口", "hall": "TJ-H1", "agency": "TJ-SP"},
    ],
    "staff": [
        {"code": "CA-S1", "name": "王丽", "agency": "CA-SJJ"},
        {"code": "TJ-S1", "name": "刘洋", "agency": "TJ-SP"},
    ],
    "item": [
        {"code": "CA-I1", "name": "食品经营许可", "agency": "CA-SJJ"},
        {"code": "CA-I2", "name": "个体工商户登记", "agency": "CA-SJJ"},
        {"code": "CA-I3", "name": "失业保险金申领", "agency": "CA-RSJ"},
        {"code": "TJ-I1", "name": "公共场所卫生许可", "agency": "TJ-SP"},
        {"code": "TJ-I2", "name": "劳务派遣经营许可", "agency": "TJ-RS"},
        {"code": "NO-I", "name": "无规则事项", "agency": "NO-A"},
    ],
    "theme": [
        {"code": "CA-T1", "name": "我要开餐馆", "region": "445103"},
        {"code": "TJ-T1", "name": "我要开美容店", "region": "120000"},
    ],
    "platform": [
        {
            "code": "CA-P1",
            "name": "潮安热线",
            "kind": "hotline",
            "region": "445103",
            "agency": "CA-ZSJ",
        },
        {
            "code": "CA-P2",
            "name": "1号自助机",
            "kind": "terminal",
            "region": "445103",
            "agency": "CA-ZSJ",
        },
        {
            "code": "TJ-P1",
            "name": "天津热线",
            "kind": "hotline",
            "region": "120000",
            "agency": "TJ-ZWB",
        },
    ],
}

CASE: Final[dict[str, Any]] = {
    "number": "CA202603020001",
    "agency": "CA-SJJ",
    "item": "CA-I1",
    "handling": "window",
    "applicant": {"name": "陈小明", "phone": "13800138000", "identity": "44510319900101123x"},
    "accepted_at": "2026-03-01T09:00:00+08:00",
}
VISIT: Final[dict[str, Any]] = {
    "case": CASE["number"],
    "number": 1,
    "staff": "CA-S1",
    "window": "CA-W1",
    "at": "2026-03-02T08:00:00+08:00",
}
COMPLETION: Final[dict[str, Any]] = {"case": CASE["number"], "at": "2026-03-02T08:30:00+08:00"}
CALL: Final[dict[str, Any]] = {
    "number": "CALL-1",
    "platform": "CA-P1",
    "staff": "CA-S1",
    "caller": "0768-2345678",
    "ended_at": "2026-03-02T08:45:00+08:00",
}
"""All by the time at which the tests' clock stands."""
