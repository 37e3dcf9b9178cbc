"""What an entry keyed in by staff is about: the invitation of a case, or a place with no case."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tortoise.expressions import Q

from models.directory.lookup import Lookup
from models.directory.regions import rulebook_name
from models.office import Office
from models.ratings.subject import Subject
from models.ratings.subjects import subject_of, takes_reviews, whole_subject
from models.refusals import Invalid, UnknownReference
from models.rulebooks.rulebook import NotInForce
from models.tables import Case, Invitation, StaticCode, Visit
from models.words import Closing, Node, Target


@dataclass(frozen=True, slots=True)
class About:
    """`subject` is None where the rules take no rating without a case: it is an opinion then."""

    region: int
    agency: int
    subject: Subject | None
    numbers: tuple[str, ...] = ()
    """Of the cases covered."""
    window: int | None = None


async def about_case(lookup: Lookup, number: str, visit: int | None, *, rated: bool) -> About:
    """`rated`: else an opinion beside the case. Raises UnknownReference, Forbidden, Invalid."""
    case = await Case.get_or_none(number=number)
    if case is None:
        raise UnknownReference(f"没有编号为“{number}”的办件", field="case")
    await lookup.must_own(case.region_id, field="case")
    if not rated:
        return About(case.region_id, case.agency_id, None, (case.number,))
    subject = await subject_of(await _invitation(case, visit))
    ids = [covered.case for covered in subject.covers]
    numbers = await Case.filter(id__in=ids).values_list("number", flat=True)
    return About(case.region_id, case.agency_id, subject, tuple(map(str, numbers)))


async def _invitation(case: Case, visit: int | None) -> Invitation:
    """The case's own before that of its group, an open one before one that is closed."""
    mine = Q(case_id=case.id)
    if case.group_id is not None:
        mine |= Q(group_id=case.group_id)
    found = Invitation.filter(mine)
    if visit is None:
        found = found.filter(node=Node.COMPLETION.value)
    else:
        served = await Visit.get_or_none(case_number=case.number, number=visit)
        if served is None:
            raise UnknownReference("这个办件没有这一次到窗口的记录", field="visit")
        found = found.filter(node=Node.VISIT.value, visit_number=visit, staff_id=served.staff_id)
    left = [each for each in await found if each.closed_why != Closing.SUPERSEDED]
    if not left:
        raise Invalid("这个办件在此环节没有可以评价的事项", field="visit" if visit else "case")
    return min(left, key=lambda each: (each.closed_at is not None, each.case_id is None, each.id))


async def about_place(
    office: Office,
    lookup: Lookup,
    *,
    window: str | None,
    hall: str | None,
    platform: str | None,
    agency: str | None,
) -> About:
    """综合点评 of one of the four. Raises UnknownReference, Forbidden, Invalid."""
    at_window = None
    if agency is not None:
        rated = await lookup.agency(agency, "agency")
        bare = Subject(
            region=rated.region_id,
            rulebook="",
            version=0,
            targets=(Target.AGENCY,),
            agency=rated.id,
        )
    else:
        # What a static code there would stand for; none needs to be printed.
        place = StaticCode()
        if window is not None:
            place.window_id = at_window = (await lookup.window(window, "window")).id
        elif hall is not None:
            place.hall_id = (await lookup.hall(hall, "hall")).id
        else:
            place.platform_id = (await lookup.platform(platform or "", "platform")).id
        bare = await whole_subject(place, "", 0)
    name = await rulebook_name(bare.region)
    if name is None:
        raise Invalid("所在地区及其上级地区都没有指定规则书")
    book = office.shelf.book(name)
    try:
        version = book.version_at(office.now())
    except NotInForce:
        raise Invalid("所在地区还没有开通“好差评”") from None
    subject = replace(bare, rulebook=book.name, version=book.number_of(version))
    takes = takes_reviews(version, bare.targets)
    return About(bare.region, bare.agency, subject if takes else None, window=at_window)
