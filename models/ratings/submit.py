"""The one way in: every channel ends here and has no rule of its own.

Facts are loaded, the decision is pure, and what it says is written in one transaction. Nobody waits
for a lock while deciding: the unique slots of the coverage let the first rating in, and whoever
comes second is told so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models.calendar.deadline import deadline
from models.office import Office
from models.ratings.decide import Given, decide
from models.ratings.given import Rating
from models.ratings.refusals import AlreadyRated
from models.ratings.store import sealed, store
from models.ratings.subject import Subject
from models.ratings.subjects import holders_of, subject_of
from models.refusals import Conflict
from models.rulebooks.rulebook import Version
from models.tables import Coverage, Evaluation, Invitation, WorkOrder
from models.words import Ordinal, Provenance


@dataclass(frozen=True, slots=True)
class Receipt:
    """回执. Answered means stored. `order`: the number of the work order, if one was opened."""

    evaluation: UUID
    order: int | None
    late: bool
    follow_up_until: datetime | None


async def submit(office: Office, invitation: Invitation, rating: Rating) -> Receipt:
    """Raises AlreadyRated, LinkExpired, LinkUnknown, Conflict and the other refusals of
    `decide`."""
    return await submit_on(office, await subject_of(invitation), rating)


async def submit_on(
    office: Office, subject: Subject, rating: Rating, ordinal: Ordinal = Ordinal.FIRST
) -> Receipt:
    """The same for a loaded subject: 综合点评 has no invitation, 追加评价 another ordinal."""
    version = office.shelf.book(subject.rulebook).version(subject.version)
    if rating.level in version.levels.negative:
        subject = replace(subject, holders=await holders_of(subject.agency))
    phone = rating.rater_phone
    given = Given(
        id=_time_ordered_id(office.now()),
        now=office.now(),
        rater_hash=office.keys.find(phone, "phone") if phone else None,
        ordinal=ordinal,
    )
    try:
        decision = decide(subject, rating, version, office.days, given)
        async with office.database.transaction():
            stored = await store(decision, sealed(office, rating))
    except (AlreadyRated, IntegrityError):
        return await _second(office, subject, rating, ordinal)
    return _receipt(office, stored.evaluation, version, stored.order)


async def _second(office: Office, subject: Subject, rating: Rating, ordinal: Ordinal) -> Receipt:
    """A slot is filled, whether before or while deciding: by this very submission, sent again, or
    by another one, which counts. Raises AlreadyRated, or Conflict where the submission's key was
    used for something else: a receipt of that would be taken for this one's."""
    version = office.shelf.book(subject.rulebook).version(subject.version)
    names = [slot.name for slot in subject.slots(ordinal, rating.submission)]
    if (same := await Evaluation.get_or_none(submission=rating.submission)) is not None:
        if not await Coverage.exists(evaluation=same, slot__in=names):
            raise Conflict("这个编号已用于另一次评价", field="submission")
        order = await WorkOrder.get_or_none(evaluation=same)
        return _receipt(office, same, version, order.id if order else None)
    filled = await Coverage.filter(slot__in=names).select_related("evaluation").first()
    if filled is None:
        raise RuntimeError("a rating was refused by the database for a reason nobody foresaw")
    first = filled.evaluation
    until = follow_up_until(first, version, office)
    again = Evaluation.filter(invitation_id=first.invitation_id, ordinal=Ordinal.FOLLOW_UP)
    if until is not None and await again.exists():
        until = None
    raise AlreadyRated(first.id, until)


def follow_up_until(first: Evaluation, version: Version, office: Office) -> datetime | None:
    """追加评价 runs from the first human rating (reading 19). None: not possible, or over."""
    human = first.provenance != Provenance.DEFAULT and first.ordinal == Ordinal.FIRST
    if version.follow_up is None or not human or first.invitation_id is None:
        return None
    until = deadline(first.at, version.follow_up.within, office.days).due
    return until if office.now() < until else None


def _receipt(
    office: Office, evaluation: Evaluation, version: Version, order: int | None
) -> Receipt:
    return Receipt(
        evaluation=evaluation.id,
        order=order,
        late=evaluation.late,
        follow_up_until=follow_up_until(evaluation, version, office),
    )


def _time_ordered_id(now: datetime) -> UUID:
    """UUID version 7 (RFC 9562): known before the row is written, and in the order of time."""
    milliseconds = int(now.timestamp() * 1000)
    value = milliseconds << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 7 << 76
    return UUID(int=value & ~(0b11 << 62) | 0b10 << 62)
