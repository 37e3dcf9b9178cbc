"""API keys: made by the administrator, one a business system and region."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import BaseModel, ConfigDict

from api.access import Name, new_integrator, revoke
from api.endpoints import Call, Endpoint, Nothing
from models.refusals import UnknownReference
from models.tables import Region
from models.texts import Code


class IntegratorReport(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    region: Code | None = None
    """Null: another administrator's key."""


class KeyAnswer(BaseModel):
    """The key is shown this once."""

    name: str
    region: str | None
    key: str


class RevokedAnswer(BaseModel):
    name: str
    revoked: bool


async def add_integrator(call: Call[IntegratorReport, Nothing]) -> KeyAnswer:
    """接入系统的接口密钥."""
    region = None
    if call.body.region is not None:
        region = await Region.get_or_none(code=call.body.region)
        if region is None:
            raise UnknownReference(f"没有代码为“{call.body.region}”的地区", field="region")
    key = await new_integrator(call.office, call.body.name, region)
    return KeyAnswer(name=call.body.name, region=call.body.region, key=key)


async def revoke_integrator(call: Call[Nothing, Nothing]) -> RevokedAnswer:
    """停用密钥. What was reported with it stays."""
    name = call.path["name"]
    await revoke(call.office, name)
    return RevokedAnswer(name=name, revoked=True)


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/v1/integrators",
        add_integrator,
        "Add an integrator and its key",
        "access",
        KeyAnswer,
        body=IntegratorReport,
        admin=True,
        problems=(HTTPStatus.CONFLICT,),
    ),
    Endpoint(
        "DELETE",
        "/api/v1/integrators/{name}",
        revoke_integrator,
        "Revoke an integrator's key",
        "access",
        RevokedAnswer,
        admin=True,
        problems=(HTTPStatus.NOT_FOUND,),
    ),
)
