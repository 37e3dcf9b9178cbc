"""Health, readiness, metrics. No metric holds personal data: paths are counted by their pattern."""

from __future__ import annotations

import time
from contextlib import suppress

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from tortoise.exceptions import BaseORMException

from api.failures import DATABASE_AWAY
from api.keys import OFFICE
from models.database import DatabaseFault
from models.tables import Notice
from models.words import NoticeState

log = structlog.get_logger()


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "haochaping_requests_total",
            "Requests by route and status",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "haochaping_request_seconds",
            "Time to the answer, by route",
            ["route"],
            registry=self.registry,
        )
        self.notices = Gauge(
            "haochaping_notices",
            "Messages on their way, and given up",
            ["state"],
            registry=self.registry,
        )


METRICS = web.AppKey("metrics", Metrics)


def setup_operation(app: web.Application) -> None:
    app[METRICS] = Metrics()
    app.middlewares.append(counted)
    app.router.add_get("/healthz", healthy)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", metrics)


@web.middleware
async def counted(request: web.Request, handler: Handler) -> web.StreamResponse:
    begun = time.perf_counter()
    status = 500
    try:
        response = await handler(request)
        status = response.status
    except web.HTTPException as answer:
        status = answer.status
        raise
    else:
        return response
    finally:
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "unknown"
        found = request.app[METRICS]
        found.requests.labels(request.method, route, status).inc()
        found.seconds.labels(route).observe(time.perf_counter() - begun)


async def healthy(_request: web.Request) -> web.Response:
    """The process answers."""
    return web.json_response({"status": "ok"})


async def ready(request: web.Request) -> web.Response:
    """The database answers and fits the code."""
    try:
        await request.app[OFFICE].database.check_schema()
    except (DatabaseFault, BaseORMException, *DATABASE_AWAY) as fault:
        log.warning("not ready", why=type(fault).__name__)
        return web.json_response({"status": "unavailable"}, status=503)
    return web.json_response({"status": "ready"})


async def metrics(request: web.Request) -> web.Response:
    found = request.app[METRICS]
    with suppress(BaseORMException, *DATABASE_AWAY):
        for state in (NoticeState.WAITING, NoticeState.SENDING, NoticeState.DEAD):
            number = await Notice.filter(state=state.value).count()
            found.notices.labels(state.value).set(number)
    body = generate_latest(found.registry)
    return web.Response(
        body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
    )
