"""What a rater whom an app knows may rate, and what they have rated."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from models.cases.persons import cases_of, invitations_of
from models.office import Office
from models.ratings.matching import rateable_at
from models.ratings.subject import Subject
from models.rulebooks.rulebook import Version
from models.tables import Call, Case, Evaluation, HeldReceipt, Invitation, Rater
from models.words import Ordinal

MOST: Final = 20
"""As many as a list shows."""


async def rateable_by(office: Office, rater: Rater) -> list[Invitation]:
    """Open invitations of the cases and calls that go by their checked phone or identity number,
    the newest first. None without one: nobody is shown another's cases."""
    if rater.phone_hash is None and rater.identity_hash is None:
        return []
    theirs = await invitations_of(rater.phone_hash, rater.identity_hash)
    now_open = theirs.filter(closed_at=None, until__gt=office.now())
    return await now_open.order_by("-opened_at", "-id").limit(MOST)


async def rateable_here(
    office: Office, rater: Rater, place: Subject, version: Version
) -> list[Invitation]:
    """Of their cases those that belong to the place of a static code, the oldest first."""
    cases = await cases_of(rater.phone_hash, rater.identity_hash)
    return await rateable_at(office, place, version, cases)


async def is_theirs(rater: Rater, invitation: Invitation) -> bool:
    """Whether the app has checked that it is about them."""
    if invitation.call_id is not None:
        call = await Call.get(id=invitation.call_id)
        return rater.phone_hash is not None and call.caller_hash == rater.phone_hash
    about = {"id": invitation.case_id} if invitation.case_id else {"group_id": invitation.group_id}
    return any(_goes_by(rater, case) for case in await Case.filter(**about))


async def hold(rater: Rater, evaluation: UUID) -> None:
    """In the transaction of the rating: its receipt is theirs."""
    row = HeldReceipt(rater_id=rater.id, evaluation_id=evaluation)
    await HeldReceipt.bulk_create([row], ignore_conflicts=True)


async def rated_by(rater: Rater, most: int = MOST) -> list[Evaluation]:
    """The newest first."""
    held = HeldReceipt.filter(rater=rater).order_by("-id").limit(most)
    return [each.evaluation async for each in held.select_related("evaluation__invitation")]


async def followable_by(office: Office, rater: Rater) -> list[Evaluation]:
    """First ratings of theirs that may still be added to, the newest first."""
    now: datetime = office.now()
    held = HeldReceipt.filter(
        rater=rater,
        evaluation__ordinal=int(Ordinal.FIRST),
        evaluation__invitation__follow_up_until__gt=now,
        evaluation__invitation__follow_up_closed_at=None,
    )
    found = held.order_by("-id").limit(MOST).select_related("evaluation__invitation")
    return [each.evaluation async for each in found]


def _goes_by(rater: Rater, case: Case) -> bool:
    phones = {case.phone_hash, case.agent_phone_hash} - {None}
    return rater.phone_hash in phones or (
        rater.identity_hash is not None and rater.identity_hash == case.identity_hash
    )
