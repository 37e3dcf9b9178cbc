"""The kinds of rows, and what their columns are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models.directory.rows import (
    AgencyRow,
    HallRow,
    ItemRow,
    PlatformRow,
    RegionRow,
    Row,
    StaffRow,
    ThemeRow,
    WindowRow,
)


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    label: str
    row: type[Row]
    owner: str
    """The field that says where a row belongs. A stored row stays there: figures hang on it."""
    headings: Mapping[str, tuple[str, ...]]
    """The Chinese names of every column, the usual one first. The field's name works too."""
    references: Mapping[str, str]
    """Field to the kind it names."""

    def field_of(self, heading: str) -> str | None:
        heading = heading.strip()
        if heading.lower() in self.headings:
            return heading.lower()
        return next((name for name, known in self.headings.items() if heading in known), None)

    def required(self) -> list[str]:
        fields = self.row.model_fields
        return [name for name in self.headings if fields[name].is_required()]


_REGION = ("所属地区", "地区编码", "地区")
_AGENCY = ("所属机构", "机构编码", "机构")

KINDS: Final[Mapping[str, Kind]] = {
    # In the order in which they are stored: who is referred to comes first.
    kind.name: kind
    for kind in (
        Kind(
            "region",
            "地区",
            RegionRow,
            "parent",
            {
                "code": ("地区编码", "编码", "区划代码"),
                "name": ("名称", "地区名称"),
                "parent": ("上级地区", "上级地区编码"),
                "rulebook": ("规则书",),
            },
            {"parent": "region"},
        ),
        Kind(
            "agency",
            "机构",
            AgencyRow,
            "region",
            {
                "code": ("机构编码", "编码", "统一社会信用代码"),
                "name": ("名称", "机构名称"),
                "region": _REGION,
                "party": ("机构身份", "身份"),
                "email": ("电子邮箱", "邮箱"),
            },
            {"region": "region"},
        ),
        Kind(
            "hall",
            "大厅",
            HallRow,
            "region",
            {
                "code": ("大厅编码", "编码"),
                "name": ("名称", "大厅名称"),
                "region": _REGION,
                "agency": ("管理机构", *_AGENCY),
            },
            {"region": "region", "agency": "agency"},
        ),
        Kind(
            "window",
            "窗口",
            WindowRow,
            "hall",
            {
                "code": ("窗口编码", "编码", "窗口编号"),
                "name": ("名称", "窗口名称"),
                "hall": ("所属大厅", "大厅编码", "大厅"),
                "agency": _AGENCY,
            },
            {"hall": "hall", "agency": "agency"},
        ),
        Kind(
            "staff",
            "工作人员",
            StaffRow,
            "agency",
            {
                "code": ("工号", "工作人员编码", "编码"),
                "name": ("姓名", "名称"),
                "agency": _AGENCY,
            },
            {"agency": "agency"},
        ),
        Kind(
            "item",
            "事项",
            ItemRow,
            "agency",
            {
                "code": ("事项编码", "编码", "实施编码"),
                "name": ("名称", "事项名称"),
                "agency": ("实施机构", *_AGENCY),
                "questions": ("问询表单", "问题"),
            },
            {"agency": "agency"},
        ),
        Kind(
            "theme",
            "主题",
            ThemeRow,
            "region",
            {
                "code": ("主题编码", "编码"),
                "name": ("名称", "主题名称"),
                "region": _REGION,
            },
            {"region": "region"},
        ),
        Kind(
            "platform",
            "平台",
            PlatformRow,
            "region",
            {
                "code": ("平台编码", "编码"),
                "name": ("名称", "平台名称"),
                "kind": ("平台类型", "类型"),
                "region": _REGION,
                "agency": ("管理机构", *_AGENCY),
            },
            {"region": "region", "agency": "agency"},
        ),
    )
}


def kind_of(word: str) -> Kind | None:
    """By its English or its Chinese name."""
    word = word.strip().lower()
    return next((kind for kind in KINDS.values() if word in {kind.name, kind.label}), None)
