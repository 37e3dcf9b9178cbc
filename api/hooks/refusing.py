"""What a platform's callback is told that is not taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

import structlog
from aiohttp import web

from bot.callbacks import Malformed, Unfit
from bot.gateways import NotDelivered

T = TypeVar("T")

log = structlog.get_logger()


def account_of(request: web.Request, accounts: Mapping[str, T]) -> T:
    """Which accounts there are is nobody's business: an unknown one is a wrong signature."""
    found = accounts.get(request.match_info["account"])
    if found is None:
        raise web.HTTPForbidden(text="signature")
    return found


@contextmanager
def refusing(request: web.Request) -> Iterator[None]:
    try:
        yield
    except Unfit as fault:
        log.warning("a callback was refused", account=request.match_info["account"], why=str(fault))
        if isinstance(fault, Malformed):
            raise web.HTTPBadRequest(text="malformed") from None
        raise web.HTTPForbidden(text="signature") from None
    except web.RequestPayloadError:
        raise web.HTTPBadRequest(text="body") from None
    except NotDelivered as fault:
        log.warning("not answered", account=request.match_info["account"], why=fault.why)
        raise web.HTTPServiceUnavailable(text="again") from None
