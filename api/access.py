"""Who calls: API keys of integrators. Keys are shown once and stored hashed."""

from __future__ import annotations

import secrets
from typing import Annotated, Final

from aiohttp import web
from pydantic import AfterValidator, TypeAdapter, ValidationError
from tortoise.exceptions import IntegrityError

from api.keys import OFFICE
from api.problems import Unauthorized
from models.office import Office
from models.refusals import Conflict, Forbidden, Missing
from models.tables import Integrator, Region
from models.texts import Line

PREFIX = "hcp_"


def _filled(name: str) -> str:
    if not name:
        raise ValueError("接入系统要有名称")
    return name


Name = Annotated[Line, AfterValidator(_filled)]
_NAME: Final = TypeAdapter(Name)
INTEGRATOR = web.RequestKey("integrator", Integrator)


async def new_integrator(office: Office, name: str, region: Region | None) -> str:
    """The key, which nobody can show again. Raises Conflict."""
    key = _fresh_key()
    try:
        await Integrator.create(
            name=name, region=region, key_hash=key_hash(office, key), created_at=office.now()
        )
    except IntegrityError:
        raise Conflict(f"已有名为“{name}”的接入系统", field="name") from None
    return key


async def renew(office: Office, name: str) -> str:
    """Another key in place of the one there was."""
    key = _fresh_key()
    await Integrator.filter(name=name).update(key_hash=key_hash(office, key), revoked_at=None)
    return key


def _fresh_key() -> str:
    return PREFIX + secrets.token_urlsafe(32)


async def revoke(office: Office, name: str) -> None:
    """What was reported with the key stays. Raises Missing."""
    known = Integrator.filter(name=name, revoked_at=None)
    if not _could_be_name(name) or not await known.update(revoked_at=office.now()):
        raise Missing(f"没有名为“{name}”的在用接入系统")


def _could_be_name(name: str) -> bool:
    try:
        _NAME.validate_python(name)
    except ValidationError:
        return False
    return True


def key_hash(office: Office, key: str) -> str:
    return office.keys.find(key, "api-key")


def bearer(request: web.Request) -> str:
    """What stands in the header Authorization; empty: nothing that could be ours."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" and given.isascii() else ""


async def identify(request: web.Request) -> Integrator:
    """Raises Unauthorized."""
    if not (key := bearer(request)):
        raise Unauthorized("请在 Authorization 头里以 Bearer 方式给出接口密钥。")
    return await integrator_of(request.app[OFFICE], key)


async def integrator_of(office: Office, key: str) -> Integrator:
    """Raises Unauthorized."""
    hashed = key_hash(office, key)
    integrator = await Integrator.get_or_none(key_hash=hashed, revoked_at=None)
    if integrator is None:
        raise Unauthorized("接口密钥无效或已停用。")
    return integrator


def administrator(integrator: Integrator) -> None:
    """Raises Forbidden for a key that is bound to a region."""
    if integrator.region_id is not None:
        raise Forbidden("只有管理员的接口密钥可以这样做")
