"""Whom a message to a citizen reaches: the number and the address that the case names.

Looked up when the message is sent and never copied into the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.directory.regions import is_within
from models.office import Office
from models.tables import Call, Case, Evaluation, Invitation


@dataclass(frozen=True, slots=True)
class Contacts:
    phone: str | None = None
    """E.164."""
    email: str | None = None


async def contacts_of(office: Office, invitation: Invitation) -> Contacts:
    """The person who was there: the agent (代理人) before the applicant, of a group the first case
    that names anybody."""
    if invitation.call_id is not None:
        call = await Call.get(id=invitation.call_id)
        return Contacts(phone=_opened(office, call.caller, "call.caller"))
    if invitation.case_id is not None:
        cases = await Case.filter(id=invitation.case_id)
    else:
        cases = await Case.filter(group_id=invitation.group_id).order_by("number")
    found = [await _of_case(office, case) for case in cases]
    return Contacts(
        phone=next((each.phone for each in found if each.phone), None),
        email=next((each.email for each in found if each.email), None),
    )


async def contacts_of_rater(office: Office, evaluation: Evaluation) -> Contacts:
    """The number they gave themselves before the case's."""
    invitation = await Invitation.get_or_none(id=evaluation.invitation_id)
    known = await contacts_of(office, invitation) if invitation else Contacts()
    own = _opened(office, evaluation.rater_phone, "evaluation.rater_phone")
    return Contacts(phone=own or known.phone, email=known.email)


async def _of_case(office: Office, case: Case) -> Contacts:
    phone = (
        _opened(office, case.agent_phone, "case_file.agent_phone")
        or _opened(office, case.applicant_phone, "case_file.applicant_phone")
        or await _caller(office, case)
    )
    return Contacts(phone, _opened(office, case.applicant_email, "case_file.applicant_email"))


async def _caller(office: Office, case: Case) -> str | None:
    """转办件: of who called, often the number is all that is known (潮安第十四条)."""
    if case.call_number is None:
        return None
    call = await Call.get_or_none(number=case.call_number)
    if call is None or not await is_within(case.region_id, call.region_id):
        return None
    return _opened(office, call.caller, "call.caller")


def _opened(office: Office, sealed: str | None, column: str) -> str | None:
    return office.keys.open(sealed, column) if sealed else None


async def name_of_rater(office: Office, evaluation: Evaluation) -> str | None:
    """The name they gave themselves before the case's: of the agent, who was there, before the
    applicant. Only for who has to call them back (`models/handling/revealing.py`)."""
    if evaluation.rater_name:
        return _opened(office, evaluation.rater_name, "evaluation.rater_name")
    invitation = await Invitation.get_or_none(id=evaluation.invitation_id)
    if invitation is None or (invitation.case_id is None and invitation.group_id is None):
        return None
    if invitation.case_id is not None:
        cases = Case.filter(id=invitation.case_id)
    else:
        cases = Case.filter(group_id=invitation.group_id).order_by("number")
    for case in await cases:
        for column in ("agent_name", "applicant_name"):
            if name := _opened(office, getattr(case, column), f"case_file.{column}"):
                return name
    return None
