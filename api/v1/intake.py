"""Cases, visits, completions, calls: what business systems report."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import BaseModel

from api.endpoints import Call, Endpoint, Nothing
from api.v1.answers import (
    CallAnswer,
    ClosedAnswer,
    InvitationAnswer,
    TakenAnswer,
    call_answer,
    closed_answers,
    invitation_answer,
    taken_answer,
)
from api.v1.evaluation_answers import EvaluationAnswer, evaluation_answers
from api.v1.explaining import Explanation, explanation
from models.cases.calls import take_call
from models.cases.intake import take_case, take_completion, take_visit
from models.cases.invitations import seen_case
from models.cases.reports import CallReport, CaseReport, CompletionReport, VisitReport
from models.directory.lookup import Lookup
from models.explain import explain
from models.refusals import Missing
from models.tables import Case, Coverage, Evaluation
from models.texts import could_be_code


class CaseAnswer(BaseModel):
    number: str
    kind: str
    handling: str
    invitations: list[InvitationAnswer]
    not_rated: list[ClosedAnswer]
    evaluations: list[EvaluationAnswer]


async def report_case(call: Call[CaseReport, Nothing]) -> TakenAnswer:
    """办件. The same report again is answered again; another one under the number is refused."""
    taken = await take_case(call.office, call.integrator, call.body)
    return await taken_answer(call.office, call.base_url, taken)


async def report_visit(call: Call[VisitReport, Nothing]) -> TakenAnswer:
    """到窗口一次. May come before its case."""
    taken = await take_visit(call.office, call.integrator, call.body)
    return await taken_answer(call.office, call.base_url, taken)


async def report_completion(call: Call[CompletionReport, Nothing]) -> TakenAnswer:
    """办结. May come before its case and its visits."""
    taken = await take_completion(call.office, call.integrator, call.body)
    return await taken_answer(call.office, call.base_url, taken)


async def report_call(call: Call[CallReport, Nothing]) -> CallAnswer:
    """热线通话, reported as soon as the agent hangs up. `survey` is what the switch needs to have
    the caller rate it on the telephone. A case that was handed on names the call, or the call
    the case."""
    taken = await take_call(call.office, call.integrator, call.body)
    return await call_answer(call.office, call.base_url, taken)


async def show_case(call: Call[Nothing, Nothing]) -> CaseAnswer:
    """What may be rated of the case, and what was said."""
    case = await owned_case(call)
    invitations, closed = await seen_case(call.office, case)
    found = await Coverage.filter(case=case).distinct().values_list("evaluation_id", flat=True)
    evaluations = await Evaluation.filter(id__in=list(found)).order_by("at", "id")
    return CaseAnswer(
        number=case.number,
        kind=case.kind,
        handling=case.handling,
        invitations=[
            await invitation_answer(call.office, call.base_url, one) for one in invitations
        ],
        not_rated=closed_answers(closed),
        evaluations=await evaluation_answers(evaluations),
    )


async def explain_case(call: Call[Nothing, Nothing]) -> Explanation:
    """Which rules, which articles, which days counted."""
    return explanation(await explain(call.office, await owned_case(call)))


async def owned_case(call: Call[Nothing, Nothing]) -> Case:
    number = call.path["number"]
    case = await Case.get_or_none(number=number) if could_be_code(number) else None
    if case is None:
        raise Missing(f"没有编号为“{number}”的办件")
    await Lookup(call.integrator).must_own(case.region_id, field="number")
    return case


_CONFLICT = (HTTPStatus.CONFLICT,)
_MISSING = (HTTPStatus.NOT_FOUND,)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/v1/cases",
        report_case,
        "Report a case",
        "intake",
        TakenAnswer,
        body=CaseReport,
        problems=_CONFLICT,
    ),
    Endpoint(
        "POST",
        "/api/v1/visits",
        report_visit,
        "Report a visit to a window",
        "intake",
        TakenAnswer,
        body=VisitReport,
        problems=_CONFLICT,
    ),
    Endpoint(
        "POST",
        "/api/v1/completions",
        report_completion,
        "Report a completion",
        "intake",
        TakenAnswer,
        body=CompletionReport,
        problems=_CONFLICT,
    ),
    Endpoint(
        "POST",
        "/api/v1/calls",
        report_call,
        "Report a hotline call that ended",
        "intake",
        CallAnswer,
        body=CallReport,
        problems=_CONFLICT,
    ),
    Endpoint(
        "GET",
        "/api/v1/cases/{number}",
        show_case,
        "A case: invitations and evaluations",
        "intake",
        CaseAnswer,
        problems=_MISSING,
    ),
    Endpoint(
        "GET",
        "/api/v1/cases/{number}/explanation",
        explain_case,
        "Why: rules, articles, days",
        "intake",
        Explanation,
        problems=_MISSING,
    ),
)
