"""What has been said: the evaluation as its receipt and the pages after it show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.pages.plain import Next, Plain
from api.pages.way import Way
from models.calendar.beijing import spoken
from models.cases.shown import shown
from models.office import Office
from models.ratings.story import may_follow_up
from models.tables import Coverage, Evaluation, Invitation
from models.words import Level, Target


@dataclass(frozen=True, slots=True)
class MayFollowUp:
    address: str
    until: datetime


async def further(office: Office, first: Evaluation, way: Way) -> MayFollowUp | None:
    until = await may_follow_up(office, first)
    if until is None:
        return None
    return MayFollowUp(way.to(f"/f/{office.links.follow_up(first.id)}"), until)


def receipt_address(office: Office, evaluation: Evaluation, way: Way, **more: str) -> str:
    return way.to(f"/receipt/{office.links.receipt(evaluation.id)}", **more)


async def already_rated(
    office: Office, first: Evaluation, way: Way, others: tuple[Next, ...] = ()
) -> Plain:
    """`others`: what of the same matter may still be rated separately."""
    words = [
        f"这次服务已于{spoken(first.at)}评价为“{Level(first.level).label}”，以第一次评价为准。"
    ]
    nexts = [Next("查看评价回执", receipt_address(office, first, way))]
    if (again := await further(office, first, way)) is not None:
        words.append(f"情况有变化的，您可以在{spoken(again.until)}前追加评价一次。")
        nexts.append(Next("追加评价", again.address))
    place = office.shelf.book(first.rulebook).jurisdiction
    return Plain(409, "已评价", *words, place=place, nexts=(*nexts, *others))


async def what_was_rated(evaluation: Evaluation) -> list[tuple[str, str]]:
    """Serial numbers by their last four: the receipt may be shown around."""
    covered = await Coverage.filter(evaluation=evaluation).select_related(
        "agency", "hall", "platform"
    )
    kinds = [target.label for target in Target if any(row.target == target for row in covered)]
    lines = [("评价对象", "、".join(kinds))]
    if evaluation.invitation_id is None:
        name = next(
            row.hall.name if row.hall else row.platform.name if row.platform else row.agency.name
            for row in covered
        )
        return [*lines, ("被评价方", name)]
    seen = await shown(await Invitation.get(id=evaluation.invitation_id))
    lines += [("办理事项" if seen.cases else "服务", seen.title), ("办理单位", seen.agency)]
    if len(seen.cases) == 1:
        lines.append(("业务流水号", f"尾号{seen.cases[0][0][-4:]}"))
    elif seen.cases:
        lines.append(("适用办件", f"{len(seen.cases)}个"))
    return lines
