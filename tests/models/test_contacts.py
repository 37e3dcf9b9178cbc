"""Whom a message reaches: the person who was there, by what the case names."""

from __future__ import annotations

import pytest

from models.cases.facts import GroupKind
from models.cases.reports import Agent, Applicant
from models.contacts import Contacts, contacts_of, contacts_of_rater
from models.keys import KeyFault
from models.ratings.submit import submit
from models.tables import Case, Evaluation, Invitation
from models.words import CaseKind, Node
from tests.models.ratings.said import rating
from tests.models.town import PHONE, Town, call, case, done, member, under

OTHER, THIRD = "+8613900139000", "+8613700137000"
MAIL = "wang@example.cn"
NAMELESS = Applicant(name="欧阳小明", identity="110101199003070134")


@pytest.mark.parametrize(
    ("applicant", "agent", "found"),
    [
        (Applicant(phone=PHONE, email=MAIL), None, Contacts(PHONE, MAIL)),
        (Applicant(phone=PHONE), Agent(name="李", phone=OTHER), Contacts(OTHER)),
        (Applicant(phone=PHONE), Agent(name="李"), Contacts(PHONE)),
        (NAMELESS, None, Contacts()),
    ],
)
async def test_of_a_case(
    town: Town, applicant: Applicant, agent: Agent | None, found: Contacts
) -> None:
    invitation = await town.invitation(case(applicant=applicant, agent=agent), done())
    assert await contacts_of(town.office, invitation) == found


async def test_of_a_call_the_caller(town: Town) -> None:
    invitation = await town.invitation(call(caller=OTHER), node=Node.CALL)
    assert await contacts_of(town.office, invitation) == Contacts(OTHER)


async def test_of_a_call_without_a_number_nobody(town: Town) -> None:
    invitation = await town.invitation(call(), node=Node.CALL)
    assert await contacts_of(town.office, invitation) == Contacts()


@pytest.mark.parametrize("call_first", [True, False])
async def test_of_a_case_that_the_hotline_handed_on_whoever_called(
    town: Town, call_first: bool
) -> None:
    """潮安第十四条: the number is often all that is known, and the call may be reported later."""
    handed_on = case(kind=CaseKind.TRANSFERRED, call="T1", applicant=NAMELESS)
    told = call("T1", caller=OTHER)
    await town.report(*((told, handed_on) if call_first else (handed_on, told)))
    invitation = await town.invitation(done())
    assert await contacts_of(town.office, invitation) == Contacts(OTHER)


async def test_a_call_of_that_number_elsewhere_is_somebody_elses(town: Town) -> None:
    """Who reports a case must not learn, through it, who called the neighbour's hotline."""
    handed_on = case(kind=CaseKind.TRANSFERRED, call="T1", applicant=NAMELESS)
    await town.report(call("T1", caller=OTHER), handed_on)
    invitation = await town.invitation(done())
    neighbour = town.stranger.region_id
    await Case.all().update(region_id=neighbour)
    assert await contacts_of(town.office, invitation) == Contacts()


@under("sanming")
async def test_of_a_group_the_first_that_names_anybody(town: Town) -> None:
    kind = GroupKind.PARALLEL
    people = (NAMELESS, Applicant(phone=OTHER), Applicant(phone=THIRD, email=MAIL))
    for place, applicant in enumerate(people, start=1):
        number = f"C{place}"
        await town.report(member(number, kind, place, size=3, applicant=applicant), done(number))
    whole = await Invitation.get(key="group:1/completion")
    assert await contacts_of(town.office, whole) == Contacts(OTHER, MAIL)


async def test_a_rater_by_their_own_number_before_the_cases(town: Town) -> None:
    invitation = await town.invitation(case(applicant=Applicant(phone=PHONE, email=MAIL)), done())
    said = rating(rater_name="李", rater_phone=OTHER)
    receipt = await submit(town.office, invitation, said)
    evaluation = await Evaluation.get(id=receipt.evaluation)
    assert await contacts_of_rater(town.office, evaluation) == Contacts(OTHER, MAIL)


async def test_a_rater_who_gave_none_by_the_cases(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    receipt = await submit(town.office, invitation, rating())
    evaluation = await Evaluation.get(id=receipt.evaluation)
    assert await contacts_of_rater(town.office, evaluation) == Contacts(PHONE)


async def test_what_was_sealed_with_a_lost_key_is_a_fault(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    await Case.all().update(applicant_phone="k0:AAAA")
    with pytest.raises(KeyFault):
        await contacts_of(town.office, invitation)
