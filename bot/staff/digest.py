"""Several notices to staff in one message: what waits, and what is due first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from bot.letter import Letter

SHOWN: Final = 10
"""Lines of their own; of the others the numbers."""


def digest(base_url: str, letters: Sequence[Letter], kinds: Collection[str]) -> Letter:
    """`letters`: the most urgent first. Each has the `fields` order, until and due (ISO), the last
    two where something is due."""
    lines = [_line(each) for each in letters[:SHOWN]]
    if rest := [each.fields["order"] for each in letters[SHOWN:]]:
        lines.append(f"另有{len(rest)}件：{'、'.join(rest)}")
    dues = [each for each in letters if "due" in each.fields]
    if dues:
        soonest = min(dues, key=lambda each: each.fields["due"])
        lines.insert(0, f"最近时限：{soonest.fields['until']}（工单{soonest.fields['order']}）")
    what = "、".join(_WHAT[kind] for kind in _WHAT if kind in kinds)
    return Letter(
        f"{len(letters)}条工单消息：{what}",
        "\n".join(lines),
        f"{base_url}/staff/orders",
        {"order": letters[0].fields["order"]},
        buttons=(("待办", "待办"),),
    )


def _line(each: Letter) -> str:
    until = each.fields.get("until")
    return f"{each.title}，{until}前" if until else each.title


_WHAT: Final = {
    "overdue": "逾期",
    "warning": "即将到期",
    "complaint": "新差评工单",
    "dispatch": "转办",
    "order_step": "工单进展",
    "complaint_copy": "抄送",
}
