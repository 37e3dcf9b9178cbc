"""Endpoints of the APIs: declared once, served and described from the same declaration.

A handler is `async def handler(call: Call[Body, Query]) -> model`. The wrapper identifies the
caller, reads body and query into their models, and writes the answer. Here the caller is a business
system; in `api/mp/endpoints.py` somebody in an app.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from aiohttp import web
from multidict import MultiMapping
from pydantic import BaseModel, ConfigDict, ValidationError

from api.access import administrator, identify
from api.files import FileAnswer, read_file, read_form, read_json, read_several
from api.keys import OFFICE, SETTINGS, SPEECH, WECHAT, WeChatAccounts
from api.problems import BadBody, Incomplete
from ivr.recordings import Listener
from models.office import Office
from models.tables import Integrator

Body = TypeVar("Body", bound=BaseModel)
Query = TypeVar("Query", bound=BaseModel)


class Nothing(BaseModel):
    """No body, or no query."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Call(Generic[Body, Query]):
    office: Office
    base_url: str
    integrator: Integrator
    path: Mapping[str, str]
    body: Body
    query: Query
    wechat: WeChatAccounts
    speech: Listener
    file: bytes = b""
    files: tuple[bytes, ...] = ()


Handler = Callable[[Any], Awaitable[BaseModel | FileAnswer]]
"""Takes what the endpoint makes of a request."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str
    handler: Handler
    summary: str
    tag: str
    answer: type[BaseModel | FileAnswer]
    body: type[BaseModel] = Nothing
    part: str | None = None
    """The body is a form with the JSON in this part, and a file beside it."""
    files: int = 0
    """Up to so many files beside that part. Without any the JSON may come by itself."""
    file: tuple[str, ...] = ()
    """The body is a file of one of these media types, or a form with nothing but a file."""
    query: type[BaseModel] = Nothing
    status: HTTPStatus = HTTPStatus.OK
    admin: bool = False
    problems: tuple[HTTPStatus, ...] = field(default=())

    @property
    def security(self) -> list[dict[str, list[str]]]:
        """Of OpenAPI: by which of its schemes the caller is identified."""
        return [{"key": []}]

    async def serve(self, request: web.Request) -> web.Response:
        answer = await self.handler(await self.call(request))
        if isinstance(answer, FileAnswer):
            return answer.response()
        return web.Response(
            text=answer.model_dump_json(),
            status=self.status.value,
            content_type="application/json",
        )

    async def call(self, request: web.Request) -> object:
        """What the handler takes. Who calls is asked first, and only then what they say."""
        integrator = await identify(request)
        if self.admin:
            administrator(integrator)
        body, files = await self._read(request)
        return Call(
            office=request.app[OFFICE],
            base_url=request.app[SETTINGS].base_url,
            integrator=integrator,
            path=request.match_info,
            body=body,
            query=read_query(request.query, self.query),
            wechat=request.app.get(WECHAT, {}),
            speech=request.app[SPEECH],
            file=files[0] if files else b"",
            files=tuple(files),
        )

    async def _read(self, request: web.Request) -> tuple[BaseModel, list[bytes]]:
        if self.file:
            return Nothing(), [await read_file(request, self.file)]
        if self.part is None:
            return await read_body(request, self.body), []
        if self.files:
            raw, files = await read_several(request, self.part, self.files)
            return parsed(raw, self.body), files
        raw, file = await read_form(request, self.part)
        return parsed(raw, self.body), [file]


async def read_body(request: web.Request, model: type[Body]) -> Body:
    """Raises BadBody, Incomplete."""
    if model is Nothing:
        return model()
    return parsed(await read_json(request), model)


def parsed(raw: bytes, model: type[Body]) -> Body:
    """Raises BadBody, Incomplete."""
    try:
        return model.model_validate_json(raw)
    except ValidationError as fault:
        if any(each["type"] == "json_invalid" for each in fault.errors(include_url=False)):
            raise BadBody("请求正文不是有效的JSON（UTF-8）。") from None
        raise Incomplete("body", fault) from None


def read_query(given: MultiMapping[str], model: type[Query]) -> Query:
    """Raises Incomplete. Of a parameter given twice the last counts."""
    try:
        return model.model_validate_strings({name: given.getall(name)[-1] for name in given})
    except ValidationError as fault:
        raise Incomplete("query", fault) from None


def add(app: web.Application, endpoints: Iterable[Endpoint]) -> None:
    for endpoint in endpoints:
        app.router.add_route(endpoint.method, endpoint.path, endpoint.serve)
