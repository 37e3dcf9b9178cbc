"""What an invitation shows of its subject: 事项名称, 业务流水号, 窗口人员姓名 (天津第十条)."""

from __future__ import annotations

from dataclasses import dataclass

from models.cases.facts import GroupKind
from models.directory.regions import is_within
from models.tables import Call, Case, CaseGroup, Invitation, Visit
from models.words import Node, Target


@dataclass(frozen=True, slots=True)
class Shown:
    title: str
    """The item, the theme, or the call."""
    agency: str
    cases: tuple[tuple[str, str], ...]
    """Serial number and item of each case."""
    staff: str | None
    window: str | None
    group: str | None
    """批量业务, 主题服务, 并联审批, with its number."""
    visited: bool = False
    """The visit to a window is rated (到窗口一次)."""

    @property
    def matter(self) -> str:
        """In a line: the same item may be rated for its result and for each visit."""
        return f"{self.title}（窗口服务，{self.staff}）" if self.visited else self.title

    @property
    def tail(self) -> str:
        """Tells two cases of one item apart. Empty where it is no single case."""
        single = len(self.cases) == 1 and self.group is None
        return f"尾号{self.cases[0][0][-4:]}" if single else ""

    @property
    def names(self) -> dict[Target, str]:
        """What each target is called where it is rated."""
        names = {target: target.label for target in Target}
        names[Target.AGENCY] = self.agency
        if self.staff:
            names[Target.STAFF] = f"{Target.STAFF.label} {self.staff}"
        return names


async def shown(invitation: Invitation) -> Shown:
    # Anew and at once: fetch_related would ask for each of them by itself.
    invitation = await Invitation.get(id=invitation.id).select_related(
        "agency", "staff", "case__item", "call__platform"
    )
    staff = invitation.staff.name if invitation.staff else None
    if invitation.call is not None:
        title = f"{invitation.call.platform.name}通话服务{await _about(invitation.call)}"
        return Shown(title, invitation.agency.name, (), staff, None, None)
    if invitation.case is not None:
        cases, group, title = [invitation.case], None, invitation.case.item.name
    else:
        cases, group, title = await _group(invitation)
    return Shown(
        title=title,
        agency=invitation.agency.name,
        cases=tuple((case.number, case.item.name) for case in cases),
        staff=staff if Target.STAFF in invitation.targets else None,
        window=await _window(invitation, cases),
        group=group,
        visited=invitation.node == Node.VISIT and staff is not None,
    )


async def _about(call: Call) -> str:
    """The item of the case that the hotline named, once that is known and if it is its own."""
    if call.case_number is None:
        return ""
    case = await Case.get_or_none(number=call.case_number).select_related("item")
    if case is None or not await is_within(case.region_id, call.region_id):
        return ""
    return f"（{case.item.name}）"


async def _group(invitation: Invitation) -> tuple[list[Case], str, str]:
    group = await CaseGroup.get(id=invitation.group_id).select_related("theme")
    cases = await Case.filter(group=group).select_related("item").order_by("number")
    kind = GroupKind(group.kind)
    theme = group.theme.name if group.theme else None
    title = theme or f"{cases[0].item.name}等{group.size}件"
    return cases, f"{kind.label}{group.number}", title


async def _window(invitation: Invitation, cases: list[Case]) -> str | None:
    if invitation.node != Node.VISIT:
        return None
    visit = (
        await Visit.filter(
            case_number__in=[case.number for case in cases],
            number=invitation.visit_number,
            staff_id=invitation.staff_id,
        )
        .select_related("window__hall")
        .first()
    )
    if visit is None or visit.window is None:
        return None
    return f"{visit.window.hall.name}{visit.window.name}"
