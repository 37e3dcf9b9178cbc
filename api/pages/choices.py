"""总体评价 and 分别评价 of one group: the other links that are open beside this one."""

from __future__ import annotations

from api.pages.plain import Next
from api.pages.way import Way
from models.cases.facts import GroupKind
from models.office import Office
from models.tables import Case, CaseGroup, Invitation
from models.words import Node

MOST = 20


async def others(office: Office, invitation: Invitation, way: Way) -> tuple[Next, ...]:
    group_id = await _group_of(invitation)
    if group_id is None or invitation.node != Node.COMPLETION:
        return ()
    cases = {case.id: case for case in await Case.filter(group_id=group_id).select_related("item")}
    still_open = Invitation.filter(
        node=Node.COMPLETION.value, closed_at=None, until__gt=office.now()
    ).exclude(id=invitation.id)
    overall = await still_open.filter(group_id=group_id).first()
    separate = await still_open.filter(case_id__in=list(cases)).order_by("id").limit(MOST)
    found: list[Next] = []
    if overall is not None:
        group = await CaseGroup.get(id=group_id)
        label = f"总体评价（适用于{GroupKind(group.kind).label}的全部{group.size}个办件）"
        found.append(Next(label, address(office, overall, way)))
    for each in separate:
        case = cases[each.case_id or 0]
        label = f"分别评价：{case.item.name}（{case.number}）"
        found.append(Next(label, address(office, each, way)))
    return tuple(found)


def address(office: Office, invitation: Invitation, way: Way, **more: str) -> str:
    return way.to(f"/r/{office.links.rating(invitation.nonce)}", **more)


async def _group_of(invitation: Invitation) -> int | None:
    if invitation.group_id is not None or invitation.case_id is None:
        return invitation.group_id
    return (await Case.get(id=invitation.case_id)).group_id
