"""订阅: which notices may be pushed to whom. A one-time consent is one message, a lasting one is
never used up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tortoise.expressions import Q

from models.tables import Attempt, Consent, Notice, Rater


async def consented(rater: Rater, kind: str, once: str, *, lasting: bool, at: datetime) -> None:
    """`kind`: of the notice. `once`, at most 64 characters, makes it this consent and no second
    one, however often it is told."""
    row = Consent(rater_id=rater.id, kind=kind, once=once, lasting=lasting, given_at=at)
    await Consent.bulk_create([row], ignore_conflicts=True)


async def withdraw(rater: Rater, kind: str, at: datetime) -> None:
    """They want no more of it, or the platform knows of no consent (43101). What they have
    consented to since stands: news of the two come in any order."""
    given = Consent.filter(rater_id=rater.id, kind=kind, ended_at=None, given_at__lte=at)
    await given.update(ended_at=at)


async def consenting(raters: Iterable[Rater], notice: Notice) -> set[int]:
    """The ids of those whom the notice may be sent to: by a consent that nothing has used, or that
    this notice has."""
    consents = Consent.filter(
        Q(used_by_id=None) | Q(used_by_id=notice.id),
        rater_id__in=[rater.id for rater in raters],
        kind=notice.kind,
        ended_at=None,
    )
    return {each.rater_id async for each in consents}


async def spend(notice: Notice, rater: Rater) -> bool:
    """Whether the notice may be sent to them. A one-time consent is used up by it then, the same
    one however often it is tried; of two notices that want the last one, one gets it."""
    theirs = Consent.filter(rater_id=rater.id, kind=notice.kind, ended_at=None)
    if await theirs.filter(Q(lasting=True) | Q(used_by_id=notice.id)).exists():
        return True
    unused = theirs.filter(used_by_id=None).order_by("id")
    while (consent := await unused.first()) is not None:
        # Compare and set: another process may have been faster.
        if await theirs.filter(id=consent.id, used_by_id=None).update(used_by_id=notice.id):
            return True
    return False


async def has_one(notice: Notice) -> bool:
    """Whether a one-time consent is used up by it."""
    return await Consent.exists(used_by_id=notice.id)


async def give_back(notice: Notice) -> None:
    """The notice goes no more by an app: what it was to use is free again. Not so where it was
    taken and then lost: the platform counts what it takes, not what arrives."""
    if await Attempt.exists(notice_id=notice.id, taken=True):
        return
    await Consent.filter(used_by_id=notice.id).update(used_by_id=None)
