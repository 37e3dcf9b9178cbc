"""The orders of an integrator's region."""

from __future__ import annotations

from typing import Any

from tortoise.queryset import QuerySet

from api.endpoints import Call
from api.v1.numbers import row_number
from models.directory.regions import ids_within
from models.refusals import Missing
from models.tables import Integrator, WorkOrder


async def owned_orders(integrator: Integrator) -> QuerySet[WorkOrder]:
    if integrator.region_id is None:
        return WorkOrder.all()
    return WorkOrder.filter(region_id__in=await ids_within(integrator.region_id))


async def owned_order(call: Call[Any, Any]) -> WorkOrder:
    """By the number in the path. Raises Missing."""
    number = call.path["number"]
    known = row_number(number)
    mine = await owned_orders(call.integrator)
    order = None if known is None else await mine.get_or_none(id=known)
    if order is None:
        raise Missing(f"没有编号为“{number}”的工单")
    return order
