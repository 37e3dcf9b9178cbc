"""The commands about one order: a word, its number, what the step takes. Tables only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these words, and what the step calls it."""

    name: str
    words: Mapping[str, Any]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """2026-12-01, 2026年12月1日."""

    name: str


@dataclass(frozen=True, slots=True)
class Word:
    """Up to the next space or comma."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """All that is left."""

    name: str
    optional: bool = False


Part = Choice | Day | Word | Text


@dataclass(frozen=True, slots=True)
class Form:
    """`words`: the first is the one that is advertised. `step`: see models/orders/steps.py."""

    words: tuple[str, ...]
    step: str
    parts: tuple[Part, ...]
    example: str
    """What stands behind the number."""
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def usage(self, order: int | str = "工单号") -> str:
        return f"{self.words[0]} {order} {self.example}".strip()


_NOTE: Final = Text("note", optional=True)

FORMS: Final[Sequence[Form]] = (
    Form(("受理", "签收"), "accept", (), ""),
    Form(
        ("核实",),
        "verify",
        (
            Choice(
                "class_name",
                {
                    "简易": "simple",
                    "简单": "simple",
                    "一般": "general",
                    "复杂": "complex",
                },
                optional=True,
            ),
            _NOTE,
        ),
        "一般 反映的情况属实",
    ),
    Form(
        ("误评",),
        "find_mistaken",
        (Word("ground"), Text("reason")),
        "误评 评价人来电说明点错了等级",
    ),
    Form(("同意认定",), "confirm_mistaken", (Text("note"),), "证据充分"),
    Form(("驳回认定",), "reject_mistaken", (Text("note"),), "证据不足，请继续整改"),
    Form(("整改", "答复"), "answer", (Text("text"),), "已增开窗口，等候时间缩短到十分钟以内"),
    Form(
        ("解释",),
        "answer",
        (Text("text"),),
        "该事项依法须本人到场，已向评价人说明",
        {"explained": True},
    ),
    Form(("申诉",), "appeal", (Text("reason"),), "当日系统故障，已当场说明"),
    Form(("转报申诉",), "forward_appeal", (_NOTE,), "情况属实"),
    Form(
        ("复核",),
        "decide_appeal",
        (Choice("upheld", {"成立": True, "不成立": False}), Text("note")),
        "成立 经调取监控核实",
    ),
    Form(
        ("异议",),
        "decide_objection",
        (Choice("upheld", {"采纳": True, "不采纳": False}), Text("note")),
        "采纳 继续整改",
    ),
    Form(("退回",), "return", (Text("reason"),), "不属于本单位职责"),
    Form(("转办",), "dispatch", (Word("to"), _NOTE), "机构代码或名称 请按期核实"),
    Form(("会商",), "consult", (Text("note"),), "建议两个窗口合并受理"),
    Form(
        ("延期",),
        "ask_extension",
        (Day("until"), Text("reason")),
        "2026-12-01 需要采购新的叫号设备",
    ),
    Form(("台账",), "enter_in_ledger", (Day("until"), Text("reason")), "2026-12-01 涉及多个部门"),
    Form(
        ("批复延期", "批复"),
        "decide_extension",
        (Choice("granted", {"同意": True, "不同意": False}), _NOTE),
        "同意",
    ),
    Form(
        ("联系", "回访"),
        "contact",
        (
            Choice(
                "way",
                {
                    "电话": "phone",
                    "短信": "sms",
                    "微信": "wechat",
                    "上门": "visit",
                    "其他": "other",
                },
            ),
            Choice("reached", {"已接通": True, "未接通": False, "接通": True}),
            Text("note"),
        ),
        "电话 已接通 已听取意见并致歉",
    ),
    Form(
        ("审核",),
        "review_answer",
        (Choice("passed", {"通过": True, "退回": False}), _NOTE),
        "通过",
    ),
    Form(("不计",), "leave_out", (Text("reason"),), "评价人回访表示满意"),
    Form(("认定有效",), "recheck", (Text("reason"),), "经抽查评价属实"),
)
