"""Evaluations as they were given, without who gave them."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.endpoints import Call, Endpoint, Nothing
from api.v1.answers import InvitationAnswer, invitation_answer
from api.v1.evaluation_answers import EvaluationAnswer, evaluation_answers
from models.directory.lookup import Lookup
from models.directory.regions import ids_within
from models.refusals import Missing, UnknownReference
from models.tables import Call as HotlineCall
from models.tables import Case, Evaluation, Invitation, LedgerLeaf
from models.texts import Code, Moment


class EvaluationQuery(BaseModel):
    """`since`: given at or after. `after`: the last id of the page before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Moment | None = None
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class LinkQuery(BaseModel):
    """One of the two."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    case: Code | None = None
    call: Code | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.case is None) == (self.call is None):
            raise ValueError("case 与 call 给出一个")
        return self


class EvaluationsAnswer(BaseModel):
    evaluations: list[EvaluationAnswer]


class LinksAnswer(BaseModel):
    now: datetime
    invitations: list[InvitationAnswer]


async def list_evaluations(call: Call[Nothing, EvaluationQuery]) -> EvaluationsAnswer:
    """评价, in the order in which they came: that of their leaves. Ids of one moment have none."""
    found = Evaluation.all()
    if call.integrator.region_id is not None:
        found = found.filter(region_id__in=await ids_within(call.integrator.region_id))
    if call.query.since is not None:
        found = found.filter(at__gte=call.query.since)
    if call.query.after is not None:
        last = await LedgerLeaf.get_or_none(evaluation_id=call.query.after)
        if last is None:
            raise UnknownReference("没有这条评价", field="after")
        found = found.filter(leaf__id__gt=last.id)
    rows = await found.order_by("leaf__id").limit(call.query.limit)
    return EvaluationsAnswer(evaluations=await evaluation_answers(rows))


async def list_links(call: Call[Nothing, LinkQuery]) -> LinksAnswer:
    """What may be rated now of a case or a call: for devices that show the code."""
    lookup = Lookup(call.integrator)
    open_now = Invitation.filter(closed_at=None, until__gt=call.office.now())
    if call.query.case is not None:
        case = await Case.get_or_none(number=call.query.case)
        if case is None:
            raise Missing(f"没有编号为“{call.query.case}”的办件")
        await lookup.must_own(case.region_id, field="case")
        found = await open_now.filter(case_id=case.id).order_by("id")
        if case.group_id is not None:
            found += await open_now.filter(group_id=case.group_id).order_by("id")
    else:
        hotline = await HotlineCall.get_or_none(number=call.query.call)
        if hotline is None:
            raise Missing(f"没有编号为“{call.query.call}”的通话")
        await lookup.must_own(hotline.region_id, field="call")
        found = await open_now.filter(call_id=hotline.id).order_by("id")
    return LinksAnswer(
        now=call.office.now(),
        invitations=[await invitation_answer(call.office, call.base_url, each) for each in found],
    )


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/evaluations",
        list_evaluations,
        "Evaluations",
        "ratings",
        EvaluationsAnswer,
        query=EvaluationQuery,
    ),
    Endpoint(
        "GET",
        "/api/v1/links",
        list_links,
        "Open links of a case or a call",
        "ratings",
        LinksAnswer,
        query=LinkQuery,
        problems=(HTTPStatus.NOT_FOUND,),
    ),
)
