"""What an account may do. A person has one role in one agency."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    STAFF = "staff"
    """被评价人: sees what was said of their own service, never by whom."""
    HANDLER = "handler"
    """承办: verifies, appeals and answers for the agency."""
    TOWN = "town"
    """镇(场)公共服务办公室: hands out and answers within the town."""
    BUREAU = "bureau"
    """主管部门: dispatches, reviews, supervises its region and all below."""
    CALLBACK = "callback"
    """回访专席: calls raters back, may see whom to call."""
    AUDITOR = "auditor"
    """审计: reads, changes nothing."""
    OPERATOR = "operator"
    """运维: runs the installation, belongs to no agency."""

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Role.STAFF: "被评价人",
    Role.HANDLER: "承办",
    Role.TOWN: "镇（场）公共服务办公室",
    Role.BUREAU: "主管部门",
    Role.CALLBACK: "回访专席",
    Role.AUDITOR: "审计",
    Role.OPERATOR: "运维",
}
