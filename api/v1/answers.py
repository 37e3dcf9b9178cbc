"""What the integration API answers. Never a name, a number or an address of a citizen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from models.cases.openings import Closed
from models.cases.received import Taken
from models.cases.shown import shown
from models.office import Office
from models.tables import (
    Coverage,
    Evaluation,
    Invitation,
    LedgerLeaf,
    OrderDeadline,
    OrderEvent,
    WorkOrder,
)
from models.words import Level, Node, Ordinal, Target


class QrCode(BaseModel):
    svg: str
    png: str


class Subject(BaseModel):
    """What the page shows."""

    title: str
    agency: str
    cases: list[str]
    items: list[str]
    staff: str | None
    window: str | None
    group: str | None


class InvitationAnswer(BaseModel):
    """`from`, `until`: while the link holds. `timely_until`: what comes later is late; null where
    the rulebook knows no end. `provisional`: it rests on a year whose holidays are not known."""

    targets: list[Target]
    node: Node
    visit: int | None
    subject: Subject
    rulebook: str
    version: int
    rule: str
    source: str
    link: str
    qr: QrCode
    opened_from: datetime
    until: datetime
    timely_until: datetime | None
    provisional: bool
    remind_at: datetime | None
    reminded_at: datetime | None
    silence: str | None
    """What was made of it when nobody had rated in time: default, unrated, one_by_one."""
    follow_up_until: datetime | None
    state: str


class ClosedAnswer(BaseModel):
    """Why nothing may be rated here."""

    code: str
    source: str
    detail: str


class TakenAnswer(BaseModel):
    """`held`: the case is not reported yet; the event is kept and counts when it is."""

    fresh: bool
    held: bool
    invitations: list[InvitationAnswer]
    not_rated: list[ClosedAnswer]


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


class DeadlineAnswer(BaseModel):
    order: int
    kind: str
    source: str
    started_at: datetime
    due_at: datetime
    provisional: bool
    met_at: datetime | None


class OrderEventAnswer(BaseModel):
    sequence: int
    kind: str
    at: datetime
    actor: str


class OrderAnswer(BaseModel):
    number: int
    state: str
    evaluation: UUID
    agency: str
    holder: str | None
    copied_to: list[str]
    opened_at: datetime
    received_at: datetime | None
    deadlines: list[DeadlineAnswer]
    events: list[OrderEventAnswer]


async def taken_answer(office: Office, base_url: str, taken: Taken) -> TakenAnswer:
    return TakenAnswer(
        fresh=taken.fresh,
        held=taken.held,
        invitations=[await invitation_answer(office, base_url, one) for one in taken.invitations],
        not_rated=closed_answers(taken.closed),
    )


def closed_answers(closed: Sequence[Closed]) -> list[ClosedAnswer]:
    return [ClosedAnswer(code=each.code, source=each.source, detail=each.detail) for each in closed]


async def invitation_answer(
    office: Office, base_url: str, invitation: Invitation
) -> InvitationAnswer:
    seen = await shown(invitation)
    link = f"{base_url}/r/{office.links.rating(invitation.nonce)}"
    return InvitationAnswer(
        targets=[Target(target) for target in invitation.targets],
        node=Node(invitation.node),
        visit=invitation.visit_number,
        subject=Subject(
            title=seen.title,
            agency=seen.agency,
            cases=[number for number, _ in seen.cases],
            items=[item for _, item in seen.cases],
            staff=seen.staff,
            window=seen.window,
            group=seen.group,
        ),
        rulebook=invitation.rulebook,
        version=invitation.version,
        rule=invitation.rule,
        source=invitation.source,
        link=link,
        qr=QrCode(svg=f"{link}/qr.svg", png=f"{link}/qr.png"),
        opened_from=invitation.opened_at,
        until=invitation.until,
        timely_until=invitation.timely_until,
        provisional=invitation.provisional,
        remind_at=invitation.remind_at,
        reminded_at=invitation.reminded_at,
        silence=invitation.silence,
        follow_up_until=invitation.follow_up_until,
        state=_state(office, invitation),
    )


def _state(office: Office, invitation: Invitation) -> str:
    if invitation.closed_why is not None:
        return invitation.closed_why
    return "open" if office.now() < invitation.until else "expired"


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


def deadline_answer(row: OrderDeadline) -> DeadlineAnswer:
    return DeadlineAnswer(
        order=row.order_id,
        kind=row.kind,
        source=row.source,
        started_at=row.started_at,
        due_at=row.due_at,
        provisional=row.provisional,
        met_at=row.met_at,
    )


async def order_answer(order: WorkOrder, names: dict[int, str]) -> OrderAnswer:
    """`names`: codes of agencies by id."""
    deadlines = await OrderDeadline.filter(order=order).order_by("due_at", "kind")
    events = await OrderEvent.filter(order=order).order_by("sequence")
    return OrderAnswer(
        number=order.id,
        state=order.state,
        evaluation=order.evaluation_id,
        agency=names[order.agency_id],
        holder=names.get(order.holder_id) if order.holder_id else None,
        copied_to=[names[each] for each in order.copied_to],
        opened_at=order.opened_at,
        received_at=order.received_at,
        deadlines=[deadline_answer(row) for row in deadlines],
        events=[
            OrderEventAnswer(sequence=each.sequence, kind=each.kind, at=each.at, actor=each.actor)
            for each in events
        ],
    )
