"""Groups: 批量, 主题式, 并联审批. What is rated once for all, and what case by case (matrix §2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from models.cases.facts import Cluster, GroupFact, GroupKind
from models.cases.nodes import completion, single, visits
from models.cases.openings import Closed, Opening, in_force, with_staff
from models.rulebooks.rating_rules import Mode
from models.rulebooks.rulebook import Rulebook, Version
from models.words import Node, Target


class Visits(Enum):
    SHARED = auto()
    """收件时: one visit for the whole group is rated once, whichever case it was reported for."""
    BY_CASE = auto()
    """分部门分阶段: each department's by itself."""
    UNRATED = auto()
    """不再分阶段评价."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a rule makes of a group: rated as a whole, case by case, or at the rater's choice."""

    rule: str
    completion: tuple[Target, ...]
    modes: frozenset[Mode]
    visits: Visits


def plan(version: Version, cluster: Cluster, group: GroupFact) -> Plan | None:
    """None: the text knows no such group, or it is too small for one."""
    # 在窗口单次申报 (潮安第十七条, 天津第十二条): what is applied for online stays 一事一评.
    at_window = any(case.at_window for case in cluster.cases)
    match group.kind:
        case GroupKind.BATCH if (
            version.batch and at_window and group.size >= version.batch.min_cases
        ):
            targets = version.batch.completion
            return Plan("batch", targets, frozenset({Mode.OVERALL}), Visits.SHARED)
        case GroupKind.THEME if version.theme and group.size >= version.theme.min_items:
            modes = version.theme.modes
            # One declaration, one counter; 一件事 is not rated by stage at all.
            staged = Visits.SHARED if Mode.SEPARATE in modes else Visits.UNRATED
            return Plan("theme", (Target.ITEM,), modes, staged)
        case GroupKind.PARALLEL if version.parallel:
            modes = version.parallel.modes
            staged = Visits.BY_CASE if Mode.SEPARATE in modes else Visits.SHARED
            return Plan("parallel", version.parallel.completion, modes, staged)
        case _:
            return None


def grouped(book: Rulebook, cluster: Cluster, group: GroupFact) -> Iterator[Opening | Closed]:
    """The rule is asked of the version in force when the group was completed; until then, of the
    one in force at its first visit or completion."""
    first = _first_moment(cluster)
    if first is None:
        return
    version = in_force(book, cluster.completed_at or first)
    if isinstance(version, Closed):
        yield version
        return
    chosen = plan(version, cluster, group)
    if chosen is None:
        for each in cluster.cases:
            yield from single(book, each)
        return
    if chosen.visits is Visits.SHARED:
        yield from _shared_visits(book, cluster, group, chosen.rule)
    for each in cluster.cases:
        if chosen.visits is Visits.BY_CASE:
            yield from visits(book, each)
        if Mode.SEPARATE in chosen.modes and each.completed_at is not None:
            yield from completion(book, each, each.completed_at)
    if Mode.OVERALL in chosen.modes:
        yield from _overall(book, version, cluster, group, chosen)


def _first_moment(cluster: Cluster) -> datetime | None:
    moments = [visit.at for visit in cluster.visits]
    moments += [case.completed_at for case in cluster.cases if case.completed_at]
    return min(moments, default=None)


def _shared_visits(
    book: Rulebook, cluster: Cluster, group: GroupFact, name: str
) -> Iterator[Opening | Closed]:
    for visit in cluster.visits:
        version = in_force(book, visit.at)
        if isinstance(version, Closed):
            yield version
            continue
        rules = {"batch": version.batch, "parallel": version.parallel, "theme": version.window}
        rule = rules[name]
        if rule is not None and rule.visit:
            yield Opening(
                key=f"group:{group.id}/visit:{visit.number}/staff:{visit.staff}",
                node=Node.VISIT,
                targets=rule.visit,
                agency=cluster.lead,
                version=book.number_of(version),
                # No text says it of a theme's visit: the window's own rule does.
                rule="window" if name == "theme" else name,
                source=rule.source,
                opened_at=visit.at,
                group=group.id,
                visit_number=visit.number,
                staff=visit.staff,
            )


def _overall(
    book: Rulebook, version: Version, cluster: Cluster, group: GroupFact, chosen: Plan
) -> Iterator[Opening]:
    """总体评价: one rating, valid for every case of the group, once all are completed."""
    at, rule = cluster.completed_at, version.rule(chosen.rule)
    if at is None or rule is None:
        return
    targets, staff = with_staff(chosen.completion, cluster.visits, at)
    if not targets:
        return
    yield Opening(
        key=f"group:{group.id}/completion",
        node=Node.COMPLETION,
        targets=targets,
        agency=cluster.lead,
        version=book.number_of(version),
        rule=chosen.rule,
        source=rule.source,
        opened_at=at,
        group=group.id,
        staff=staff,
    )
