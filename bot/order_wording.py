"""What the rater is told of their order. Plain, polite, and nobody's name."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from models.calendar.beijing import spoken
from models.rulebooks.rule import PLATFORM

LONGEST_SMS: Final = 200
"""Characters: three parts of a long SMS, as the carriers count, with what is signed before it."""

ANSWERED = "您反映的问题有了答复"
EXTENDED = "您反映的问题延期办理"
EXCLUDING = "您的评价拟不予采纳，您可以提出异议"
STANDS = "您的评价有效，继续办理"
EXCLUDED = "您的评价不予采纳"
CONFIRM = "请您确认对答复是否满意"


def answered(
    subject: str, order: int, agency: str, answer: str, link: str, *, asked: bool, short: bool
) -> str:
    """`asked`: whether they are satisfied. `short`: the answer is cut for an SMS, the link leads to
    all of it."""
    begin = f"您对“{subject}”反映的问题（差评工单{order}号），{agency}答复："
    end = f"{'请您确认是否满意' if asked else '全文和办理情况'}：{link} "
    room = LONGEST_SMS - len(begin) - len(end)
    if short and len(answer) >= room:
        answer = f"{answer[: max(room - 2, 0)]}……"
    return f"{begin}{_sentence(answer)}{end}"


_ENDS: Final = ("。", "！", "？", "…")


def extended(subject: str, order: int, until: str, reason: str, link: str) -> str:
    return (
        f"您对“{subject}”反映的问题（差评工单{order}号），办理期限延长至{until}，"
        f"原因：{_sentence(reason)}办理情况：{link} "
    )


def excluding(subject: str, order: int, ground: str, until: datetime | None, link: str) -> str:
    by = f"请在{spoken(until)}前" if until else "请"
    return (
        f"您对“{subject}”的评价（差评工单{order}号），经审核认为属于“{ground}”，拟不予采纳。"
        f"您不同意的，{by}查看理由并提出异议：{link} "
    )


def stands(subject: str, order: int, link: str) -> str:
    return f"您对“{subject}”的评价（差评工单{order}号），经审核有效，继续办理。办理情况：{link} "


def excluded(subject: str, order: int, source: str, counts_as: str, link: str) -> str:
    article = "" if source == PLATFORM else f"（依据{source}）"
    return (
        f"您对“{subject}”的评价（差评工单{order}号）不予采纳{article}，{counts_as}；"
        f"您的评价记录仍然保存。详情：{link} "
    )


def confirm(subject: str, order: int, until: datetime | None, link: str) -> str:
    by = f"请您在{spoken(until)}前" if until else "请您"
    return f"您对“{subject}”反映的问题（差评工单{order}号）已经答复，{by}确认是否满意：{link} "


def _sentence(words: str) -> str:
    return words if words.endswith(_ENDS) else f"{words}。"
