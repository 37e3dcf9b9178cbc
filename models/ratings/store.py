"""Writing what was decided: plain rows, one transaction, nothing decided here."""

from __future__ import annotations

from dataclasses import dataclass

from tortoise.expressions import Q

from models.notices import notice, put, put_thanks
from models.office import Office
from models.orders.opening import NewOrder
from models.orders.rows import deadline_rows, event_row, stands
from models.ratings.decide import Decision
from models.ratings.given import Rating
from models.tables import (
    Coverage,
    Evaluation,
    Invitation,
    LedgerLeaf,
    OrderDeadline,
    OrderEvent,
    WorkOrder,
)
from models.words import Closing, Ordinal


@dataclass(frozen=True, slots=True)
class Sealed:
    """The rater's own data, as columns."""

    rater_name: str | None
    rater_phone: str | None


def sealed(office: Office, rating: Rating) -> Sealed:
    name, phone = rating.rater_name, rating.rater_phone
    return Sealed(
        office.keys.seal(name, "evaluation.rater_name") if name else None,
        office.keys.seal(phone, "evaluation.rater_phone") if phone else None,
    )


@dataclass(frozen=True, slots=True)
class Stored:
    evaluation: Evaluation
    order: int | None


class Silenced(Exception):
    """The silence of the invitation was recorded after this rating was decided to be in time."""


async def store(decision: Decision, personal: Sealed) -> Stored:
    """Inside a transaction.

    Raises IntegrityError where another rating was faster: the slots are unique. Raises Silenced.
    """
    if decision.evaluation["ordinal"] == Ordinal.FIRST:
        await _close_invitations(decision)
    else:
        await _close_follow_up(decision)
    evaluation = await Evaluation.create(
        **decision.evaluation,
        rater_name=personal.rater_name,
        rater_phone=personal.rater_phone,
    )
    await Coverage.bulk_create([Coverage(**row) for row in decision.coverage])
    await LedgerLeaf.create(**decision.leaf)
    new = decision.order
    order = await _open_order(decision, new, evaluation) if new is not None else None
    await put_thanks(evaluation, order)
    return Stored(evaluation, order)


async def _close_invitations(decision: Decision) -> None:
    """First of all: it holds the row against the sweep that records the silence."""
    subject, evaluation = decision.subject, decision.evaluation
    if subject.invitation is None:
        return
    if subject.overlapping:
        # In one order, or two raters of overlapping invitations wait for each other.
        ids = [subject.invitation, *subject.overlapping]
        await Invitation.filter(id__in=ids).order_by("id").select_for_update().only("id")
    # Decided in time, its link ended while it was stored: what was said counts.
    mine = Invitation.filter(
        Q(closed_at=None) | Q(closed_why=Closing.EXPIRED.value), id=subject.invitation
    )
    closed = await (mine if evaluation["late"] else mine.filter(silence=None)).update(
        closed_at=evaluation["at"],
        closed_why=Closing.RATED,
        follow_up_until=decision.follow_up_until,
    )
    if not closed and await mine.exists():
        raise Silenced
    if subject.overlapping:
        await Invitation.filter(id__in=subject.overlapping, closed_at=None).update(
            closed_at=evaluation["at"], closed_why=Closing.RATED_OTHERWISE
        )


async def _close_follow_up(decision: Decision) -> None:
    await Invitation.filter(id=decision.subject.invitation, follow_up_closed_at=None).update(
        follow_up_closed_at=decision.evaluation["at"]
    )


async def _open_order(decision: Decision, new: NewOrder, evaluation: Evaluation) -> int:
    subject = decision.subject
    order = await WorkOrder.create(
        evaluation=evaluation,
        region_id=subject.region,
        agency_id=subject.agency,
        copied_to=list(subject.copied_to),
        rulebook=subject.rulebook,
        version=subject.version,
        opened_at=evaluation.at,
        **stands(new.standing, new.clocks),
    )
    await OrderEvent.bulk_create(
        [event_row(order.id, number, each) for number, each in enumerate(new.events, 1)]
    )
    await OrderDeadline.bulk_create(deadline_rows(order.id, new.clocks))
    await _complain(order, evaluation)
    number: int = order.id
    return number


async def _complain(order: WorkOrder, evaluation: Evaluation) -> None:
    """推送: what was said and by when, never who said it. To the holder; agencies that took part,
    and the one that verifies together with the bureau, are told too."""
    told = dict.fromkeys([order.holder_id, *filter(None, [order.handler_id])], "complaint")
    told |= {agency: "complaint_copy" for agency in order.copied_to if agency not in told}
    await put(
        notice(
            kind,
            f"{order.id}:{agency_id or 'nobody'}",
            {"order": order.id},
            now=evaluation.at,
            agency=agency_id,
        )
        for agency_id, kind in told.items()
    )
