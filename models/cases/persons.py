"""Whose cases and calls they are, by the keyed hash of a phone or an identity number."""

from __future__ import annotations

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.tables import Call, Case, Invitation


async def cases_of(phone_hash: str | None, identity_hash: str | None = None) -> list[Case]:
    """The applicant's, and by phone the agent's (代理人)."""
    known = Q()
    if phone_hash is not None:
        known |= Q(phone_hash=phone_hash) | Q(agent_phone_hash=phone_hash)
    if identity_hash is not None:
        known |= Q(identity_hash=identity_hash)
    if phone_hash is None and identity_hash is None:
        return []
    return await Case.filter(known)


async def invitations_of(
    phone_hash: str | None, identity_hash: str | None = None
) -> QuerySet[Invitation]:
    """Of their cases and groups, of their calls, and of the cases that came of these (转办件)."""
    calls = [] if phone_hash is None else await Call.filter(caller_hash=phone_hash)
    numbers = [call.number for call in calls]
    handed_on = await Case.filter(call_number__in=numbers) if numbers else []
    cases = [*await cases_of(phone_hash, identity_hash), *handed_on]
    groups = {case.group_id for case in cases} - {None}
    return Invitation.filter(
        Q(case_id__in=[case.id for case in cases])
        | Q(group_id__in=list(groups))
        | Q(call_id__in=[call.id for call in calls])
    )
