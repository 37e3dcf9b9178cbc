"""How the integration API shows what was said. Never who said it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from models.tables import Coverage, Evaluation, LedgerLeaf, WorkOrder
from models.words import Level, Ordinal


class EvaluationAnswer(BaseModel):
    id: UUID
    provenance: str
    ordinal: int
    level: int
    level_label: str
    reasons: dict[str, Any]
    answers: dict[str, str]
    channel: str | None
    keyed_by: str | None
    """Code of the member of staff who keyed it in; null: the person's own, or a default."""
    real_name: bool
    late: bool
    at: datetime
    rulebook: str
    version: int
    covers: list[str]
    """Slots: case, node, target, ordinal."""
    leaf: str
    order: int | None
    replaced_by: UUID | None
    """Of a default: the person's rating that counts in its place, however late it came."""


async def evaluation_answers(evaluations: Sequence[Evaluation]) -> list[EvaluationAnswer]:
    """In their order, with a query a table and not an evaluation."""
    ids = [evaluation.id for evaluation in evaluations]
    slots: dict[UUID, list[str]] = {each: [] for each in ids}
    replaced = await _replaced(evaluations)
    for row in await Coverage.filter(evaluation_id__in=ids).order_by("slot"):
        slots[row.evaluation_id].append(row.slot)
    leaves = {row.evaluation_id: row.hash for row in await LedgerLeaf.filter(evaluation_id__in=ids)}
    orders = {row.evaluation_id: row.id for row in await WorkOrder.filter(evaluation_id__in=ids)}
    return [
        EvaluationAnswer(
            id=each.id,
            provenance=each.provenance,
            ordinal=each.ordinal,
            level=each.level,
            level_label=Level(each.level).label,
            reasons=each.reasons,
            answers=each.answers,
            channel=each.channel,
            keyed_by=each.keyed_by,
            real_name=each.real_name,
            late=each.late,
            at=each.at,
            rulebook=each.rulebook,
            version=each.version,
            covers=slots[each.id],
            leaf=leaves[each.id],
            order=orders.get(each.id),
            replaced_by=replaced.get(each.invitation_id or 0)
            if each.ordinal == Ordinal.DEFAULT
            else None,
        )
        for each in evaluations
    ]


async def _replaced(evaluations: Sequence[Evaluation]) -> dict[int, UUID]:
    """By invitation: what a person said after the default."""
    defaults = [each for each in evaluations if each.ordinal == Ordinal.DEFAULT]
    said = await Evaluation.filter(
        invitation_id__in=[each.invitation_id for each in defaults], ordinal=int(Ordinal.FIRST)
    )
    return {each.invitation_id: each.id for each in said if each.invitation_id is not None}
