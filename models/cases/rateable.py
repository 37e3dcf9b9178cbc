"""Who may rate what, and when: one pure decision from the facts (matrix §2).

What is opened depends on the facts alone and not on the order in which they were reported; storing
is a comparison with what is there (`models/cases/invitations.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from models.cases.facts import CaseFact, Cluster, GroupFact, GroupKind, VisitFact
from models.rulebooks.rating_rules import Mode
from models.rulebooks.rule import Rule
from models.rulebooks.rulebook import NotInForce, Rulebook, Version
from models.words import CaseKind, Handling, Node, Target


@dataclass(frozen=True, slots=True)
class Opening:
    """One thing that may be rated once. `key` is the same whenever the same facts are looked at."""

    key: str
    node: Node
    targets: tuple[Target, ...]
    agency: int
    version: int
    rule: str
    """The name of the rule that opened it, e.g. `window`."""
    source: str
    opened_at: datetime
    case: int | None = None
    group: int | None = None
    call: int | None = None
    visit_number: int | None = None
    staff: int | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a node that one might expect to be rated is not. `code` is for machines."""

    code: str
    source: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rateable:
    openings: tuple[Opening, ...]
    closed: tuple[Closed, ...]


def rateable(book: Rulebook, cluster: Cluster) -> Rateable:
    found: list[Opening] = []
    closed: list[Closed] = []
    group = cluster.group
    for each in _group(book, cluster, group) if group else _single(book, cluster.cases[0]):
        if isinstance(each, Opening):
            found.append(each)
        elif each not in closed:
            closed.append(each)
    return Rateable(tuple(found), tuple(closed))


def rateable_call(
    book: Rulebook, call: int, ended_at: datetime, agency: int, staff: int
) -> Rateable:
    version = _in_force(book, ended_at)
    if isinstance(version, Closed):
        return Rateable((), (version,))
    rule = version.hotline
    if rule is None or not rule.call:
        detail = f"《{book.title}》没有规定对热线通话进行评价。"
        return Rateable((), (Closed("hotline_call_not_rated", "", detail),))
    opening = Opening(
        key=f"call:{call}",
        node=Node.CALL,
        targets=rule.call,
        agency=agency,
        version=book.number_of(version),
        rule="hotline",
        source=rule.source,
        opened_at=ended_at,
        call=call,
        staff=staff,
    )
    return Rateable((opening,), ())


def _in_force(book: Rulebook, moment: datetime) -> Version | Closed:
    """Asked node by node: a visit before the regulation's first day is not rated, and does not
    take the completion after that day with it."""
    try:
        return book.version_at(moment)
    except NotInForce as silent:
        return Closed("no_rulebook_in_force", "", str(silent))


def _single(book: Rulebook, case: CaseFact) -> Iterator[Opening | Closed]:
    yield from _visits(book, case)
    if case.completed_at is not None:
        yield from _completion(book, case, case.completed_at)


def _visits(book: Rulebook, case: CaseFact) -> Iterator[Opening | Closed]:
    for visit in case.visits:
        version = _in_force(book, visit.at)
        if isinstance(version, Closed):
            yield version
            continue
        if case.kind is CaseKind.CONSULTATION and version.consultation is not None:
            rule: Rule = version.consultation
            name, targets = "consultation", version.consultation.hall
        elif version.window is not None:
            rule, name, targets = version.window, "window", version.window.visit
        else:
            continue
        if targets:
            yield Opening(
                key=f"case:{case.id}/visit:{visit.number}",
                node=Node.VISIT,
                targets=targets,
                agency=case.agency,
                version=book.number_of(version),
                rule=name,
                source=rule.source,
                opened_at=visit.at,
                case=case.id,
                visit_number=visit.number,
                staff=visit.staff,
            )


def _completion(book: Rulebook, case: CaseFact, at: datetime) -> Iterator[Opening | Closed]:
    version = _in_force(book, at)
    if isinstance(version, Closed):
        yield version
        return
    if case.kind is CaseKind.CONSULTATION and version.consultation is not None:
        if not case.at_window and not version.consultation.online:
            yield Closed(
                "consultation_online",
                version.consultation.source,
                f"线上办结的咨询查询不进行评价（{version.consultation.source}）。",
            )
        return
    if case.kind is CaseKind.TRANSFERRED and version.hotline and version.hotline.transferred:
        rule: Rule = version.hotline
        name, targets = "hotline", version.hotline.transferred
    else:
        name = _RULE_OF[case.handled_as]
        node = {"online": version.online, "terminal": version.terminal, "window": version.window}
        if (found := node[name]) is None:
            detail = f"《{book.title}》没有规定对这类办件进行评价。"
            yield Closed("node_not_rated", "", detail)
            return
        rule, targets = found, found.completion
    targets, staff = _with_staff(targets, case.visits, at)
    if targets:
        yield Opening(
            key=f"case:{case.id}/completion",
            node=Node.COMPLETION,
            targets=targets,
            agency=case.agency,
            version=book.number_of(version),
            rule=name,
            source=rule.source,
            opened_at=at,
            case=case.id,
            staff=staff,
        )


_RULE_OF = {
    Handling.ONLINE: "online",
    Handling.TERMINAL: "terminal",
    Handling.WINDOW: "window",
    Handling.MIXED: "window",
}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a rule makes of a group: rated as a whole, case by case, or at the rater's choice."""

    rule: str
    completion: tuple[Target, ...]
    overall: bool = False
    separate: bool = False
    shared_visits: bool = False
    """收件时: one visit for all is rated once. Where False, not by itself (不再分阶段评价)."""


def _plan(version: Version, cluster: Cluster, group: GroupFact) -> _Plan | None:
    """None: the text knows no such group, or it is too small for one."""
    # 在窗口单次申报 (潮安第十七条, 天津第十二条): what is applied for online stays 一事一评.
    at_window = any(case.at_window for case in cluster.cases)
    match group.kind:
        case GroupKind.BATCH if (
            version.batch and at_window and group.size >= version.batch.min_cases
        ):
            return _Plan("batch", version.batch.completion, overall=True, shared_visits=True)
        case GroupKind.THEME if version.theme and group.size >= version.theme.min_items:
            return _by_mode("theme", (Target.ITEM,), version.theme.modes)
        case GroupKind.PARALLEL if version.parallel:
            rule = version.parallel
            return _by_mode("parallel", rule.completion, rule.modes, shared_visits=True)
        case _:
            return None


def _group(book: Rulebook, cluster: Cluster, group: GroupFact) -> Iterator[Opening | Closed]:
    """The rule is asked of the version in force when the group was completed; until then, of the
    one in force at its first visit or completion."""
    first = _first_moment(cluster)
    if first is None:
        return
    version = _in_force(book, cluster.completed_at or first)
    if isinstance(version, Closed):
        yield version
        return
    plan = _plan(version, cluster, group)
    if plan is None or plan.separate:
        # 一事一评 remains; 总体评价 may come beside it.
        for each in cluster.cases:
            yield from _single(book, each)
    elif plan.shared_visits:
        yield from _shared_visits(book, cluster, group, plan.rule)
    if plan is not None and plan.overall:
        yield from _overall(book, version, cluster, group, plan)


def _first_moment(cluster: Cluster) -> datetime | None:
    moments = [visit.at for visit in cluster.visits]
    moments += [case.completed_at for case in cluster.cases if case.completed_at]
    return min(moments, default=None)


def _shared_visits(
    book: Rulebook, cluster: Cluster, group: GroupFact, name: str
) -> Iterator[Opening | Closed]:
    """One visit for the whole group is rated once (收件时对窗口人员进行评价)."""
    for visit in cluster.visits:
        version = _in_force(book, visit.at)
        if isinstance(version, Closed):
            yield version
            continue
        rule = version.batch if name == "batch" else version.parallel
        if rule is not None and rule.visit:
            yield Opening(
                key=f"group:{group.id}/visit:{visit.number}/staff:{visit.staff}",
                node=Node.VISIT,
                targets=rule.visit,
                agency=_lead(cluster, group),
                version=book.number_of(version),
                rule=name,
                source=rule.source,
                opened_at=visit.at,
                group=group.id,
                visit_number=visit.number,
                staff=visit.staff,
            )


def _overall(
    book: Rulebook, version: Version, cluster: Cluster, group: GroupFact, plan: _Plan
) -> Iterator[Opening]:
    """总体评价: one rating, valid for every case of the group, once all are completed."""
    at, rule = cluster.completed_at, version.rule(plan.rule)
    if at is None or rule is None:
        return
    targets, staff = _with_staff(plan.completion, cluster.visits, at)
    if not targets:
        return
    yield Opening(
        key=f"group:{group.id}/completion",
        node=Node.COMPLETION,
        targets=targets,
        agency=_lead(cluster, group),
        version=book.number_of(version),
        rule=plan.rule,
        source=rule.source,
        opened_at=at,
        group=group.id,
        staff=staff,
    )


def _lead(cluster: Cluster, group: GroupFact) -> int:
    """牵头部门 (reading 21); the agency of the lowest case number where none was named."""
    if group.lead_agency is not None:
        return group.lead_agency
    return min(cluster.cases, key=lambda case: case.number).agency


def _by_mode(
    rule: str,
    completion: tuple[Target, ...],
    modes: frozenset[Mode],
    *,
    shared_visits: bool = False,
) -> _Plan:
    return _Plan(
        rule,
        completion,
        overall=Mode.OVERALL in modes,
        separate=Mode.SEPARATE in modes,
        shared_visits=shared_visits,
    )


def _with_staff(
    targets: tuple[Target, ...], visits: tuple[VisitFact, ...], at: datetime
) -> tuple[tuple[Target, ...], int | None]:
    """Who served last before completion is the 窗口人员 of it; nobody did: only the item."""
    if Target.STAFF not in targets:
        return targets, None
    served = [visit for visit in visits if visit.at <= at]
    if not served:
        return tuple(target for target in targets if target is not Target.STAFF), None
    return targets, max(served, key=lambda visit: (visit.at, visit.number)).staff
