"""What the page shows of what is rated: item, serial number, staff, place, time."""

from __future__ import annotations

from dataclasses import dataclass

from models.calendar.beijing import spoken
from models.cases.shown import shown
from models.tables import Invitation
from models.words import Node, Target

LISTED = 10
"""Cases of a group shown one by one; a batch may have a thousand."""

_MOMENT = {Node.VISIT: "到窗口时间", Node.COMPLETION: "办结时间", Node.CALL: "通话时间"}


@dataclass(frozen=True, slots=True)
class SubjectLines:
    title: str
    lines: tuple[tuple[str, str], ...]
    cases: tuple[tuple[str, str], ...]
    """Of a group: serial number and item of the first few."""
    count: int
    names: dict[Target, str]


async def subject_lines(invitation: Invitation) -> SubjectLines:
    seen = await shown(invitation)
    single = len(seen.cases) == 1 and seen.group is None
    what = "办理事项" if seen.cases else "服务"
    lines = [
        ("办理方式", seen.group),
        (what, seen.title),
        ("业务流水号", seen.cases[0][0] if single else None),
        ("工作人员", seen.staff),
        ("办理单位", seen.agency),
        ("办理地点", seen.window),
        (_MOMENT[Node(invitation.node)], spoken(invitation.opened_at)),
    ]
    return SubjectLines(
        title=seen.title,
        lines=tuple((label, value) for label, value in lines if value),
        cases=() if single else seen.cases[:LISTED],
        count=len(seen.cases),
        names=seen.names,
    )
