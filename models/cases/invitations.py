"""Invitations as rows: what the facts open, compared with what is stored.

Run inside the transaction that stored the fact, under its locks. What has been rated stays as it
was; what the facts no longer open is closed as superseded, and opens again if they do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.cases.facts import CaseFact, Cluster, GroupFact, GroupKind, VisitFact
from models.cases.openings import Closed, Opening
from models.cases.rateable import Rateable, rateable, rateable_call
from models.cases.terms import terms
from models.directory.regions import rulebook_name
from models.links import fresh_nonce
from models.notices import invitation_by_sms
from models.office import Office
from models.refusals import Invalid
from models.rulebooks.rulebook import Rulebook
from models.tables import Agency, Call, Case, CaseGroup, Completion, Invitation, Visit
from models.words import CaseKind, Closing, Handling, Node

Reconciled = tuple[tuple[Invitation, ...], tuple[Closed, ...]]


async def reconcile_case(office: Office, case: Case) -> Reconciled:
    """The invitations of the case and of its group, after the facts as stored."""
    cluster = await load_cluster(case)
    book = await book_of_cluster(office, case, cluster)
    decided = rateable(book, cluster)
    stored = await Invitation.filter(case_id__in=[each.id for each in cluster.cases])
    if cluster.group is not None:
        stored += await Invitation.filter(group_id=cluster.group.id)
    kept = await _store(office, book, await _regions(case, decided), decided, stored)
    for invitation in kept:
        if invitation.case_id is None or invitation.case_id == case.id:
            await invitation_by_sms(office, book, invitation, case)
    mine = [each for each in kept if each.case_id in (None, case.id)]
    return tuple(mine), decided.closed


async def seen_case(office: Office, case: Case) -> Reconciled:
    """The same as they stand, changing nothing."""
    cluster = await load_cluster(case)
    decided = rateable(await book_of_cluster(office, case, cluster), cluster)
    stored = await Invitation.filter(case_id=case.id).order_by("id")
    if case.group_id is not None:
        stored += await Invitation.filter(group_id=case.group_id).order_by("id")
    return tuple(stored), decided.closed


async def reconcile_call(office: Office, call: Call) -> Reconciled:
    book = await book_of(office, call.region_id)
    staff = await call.staff
    decided = rateable_call(book, call.id, call.ended_at, staff.agency_id, staff.id)
    stored = await Invitation.filter(call_id=call.id)
    kept = await _store(office, book, {staff.agency_id: call.region_id}, decided, stored)
    return tuple(kept), decided.closed


async def book_of(office: Office, region_id: int) -> Rulebook:
    """Raises Invalid where no rulebook covers the region."""
    name = await rulebook_name(region_id)
    if name is None:
        raise Invalid("办件所在地区及其上级地区都没有指定规则书", field="agency")
    return office.shelf.book(name)


async def book_of_cluster(office: Office, case: Case, cluster: Cluster) -> Rulebook:
    """A group is judged by one rulebook, that of its lead department, whichever of its cases was
    reported last. Raises Invalid where no rulebook covers its region."""
    if cluster.group is None:
        return await book_of(office, case.region_id)
    lead = await Agency.get(id=cluster.lead)
    if await rulebook_name(lead.region_id) is None:
        # A province that leads and has no rulebook of its own.
        lead = await Agency.get(id=cluster.first.agency)
    return await book_of(office, lead.region_id)


async def _regions(case: Case, decided: Rateable) -> dict[int, int]:
    """By agency: of a group that reaches across regions, each invitation is in its agency's."""
    if case.group_id is None:
        return {case.agency_id: case.region_id}
    agencies = {opening.agency for opening in decided.openings}
    return {each.id: each.region_id for each in await Agency.filter(id__in=agencies)}


async def load_cluster(case: Case) -> Cluster:
    if case.group_id is None:
        cases, group = [case], None
    else:
        cases = await Case.filter(group_id=case.group_id).order_by("number")
        row = await CaseGroup.get(id=case.group_id)
        group = GroupFact(row.id, GroupKind(row.kind), row.size, row.lead_agency_id)
    numbers = [each.number for each in cases]
    visits: dict[str, list[VisitFact]] = {number: [] for number in numbers}
    for visit in await Visit.filter(case_number__in=numbers).order_by("number"):
        visits[visit.case_number].append(VisitFact(visit.number, visit.at, visit.staff_id))
    completions = {
        each.case_number: each.at for each in await Completion.filter(case_number__in=numbers)
    }
    facts = tuple(
        CaseFact(
            id=each.id,
            number=each.number,
            kind=CaseKind(each.kind),
            handling=Handling(each.handling),
            agency=each.agency_id,
            visits=tuple(visits[each.number]),
            completed_at=completions.get(each.number),
        )
        for each in cases
    )
    return Cluster(facts, group)


async def _store(
    office: Office,
    book: Rulebook,
    regions: Mapping[int, int],
    decided: Rateable,
    stored: list[Invitation],
) -> list[Invitation]:
    by_key = {invitation.key: invitation for invitation in stored}
    one_by_one = any(_rated_by_itself(invitation) for invitation in stored)
    kept: list[Invitation] = []
    for opening in decided.openings:
        if one_by_one and _overall(opening) and opening.key not in by_key:
            # 分别评价 has begun before the last case was completed: 总体评价 comes too late.
            continue
        columns = _columns(office, book, regions[opening.agency], opening)
        invitation = by_key.pop(opening.key, None)
        if invitation is None:
            invitation = await Invitation.create(key=opening.key, nonce=fresh_nonce(), **columns)
        elif invitation.closed_why in (None, Closing.SUPERSEDED):
            await _update(invitation, {**columns, "closed_at": None, "closed_why": None})
        kept.append(invitation)
    for leftover in by_key.values():
        if leftover.closed_at is None:
            # Unless it has been rated since it was read: that is no longer undone.
            await Invitation.filter(id=leftover.id, closed_at=None).update(
                closed_at=office.now(), closed_why=Closing.SUPERSEDED
            )
    return kept


def _rated_by_itself(invitation: Invitation) -> bool:
    completed = invitation.node == Node.COMPLETION and invitation.case_id is not None
    return completed and invitation.closed_why == Closing.RATED


def _overall(opening: Opening) -> bool:
    return opening.node is Node.COMPLETION and opening.group is not None


async def _update(invitation: Invitation, columns: dict[str, Any]) -> None:
    changed = [name for name, value in columns.items() if getattr(invitation, name) != value]
    if changed:
        invitation.update_from_dict({name: columns[name] for name in changed})
        await invitation.save(update_fields=changed)


def _columns(office: Office, book: Rulebook, region_id: int, opening: Opening) -> dict[str, Any]:
    version = book.version(opening.version)
    times = terms(version, opening.node, opening.opened_at, office.days)
    return {
        "rulebook": book.name,
        "version": opening.version,
        "node": opening.node.value,
        "targets": [target.value for target in opening.targets],
        "region_id": region_id,
        "agency_id": opening.agency,
        "case_id": opening.case,
        "group_id": opening.group,
        "call_id": opening.call,
        "visit_number": opening.visit_number,
        "staff_id": opening.staff,
        "rule": opening.rule,
        "source": opening.source,
        "opened_at": opening.opened_at,
        "timely_until": times.timely_until,
        "provisional": times.provisional,
        "until": times.until,
        "remind_at": times.remind_at,
    }
