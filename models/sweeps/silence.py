"""沉默: what the rulebook makes of a completed item that nobody rated in time, 默认评价
(潮安第十九条) or the mark 未评 (天津第十六条). Where the text says nothing, nothing falls due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.office import Office
from models.ratings.decide import Decision
from models.ratings.default import default
from models.ratings.ids import time_ordered_id
from models.ratings.subject import Subject
from models.ratings.subjects import covering
from models.sweeps.batches import Ids, sweep
from models.tables import Case, Coverage, Evaluation, Invitation, LedgerLeaf
from models.words import Level, Node, Ordinal, Silence


async def record_silence(office: Office) -> int:
    now = office.now()

    async def do(ids: Ids) -> None:
        rows = await Invitation.filter(id__in=ids).order_by(*_ORDER).only(*_COLUMNS)
        one_by_one = await _one_by_one(rows)
        silent: dict[Silence, list[Invitation]] = {each: [] for each in Silence}
        for row in rows:
            if row.id in one_by_one:
                silent[Silence.ONE_BY_ONE].append(row)
            elif _default_level(office, row) is None:
                silent[Silence.UNRATED].append(row)
            else:
                silent[Silence.DEFAULT].append(row)
        await _store(await _defaults(office, silent[Silence.DEFAULT]))
        for said, those in silent.items():
            await Invitation.filter(id__in=[row.id for row in those]).update(silence=said.value)

    return await sweep(office, lambda: due(now), do)


_ORDER = ("timely_until", "id")
# Reading whole rows costs more than all that is done with them.
_COLUMNS = (
    "id",
    "region_id",
    "rulebook",
    "version",
    "targets",
    "agency_id",
    "node",
    "rule",
    "staff_id",
    "case_id",
    "group_id",
    "timely_until",
)


def due(now: datetime) -> QuerySet[Invitation]:
    """An estimated day is no ground to say anything: what is provisional waits (DESIGN §6)."""
    return Invitation.filter(
        timely_until__lte=now, silence=None, closed_at=None, provisional=False
    ).order_by(*_ORDER)


def _default_level(office: Office, row: Invitation) -> Level | None:
    rule = office.shelf.book(row.rulebook).version(row.version).silence
    return rule.default_level if rule else None


async def _one_by_one(rows: Sequence[Invitation]) -> set[int]:
    """总体评价 beside 分别评价: each case is silent by itself, and is not counted twice."""
    groups = {row.group_id for row in rows if row.group_id is not None}
    if not groups:
        return set()
    apart = await Invitation.filter(case__group_id__in=groups, node=Node.COMPLETION.value).values(
        "case__group_id"
    )
    with_cases = {each["case__group_id"] for each in apart}
    return {row.id for row in rows if row.group_id in with_cases}


async def _defaults(office: Office, rows: Sequence[Invitation]) -> list[Decision]:
    subjects = await _subjects(rows)
    names = {
        slot.name
        for subject in subjects
        for ordinal in (Ordinal.DEFAULT, Ordinal.FIRST)
        for slot in subject.slots(ordinal, "")
    }
    taken = {filled.slot for filled in await Coverage.filter(slot__in=names).only("slot")}
    decided: list[Decision] = []
    for row, subject in zip(rows, subjects, strict=True):
        level, at = _default_level(office, row), row.timely_until
        if level is None or at is None:
            raise ValueError("only a rulebook with a default lets silence say something")
        version = office.shelf.book(row.rulebook).version(row.version)
        one = default(subject, version, level, at, time_ordered_id(office.now()), taken)
        if one is not None:
            taken |= {filled["slot"] for filled in one.coverage}
            decided.append(one)
    return decided


async def _subjects(rows: Sequence[Invitation]) -> list[Subject]:
    """As `subject_of`, a batch at once."""
    found = Case.filter(
        Q(id__in=[row.case_id for row in rows if row.case_id])
        | Q(group_id__in=[row.group_id for row in rows if row.group_id])
    )
    cases = await found.order_by("number").only("id", "number", "agency_id", "item_id", "group_id")
    members: dict[int, list[Case]] = {}
    for case in cases:
        members.setdefault(case.group_id or 0, []).append(case)
    by_id = {case.id: [case] for case in cases}
    return [
        covering(row, members[row.group_id] if row.group_id else by_id[row.case_id or 0])
        for row in rows
    ]


async def _store(decided: Sequence[Decision]) -> None:
    await Evaluation.bulk_create([Evaluation(**each.evaluation) for each in decided])
    await Coverage.bulk_create([Coverage(**row) for each in decided for row in each.coverage])
    await LedgerLeaf.bulk_create([LedgerLeaf(**each.leaf) for each in decided])
