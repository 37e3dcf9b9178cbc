"""The outbox as it stands: what waits, what was sent and how, what was given up and may be sent
again. Never to whom: that is looked up only when a message is sent."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from tortoise.queryset import QuerySet

from api.endpoints import Call, Endpoint, Nothing
from api.v1.numbers import LARGEST, row_number
from models.directory.regions import ids_within
from models.notices import send_again
from models.refusals import Missing
from models.tables import Attempt, Integrator, Notice
from models.words import NoticeState


class NoticeQuery(BaseModel):
    """`state`: all, where none is given. `after`: the last id of the page before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: NoticeState | None = None
    after: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class AttemptAnswer(BaseModel):
    """`taken` null: the process died over it, nobody knows. `delivered` is the receipt's word."""

    number: int
    route: str | None
    begun_at: datetime
    ended_at: datetime | None
    taken: bool | None
    why: str | None
    delivered: bool | None
    receipt_at: datetime | None
    receipt_why: str | None


class NoticeAnswer(BaseModel):
    id: int
    kind: str
    agency: str | None
    state: str
    why: str | None
    route: str | None
    created_at: datetime
    due_at: datetime
    next_at: datetime
    give_up_at: datetime
    sent_at: datetime | None
    attempts: list[AttemptAnswer]


class NoticesAnswer(BaseModel):
    notices: list[NoticeAnswer]


async def list_notices(call: Call[Nothing, NoticeQuery]) -> NoticesAnswer:
    """通知, in the order in which they were written. `state=dead`: those that were given up."""
    query = call.query
    found = (await _mine(call.integrator)).filter(id__gt=query.after)
    if query.state is not None:
        found = found.filter(state=query.state.value)
    rows = await found.order_by("id").limit(query.limit).select_related("agency")
    return NoticesAnswer(notices=await _answers(rows))


async def resend(call: Call[Nothing, Nothing]) -> NoticeAnswer:
    """Try one that was given up again, by every way from the first."""
    number = call.path["number"]
    known = row_number(number)
    mine = (await _mine(call.integrator)).select_related("agency")
    found = None if known is None else await mine.get_or_none(id=known)
    if found is None:
        raise Missing(f"没有编号为“{number}”的通知")
    await send_again(call.office, found)
    await found.refresh_from_db()
    return (await _answers([found]))[0]


async def _mine(integrator: Integrator) -> QuerySet[Notice]:
    """What belongs to no agency is the administrator's."""
    if integrator.region_id is None:
        return Notice.all()
    return Notice.filter(agency__region_id__in=await ids_within(integrator.region_id))


async def _answers(notices: list[Notice]) -> list[NoticeAnswer]:
    tries: dict[int, list[Attempt]] = {each.id: [] for each in notices}
    for one in await Attempt.filter(notice_id__in=list(tries)).order_by("number"):
        tries[one.notice_id].append(one)
    return [
        NoticeAnswer(
            id=each.id,
            kind=each.kind,
            agency=each.agency.code if each.agency else None,
            state=each.state,
            why=each.why,
            route=each.route,
            created_at=each.created_at,
            due_at=each.due_at,
            next_at=each.next_at,
            give_up_at=each.give_up_at,
            sent_at=each.sent_at,
            attempts=[
                AttemptAnswer.model_validate(one, from_attributes=True) for one in tries[each.id]
            ],
        )
        for each in notices
    ]


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/notices",
        list_notices,
        "Notices",
        "messages",
        NoticesAnswer,
        query=NoticeQuery,
    ),
    Endpoint(
        "POST",
        "/api/v1/notices/{number}/resend",
        resend,
        "Send a dead letter again",
        "messages",
        NoticeAnswer,
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
)
