"""静态二维码 tells no case: the person names it by phone and last digits (reading 23)."""

from __future__ import annotations

from typing import Final

from tortoise.expressions import Q

from models.calendar.beijing import beijing_date
from models.cases.persons import cases_of
from models.directory.regions import ids_within
from models.office import Office
from models.ratings.subject import Subject
from models.rulebooks.rulebook import Version
from models.tables import Case, Completion, Invitation, Visit

DIGITS: Final = 4
"""How much of the case number is asked for."""


async def match(
    office: Office, place: Subject, version: Version, phone: str, digits: str
) -> list[Invitation]:
    """`rateable_at` for whoever names the phone and the last digits of their case. `place`: what
    the code stands for, as `whole_subject` has it; `phone` in E.164; `digits` exactly the last
    DIGITS characters."""
    if len(digits) != DIGITS:
        raise ValueError(f"the last {DIGITS} characters are asked for")
    known_by = office.keys.find(phone, "phone")
    cases = [
        case
        for case in await cases_of(known_by)
        if case.number[-DIGITS:].casefold() == digits.casefold()
    ]
    return await rateable_at(office, place, version, cases)


async def rateable_at(
    office: Office, place: Subject, version: Version, cases: list[Case]
) -> list[Invitation]:
    """Open invitations of the cases, the oldest first.

    A case is the place's if its region is, or if it was brought to a window of the place's hall:
    a district's hall takes in applications for the city's agencies too.
    """
    if not cases:
        return []
    within = await ids_within(place.region)
    here = await _brought_here(place, cases)
    cases = [case for case in cases if case.region_id in within or case.number in here]
    if version.real_name is not None and version.real_name.static_code_same_day:
        cases = await _of_today(office, cases)
    groups = {case.group_id for case in cases} - {None}
    return await Invitation.filter(
        Q(case_id__in=[case.id for case in cases]) | Q(group_id__in=list(groups)),
        rulebook=place.rulebook,
        closed_at=None,
        until__gt=office.now(),
    ).order_by("opened_at", "id")


async def _brought_here(place: Subject, cases: list[Case]) -> set[str]:
    if place.hall is None:
        return set()
    visits = await Visit.filter(
        case_number__in=[case.number for case in cases], window__hall_id=place.hall
    )
    return {visit.case_number for visit in visits}


async def _of_today(office: Office, cases: list[Case]) -> list[Case]:
    """当日办件: visited or completed on this day in Beijing."""
    numbers = [case.number for case in cases]
    moments = [
        *await Visit.filter(case_number__in=numbers).values_list("case_number", "at"),
        *await Completion.filter(case_number__in=numbers).values_list("case_number", "at"),
    ]
    today = beijing_date(office.now())
    served = {number for number, at in moments if beijing_date(at) == today}
    return [case for case in cases if case.number in served]
