"""The one way in: every channel ends here and has no rule of its own.

Facts are loaded, the decision is pure, and what it says is written in one transaction. Nobody waits
for a lock while deciding: the unique slots of the coverage let the first rating in, and whoever
comes second is told so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models.calendar.deadline import deadline
from models.office import Office
from models.ratings.decide import Given, decide
from models.ratings.given import Rating
from models.ratings.ids import time_ordered_id
from models.ratings.refusals import AlreadyRated
from models.ratings.store import Silenced, Stored, sealed, store
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


async def submit(
    office: Office, invitation: Invitation, rating: Rating, *, keyed_by: str | None = None
) -> Receipt:
    """Raises AlreadyRated, LinkExpired, LinkUnknown, Conflict and the other refusals of
    `decide`. `keyed_by`: who keyed it in for the person."""
    return await submit_on(office, await subject_of(invitation), rating, keyed_by=keyed_by)


async def submit_on(
    office: Office,
    subject: Subject,
    rating: Rating,
    ordinal: Ordinal = Ordinal.FIRST,
    *,
    keyed_by: str | None = None,
) -> Receipt:
    """The same for a loaded subject: 综合点评 has no invitation, 追加评价 another ordinal."""
    version = office.shelf.book(subject.rulebook).version(subject.version)
    if rating.level in version.levels.negative:
        subject = replace(subject, holders=await holders_of(subject.agency))
    phone = rating.rater_phone
    given = Given(
        id=time_ordered_id(office.now()),
        now=office.now(),
        rater_hash=office.keys.find(phone, "phone") if phone else None,
        ordinal=ordinal,
        keyed_by=keyed_by,
    )
    try:
        stored = await _stored(office, subject, rating, given)
    except (AlreadyRated, IntegrityError):
        return await _second(office, subject, rating, ordinal)
    return _receipt(office, stored.evaluation, version, stored.order)


async def _stored(office: Office, subject: Subject, rating: Rating, given: Given) -> Stored:
    version = office.shelf.book(subject.rulebook).version(subject.version)
    decision = decide(subject, rating, version, office.days, given)
    try:
        async with office.database.transaction():
            return await store(decision, sealed(office, rating))
    except Silenced:
        # The silence was recorded while this was decided: it stands, and the rating is late.
        return await _stored(office, replace(subject, silent=True), rating, given)


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
