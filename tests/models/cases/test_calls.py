"""The case a call was about: handed on from it, or only named by it."""

from __future__ import annotations

from typing import Any

import pytest

from models.cases.reports import Applicant, CallReport, CaseReport
from models.cases.shown import shown
from models.contacts import Contacts, contacts_of
from models.refusals import Forbidden
from models.tables import Call, Case, Notice
from models.words import CaseKind, Handling, Node
from tests.models.contents import everything
from tests.models.town import PHONE, Town, call, case, done, take

OTHER = "+8613900139000"
NOBODY = Applicant()


def transferred(**more: Any) -> CaseReport:
    fields = {"handling": Handling.ONLINE, "applicant": NOBODY}
    return case(kind=CaseKind.TRANSFERRED, **{**fields, **more})


def about(number: str = "T1", *, of: str = "C1", caller: str | None = PHONE) -> CallReport:
    return call(number, case=of, caller=caller)


FOREIGN = transferred(agency="agency-x", item="item-x")


async def handed_on_from() -> str | None:
    number: str | None = (await Case.get()).call_number
    return number


@pytest.mark.parametrize("call_first", [True, False])
async def test_a_transferred_case_is_handed_on_from_the_call_that_names_it(
    town: Town, call_first: bool
) -> None:
    reports = (about(), transferred()) if call_first else (transferred(), about())
    await town.report(*reports)
    assert await handed_on_from() == "T1"
    invitation = await town.invitation(done())
    assert await contacts_of(town.office, invitation) == Contacts(PHONE)
    assert [each.kind for each in await Notice.all()] == ["invitation"]


async def test_one_that_is_completed_is_asked_for_when_the_call_comes(town: Town) -> None:
    await town.report(transferred(), done())
    assert await Notice.all().count() == 0
    await town.report(about())
    assert [each.kind for each in await Notice.all()] == ["invitation"]


@pytest.mark.parametrize("call_first", [True, False])
@pytest.mark.parametrize(
    "of",
    [
        case(),
        transferred(call="T9"),
        transferred(applicant=Applicant(phone=OTHER)),
    ],
    ids=["no transferred case", "another call's", "somebody else's"],
)
async def test_others_are_only_named(town: Town, of: CaseReport, call_first: bool) -> None:
    """Whoever asks the hotline about a case is not asked how it was handled."""
    await town.report(*((about(), of) if call_first else (of, about())))
    assert await handed_on_from() == of.call
    assert (await Call.get()).case_number == "C1"


async def test_the_callers_own_is_theirs(town: Town) -> None:
    await town.report(about(caller=OTHER), transferred(applicant=Applicant(phone=OTHER)))
    assert await handed_on_from() == "T1"


async def test_the_first_call_that_named_it_handed_it_on(town: Town) -> None:
    await town.report(about("T1"), about("T2"), transferred())
    assert await handed_on_from() == "T1"
    await town.report(about("T3"))
    assert await handed_on_from() == "T1"


async def test_a_case_of_somewhere_else_is_refused(town: Town) -> None:
    await take(town.office, town.admin, FOREIGN)
    before = await everything()
    with pytest.raises(Forbidden, match="不属于这次通话的热线") as refused:
        await take(town.office, town.admin, about())
    assert refused.value.field == "case"
    assert await everything() == before


async def test_one_that_turns_out_to_be_of_somewhere_else_is_not_handed_on(town: Town) -> None:
    await town.report(about())
    await take(town.office, town.admin, FOREIGN)
    assert await handed_on_from() is None
    invitation = await town.invitation(about(), node=Node.CALL)
    assert (await shown(invitation)).title == "12345热线通话服务"


async def test_whoever_rates_the_call_sees_what_it_was_about(town: Town) -> None:
    invitation = await town.invitation(about(), node=Node.CALL)
    assert (await shown(invitation)).title == "12345热线通话服务"
    await town.report(case())
    assert (await shown(invitation)).title == "12345热线通话服务（事项之1）"
