"""查询: the receipts, and how the work orders stand."""

from __future__ import annotations

from typing import Final

from bot.wechat.talk import wording
from bot.wechat.talk.turn import Turn
from models.cases.shown import shown
from models.ratings.story import handling_of, may_follow_up
from models.ratings.theirs import rated_by
from models.tables import Coverage, Evaluation, WorkOrder
from models.words import Level

LISTED: Final = 3
"""Each with the link of its receipt: more do not fit a message."""


async def looked(turn: Turn) -> str:
    found = await rated_by(turn.rater, LISTED)
    if not found:
        return wording.NONE_YET
    lines = [await _line(turn, place, each) for place, each in enumerate(found, 1)]
    return "\n".join(lines)


async def _line(turn: Turn, place: int, evaluation: Evaluation) -> str:
    office = turn.office
    order = await WorkOrder.get_or_none(evaluation=evaluation)
    return wording.looked(
        place,
        evaluation.at,
        await _title(evaluation),
        Level(evaluation.level),
        await _standing(turn, order) if order else None,
        f"{turn.base_url}/receipt/{office.links.receipt(evaluation.id)}",
        await may_follow_up(office, evaluation),
    )


async def _standing(turn: Turn, order: WorkOrder) -> str:
    """With the page on which the rater may say something, while they are asked."""
    office = turn.office
    handling = await handling_of(order)
    said = f"{order.id}号：{handling.state}"
    link = f"{turn.base_url}/a/{office.links.answer(order.evaluation_id)}"
    return f"{said} {link}" if handling.asks else said


async def _title(evaluation: Evaluation) -> str:
    if evaluation.invitation is not None:
        return (await shown(evaluation.invitation)).title
    covered = Coverage.filter(evaluation=evaluation).select_related("agency", "hall", "platform")
    row = await covered.first()
    if row is None:
        raise LookupError(f"evaluation {evaluation.id} covers nothing")
    return str((row.hall or row.platform or row.agency).name)
