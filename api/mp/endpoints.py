"""Endpoints for somebody in an app: `async def handler(call: Call[Body]) -> model`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Generic

from aiohttp import web

from api.access import bearer
from api.endpoints import Body, Endpoint, read_body
from api.keys import OFFICE, SETTINGS
from api.mp.accounts import APPS, Account, Apps
from api.problems import SessionEnded
from models import sessions
from models.office import Office
from models.ratings.refusals import LinkUnknown
from models.refusals import Missing
from models.tables import Rater

TAG: Final = "apps"
ALWAYS: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS)
"""Problems of every endpoint here: no such account, too often."""


@dataclass(frozen=True, slots=True)
class Arrival(Generic[Body]):
    """Somebody who has not logged in yet."""

    office: Office
    apps: Apps
    account: Account
    body: Body


@dataclass(frozen=True, slots=True)
class Call(Generic[Body]):
    office: Office
    base_url: str
    apps: Apps
    account: Account
    rater: Rater
    token: str
    """Of their session."""
    path: Mapping[str, str]
    body: Body

    @contextmanager
    def counting_misses(self) -> Iterator[None]:
        """Links and codes that are none are counted against whoever tries them. Raises TooMany."""
        self.apps.limits.check_misses(self.rater.id)
        try:
            yield
        except (LinkUnknown, Missing):
            self.apps.limits.missed(self.rater.id)
            raise


@dataclass(frozen=True, slots=True)
class LoginEndpoint(Endpoint):
    problems: tuple[HTTPStatus, ...] = ALWAYS

    @property
    def security(self) -> list[dict[str, list[str]]]:
        return []

    async def call(self, request: web.Request) -> object:
        apps = request.app[APPS]
        account = apps.account(request.match_info["account"])
        apps.limits.login(request.remote or "")
        body = await read_body(request, self.body)
        return Arrival(office=request.app[OFFICE], apps=apps, account=account, body=body)


@dataclass(frozen=True, slots=True)
class RaterEndpoint(Endpoint):
    problems: tuple[HTTPStatus, ...] = ALWAYS

    @property
    def security(self) -> list[dict[str, list[str]]]:
        return [{"session": []}]

    async def call(self, request: web.Request) -> object:
        apps = request.app[APPS]
        account = apps.account(request.match_info["account"])
        rater, token = await _rater(request, account)
        if self.method != "GET":
            apps.limits.change(rater.id)
        return Call(
            office=request.app[OFFICE],
            base_url=request.app[SETTINGS].base_url,
            apps=apps,
            account=account,
            rater=rater,
            token=token,
            path=request.match_info,
            body=await read_body(request, self.body),
        )


async def _rater(request: web.Request, account: Account) -> tuple[Rater, str]:
    """Raises SessionEnded."""
    if not (token := bearer(request)):
        raise SessionEnded("请先登录。")
    rater = await sessions.rater_of(request.app[OFFICE], token)
    if rater is None or rater.app != account.name:
        raise SessionEnded("登录已过期，请重新登录。")
    return rater, token
