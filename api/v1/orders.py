"""Work orders and deadlines, as they stand."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from tortoise.queryset import QuerySet

from api.endpoints import Call, Endpoint, Nothing
from api.v1.numbers import LARGEST, row_number
from api.v1.order_answers import DeadlineAnswer, OrderAnswer, deadline_answer, order_answer
from models.directory.regions import ids_within
from models.office import Office
from models.refusals import Missing
from models.tables import Agency, Integrator, Invitation, OrderDeadline, WorkOrder
from models.texts import Moment


class Page(BaseModel):
    """`after`: the last number of the page before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class DeadlineQuery(BaseModel):
    """`since`: due at or after."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    provisional: bool | None = None
    since: Moment | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class OrdersAnswer(BaseModel):
    orders: list[OrderAnswer]


class SilenceAnswer(BaseModel):
    """The end of an invitation's time; after it a rating is late."""

    invitation: str
    case: str | None
    group: str | None
    source: str
    timely_until: datetime
    provisional: bool


class DeadlinesAnswer(BaseModel):
    deadlines: list[DeadlineAnswer]
    silences: list[SilenceAnswer]


async def list_orders(call: Call[Nothing, Page]) -> OrdersAnswer:
    """差评工单, in the order of their numbers."""
    found = await _mine(call.integrator)
    orders = await found.filter(id__gt=call.query.after).order_by("id").limit(call.query.limit)
    return OrdersAnswer(orders=await _answers(orders))


async def show_order(call: Call[Nothing, Nothing]) -> OrderAnswer:
    """One work order with its clocks and its history."""
    number = call.path["number"]
    known = row_number(number)
    mine = await _mine(call.integrator)
    order = None if known is None else await mine.get_or_none(id=known)
    if order is None:
        raise Missing(f"没有编号为“{number}”的工单")
    return (await _answers([order]))[0]


async def list_deadlines(call: Call[Nothing, DeadlineQuery]) -> DeadlinesAnswer:
    """时限 of work orders and of open invitations, soonest first. `provisional=true`: those that
    wait for a year's notice."""
    query = call.query
    clocks = OrderDeadline.filter(met_at=None)
    silences = Invitation.filter(closed_at=None, silence=None).exclude(timely_until=None)
    if call.integrator.region_id is not None:
        inside = await ids_within(call.integrator.region_id)
        clocks = clocks.filter(order__region_id__in=inside)
        silences = silences.filter(region_id__in=inside)
    if query.since is not None:
        clocks = clocks.filter(due_at__gte=query.since)
        silences = silences.filter(timely_until__gte=query.since)
    if query.provisional is not None:
        clocks = clocks.filter(provisional=query.provisional)
        silences = silences.filter(provisional=query.provisional)
    soonest = await silences.order_by("timely_until", "id").limit(query.limit)
    return DeadlinesAnswer(
        deadlines=[
            deadline_answer(row) for row in await clocks.order_by("due_at", "id").limit(query.limit)
        ],
        silences=[await _silence(call.office, each) for each in soonest],
    )


async def _silence(office: Office, invitation: Invitation) -> SilenceAnswer:
    await invitation.fetch_related("case", "group")
    version = office.shelf.book(invitation.rulebook).version(invitation.version)
    return SilenceAnswer(
        invitation=invitation.key,
        case=invitation.case.number if invitation.case else None,
        group=invitation.group.number if invitation.group else None,
        source=version.silence.source if version.silence else invitation.source,
        timely_until=invitation.timely_until,
        provisional=invitation.provisional,
    )


async def _mine(integrator: Integrator) -> QuerySet[WorkOrder]:
    if integrator.region_id is None:
        return WorkOrder.all()
    return WorkOrder.filter(region_id__in=await ids_within(integrator.region_id))


async def _answers(orders: list[WorkOrder]) -> list[OrderAnswer]:
    ids = {each.agency_id for each in orders} | {each.holder_id for each in orders}
    ids |= {agency for each in orders for agency in each.copied_to}
    agencies = await Agency.filter(id__in=[each for each in ids if each is not None])
    codes: dict[int, str] = {agency.id: agency.code for agency in agencies}
    return [await order_answer(order, codes) for order in orders]


ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/orders", list_orders, "Work orders", "orders", OrdersAnswer, query=Page
    ),
    Endpoint(
        "GET",
        "/api/v1/orders/{number}",
        show_order,
        "One work order",
        "orders",
        OrderAnswer,
        problems=(HTTPStatus.NOT_FOUND,),
    ),
    Endpoint(
        "GET",
        "/api/v1/deadlines",
        list_deadlines,
        "Deadlines of work orders and invitations",
        "orders",
        DeadlinesAnswer,
        query=DeadlineQuery,
    ),
)
