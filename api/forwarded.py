"""The caller's address behind a proxy.

Only where the settings say that a proxy stands in front (`behind_proxy`): anybody can send the
header. Of several addresses in X-Forwarded-For the last is the one that our proxy itself saw; the
ones before it are what the caller claimed. No header or no address in it: the proxy's own counts.
"""

from __future__ import annotations

from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Handler


def setup_forwarded(app: web.Application) -> None:
    app.middlewares.append(forwarded)


@web.middleware
async def forwarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    claimed = ",".join(request.headers.getall("X-Forwarded-For", ()))
    try:
        seen = str(ip_address(claimed.rpartition(",")[2].strip()))
    except ValueError:
        return await handler(request)
    return await handler(request.clone(remote=seen))
