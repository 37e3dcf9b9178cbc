"""意见: what was said at a static code and is bound to no case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from api.endpoints import Call, Endpoint, Nothing
from models.directory.regions import ids_within
from models.tables import Opinion


class OpinionAnswer(BaseModel):
    id: UUID
    agency: str
    level: int | None
    words: str
    channel: str
    keyed_by: str | None
    at: datetime


class OpinionsAnswer(BaseModel):
    opinions: list[OpinionAnswer]


async def list_opinions(call: Call[Nothing, Nothing]) -> OpinionsAnswer:
    """The newest 500, without who said it."""
    found = Opinion.all()
    if call.integrator.region_id is not None:
        found = Opinion.filter(region_id__in=await ids_within(call.integrator.region_id))
    opinions = await found.order_by("-at", "-id").limit(500).select_related("agency")
    return OpinionsAnswer(
        opinions=[
            OpinionAnswer(
                id=each.id,
                agency=each.agency.code,
                level=each.level,
                words=each.words,
                channel=each.channel,
                keyed_by=each.keyed_by,
                at=each.at,
            )
            for each in opinions
        ]
    )


ENDPOINTS = (
    Endpoint("GET", "/api/v1/opinions", list_opinions, "Opinions", "ratings", OpinionsAnswer),
)
