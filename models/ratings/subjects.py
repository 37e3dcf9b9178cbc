"""Loading what a rating is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.directory.regions import chain
from models.orders.opening import Holders
from models.ratings.subject import Covered, Subject
from models.rulebooks.conduct_rules import RealNameMode
from models.rulebooks.rulebook import Version
from models.tables import (
    Agency,
    Case,
    Coverage,
    Hall,
    Invitation,
    Platform,
    Region,
    StaticCode,
    Window,
)
from models.words import Closing, Node, Ordinal, Target


async def subject_of(invitation: Invitation, ordinal: Ordinal = Ordinal.FIRST) -> Subject:
    cases = await _cases(invitation)
    subject = replace(
        covering(invitation, cases),
        visit_number=invitation.visit_number,
        call=invitation.call_id,
        timely_until=invitation.timely_until,
        until=invitation.until,
        silent=invitation.silence is not None,
        superseded=invitation.closed_why == Closing.SUPERSEDED,
        named=bool(cases) and all(_named(case) for case in cases),
        overlapping=await _overlapping(invitation, cases),
    )
    names = [slot.name for slot in subject.slots(ordinal, "")]
    filled = await Coverage.filter(slot__in=names)
    return replace(subject, taken={row.slot: row.evaluation_id for row in filled})


def covering(invitation: Invitation, cases: Sequence[Case]) -> Subject:
    """What is rated, without what only a person's rating needs to know."""
    return Subject(
        region=invitation.region_id,
        rulebook=invitation.rulebook,
        version=invitation.version,
        targets=tuple(Target(target) for target in invitation.targets),
        agency=invitation.agency_id,
        invitation=invitation.id,
        node=Node(invitation.node),
        rule=invitation.rule,
        covers=tuple(Covered(case.id, case.agency_id, case.item_id) for case in cases),
        staff=invitation.staff_id,
    )


async def whole_subject(code: StaticCode, rulebook: str, version: int) -> Subject:
    """综合点评 at a static code: the agency behind a window, the hall, or the terminal."""
    whole = Subject(region=0, rulebook=rulebook, version=version, targets=(), agency=0)
    if code.window_id is not None:
        window = await Window.get(id=code.window_id).select_related("hall")
        return replace(
            whole,
            region=window.hall.region_id,
            targets=(Target.AGENCY,),
            agency=window.agency_id,
            hall=window.hall_id,
        )
    if code.hall_id is not None:
        hall = await Hall.get(id=code.hall_id)
        return replace(
            whole,
            region=hall.region_id,
            targets=(Target.HALL,),
            agency=hall.agency_id,
            hall=hall.id,
        )
    platform = await Platform.get(id=code.platform_id)
    return replace(
        whole,
        region=platform.region_id,
        targets=(Target.PLATFORM,),
        agency=platform.agency_id,
        platform=platform.id,
    )


def takes_reviews(version: Version, targets: tuple[Target, ...]) -> bool:
    """Where the real name is required, what is said with no case is an opinion (reading 23); so,
    too, where the text knows no 综合点评 of it."""
    rule, name = version.overall_review, version.real_name
    if rule is None or (name is not None and name.mode is RealNameMode.REQUIRED):
        return False
    return set(targets) <= set(rule.targets)


async def holders_of(agency_id: int) -> Holders:
    """Who could receive an order about the agency: of each party the nearest, region by region."""
    agency = await Agency.get(id=agency_id)
    regions = await chain(agency.region_id)
    nearness = {region.id: distance for distance, region in enumerate(regions)}
    found: dict[str, Agency] = {}
    parties = await Agency.filter(region_id__in=nearness, party__in=["bureau", "district"])
    for each in sorted(parties, key=lambda each: (nearness[each.region_id], each.id)):
        found.setdefault(each.party, each)
    own = {each.party for each in parties if each.region_id == agency.region_id}
    return Holders(
        agency=agency_id,
        bureau=found["bureau"].id if "bureau" in found else None,
        district=found["district"].id if "district" in found else None,
        municipal=_municipal(regions) and "district" not in own,
    )


def _municipal(regions: list[Region]) -> bool:
    """Nothing above the region goes by the same rulebook. A district may name the city's rulebook
    itself instead of having it from above, and is a district all the same."""
    books = [region.rulebook for region in regions if region.rulebook]
    return bool(books) and regions[0].rulebook == books[0] and books[0] not in books[1:]


async def _cases(invitation: Invitation) -> list[Case]:
    if invitation.group_id is not None:
        return await Case.filter(group_id=invitation.group_id).order_by("number")
    if invitation.case_id is not None:
        return await Case.filter(id=invitation.case_id)
    return []


async def _overlapping(invitation: Invitation, cases: list[Case]) -> tuple[int, ...]:
    """总体评价 and 分别评价 of one group lead into the same slots."""
    if invitation.node != Node.COMPLETION or not cases or cases[0].group_id is None:
        return ()
    others = Invitation.filter(node=invitation.node, closed_at=None).exclude(id=invitation.id)
    if invitation.group_id is not None:
        others = others.filter(case_id__in=[case.id for case in cases])
    else:
        others = others.filter(group_id=cases[0].group_id)
    return tuple([each.id for each in await others])


def _named(case: Case) -> bool:
    """实名: a name with a number to it, the applicant's or the agent's (代理人)."""
    applicant = case.applicant_name and (case.applicant_phone or case.applicant_identity)
    return bool(applicant or (case.agent_name and case.agent_phone))
