"""What a rater whom an app knows may rate, and what they have rated."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from models.office import Office
from models.ratings.matching import rateable_at
from models.ratings.subject import Subject
from models.rulebooks.rulebook import Version
from models.tables import Call, Case, Evaluation, HeldReceipt, Invitation, Rater

MOST: Final = 20
"""As many as a list shows."""


async def rateable_by(office: Office, rater: Rater) -> list[Invitation]:
    """Open invitations of the cases and calls that go by their checked phone or identity number,
    the newest first. None without one: nobody is shown another's cases."""
    by_case = await _cases_of(rater)
    by_call = [] if rater.phone_hash is None else await Call.filter(caller_hash=rater.phone_hash)
    numbers = [call.number for call in by_call]
    handed_on = await Case.filter(call_number__in=numbers) if numbers else []
    cases = [*by_case, *handed_on]
    if not cases and not by_call:
        return []
    groups = {case.group_id for case in cases} - {None}
    return (
        await Invitation.filter(
            Q(case_id__in=[case.id for case in cases])
            | Q(group_id__in=list(groups))
            | Q(call_id__in=[call.id for call in by_call]),
            closed_at=None,
            until__gt=office.now(),
        )
        .order_by("-opened_at", "-id")
        .limit(MOST)
    )


async def rateable_here(
    office: Office, rater: Rater, place: Subject, version: Version
) -> list[Invitation]:
    """Of their cases those that belong to the place of a static code, the oldest first."""
    return await rateable_at(office, place, version, await _cases_of(rater))


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
        evaluation__ordinal=1,
        evaluation__invitation__follow_up_until__gt=now,
        evaluation__invitation__follow_up_closed_at=None,
    )
    found = held.order_by("-id").limit(MOST).select_related("evaluation__invitation")
    return [each.evaluation async for each in found]


async def _cases_of(rater: Rater) -> list[Case]:
    known = Q()
    if rater.phone_hash is not None:
        known |= Q(phone_hash=rater.phone_hash) | Q(agent_phone_hash=rater.phone_hash)
    if rater.identity_hash is not None:
        known |= Q(identity_hash=rater.identity_hash)
    if rater.phone_hash is None and rater.identity_hash is None:
        return []
    return await Case.filter(known)


def _goes_by(rater: Rater, case: Case) -> bool:
    phones = {case.phone_hash, case.agent_phone_hash} - {None}
    return rater.phone_hash in phones or (
        rater.identity_hash is not None and rater.identity_hash == case.identity_hash
    )
