"""What the page shows of what is rated: item, serial number, staff, place, time."""

from __future__ import annotations

from dataclasses import dataclass

from models.calendar.beijing import spoken
from models.cases.shown import Shown, shown
from models.rulebooks.rulebook import Version
from models.tables import Case, Invitation
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
        names=_names(seen),
    )


def _names(seen: Shown) -> dict[Target, str]:
    names = {target: target.label for target in Target}
    names[Target.AGENCY] = seen.agency
    if seen.staff:
        names[Target.STAFF] = f"{Target.STAFF.label} {seen.staff}"
    return names


async def questions_of(invitation: Invitation, version: Version) -> tuple[str, ...]:
    """针对具体服务事项的评价问询表单: the item's own, or the rulebook's. Of cases with different
    items, the rulebook's."""
    if Target.ITEM not in invitation.targets:
        return ()
    of_group = Case.filter(group_id=invitation.group_id)
    cases = of_group if invitation.group_id else Case.filter(id=invitation.case_id)
    items = {case.item_id: case.item async for case in cases.select_related("item")}
    own = next(iter(items.values())).questions if len(items) == 1 else None
    if own:
        return tuple(dict.fromkeys(own))[:20]
    return version.questionnaire.questions if version.questionnaire else ()
