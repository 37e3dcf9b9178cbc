"""Work orders and deadlines, as they stand, and why."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from tortoise.expressions import Q

from api.endpoints import Call, Endpoint, Nothing
from api.v1.explaining import Explanation, explanation
from api.v1.numbers import LARGEST
from api.v1.order_answers import DeadlineAnswer, OrderAnswer, deadline_answer, order_answers
from api.v1.order_steps import STEP
from api.v1.owned_orders import owned_order, owned_orders
from models.directory.lookup import Lookup
from models.directory.regions import ids_within
from models.explain_order import explain_order
from models.office import Office
from models.orders.states import State
from models.tables import Invitation, OrderDeadline
from models.texts import Code, Moment


class OrderQuery(BaseModel):
    """`after`: the last number of the page before. `agency`: rated, holding or handling it.
    `overdue`: a duty that is open was due before now."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: State | None = None
    overdue: bool | None = None
    agency: Code | None = None
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


async def list_orders(call: Call[Nothing, OrderQuery]) -> OrdersAnswer:
    """差评工单, in the order of their numbers."""
    query = call.query
    found = await owned_orders(call.integrator)
    if query.state is not None:
        found = found.filter(state=query.state.value)
    if query.overdue is not None:
        late = Q(due_at__lt=call.office.now())
        # What has no due day is not overdue, and to SQL neither late nor not.
        found = found.filter(late if query.overdue else ~late | Q(due_at=None))
    if query.agency is not None:
        agency = (await Lookup(call.integrator).agency(query.agency, "agency")).id
        found = found.filter(Q(agency_id=agency) | Q(holder_id=agency) | Q(handler_id=agency))
    orders = await found.filter(id__gt=query.after).order_by("id").limit(query.limit)
    return OrdersAnswer(orders=await order_answers(orders))


async def show_order(call: Call[Nothing, Nothing]) -> OrderAnswer:
    """One work order with its clocks and its history."""
    return (await order_answers([await owned_order(call)]))[0]


async def explain_work_order(call: Call[Nothing, Nothing]) -> Explanation:
    """Who received it, how each clock was counted day by day, by which article each decision was
    taken."""
    return explanation(await explain_order(call.office, await owned_order(call)))


async def list_deadlines(call: Call[Nothing, DeadlineQuery]) -> DeadlinesAnswer:
    """时限 of work orders and of open invitations, soonest first. `provisional=true`: those that
    wait for a year's notice."""
    query = call.query
    clocks = OrderDeadline.filter(met_at=None, void_at=None)
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


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/orders",
        list_orders,
        "Work orders",
        "orders",
        OrdersAnswer,
        query=OrderQuery,
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
        "/api/v1/orders/{number}/explanation",
        explain_work_order,
        "Why: clocks, days, articles",
        "orders",
        Explanation,
        problems=(HTTPStatus.NOT_FOUND,),
    ),
    STEP,
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
