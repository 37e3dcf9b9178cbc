"""From a template to an answer: one environment, one set of headers."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.pages import style
from api.pages.fields import indicators_field, target_id, words_field
from api.pages.way import Way, other_size
from models.calendar.beijing import spoken
from models.words import Level

HEADERS: Final = {
    # The address is the credential: it is not to be kept, passed on or found by a search.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["levels"] = list(Level)
    environment.globals["style_url"] = style.URL
    environment.globals["target_id"] = target_id
    environment.globals["words_field"] = words_field
    environment.globals["indicators_field"] = indicators_field
    environment.filters["spoken"] = _spoken
    return environment


def _spoken(moment: datetime) -> str:
    return spoken(moment)


_TEMPLATES: Final = _environment()


def page(request: web.Request, template: str, status: int = 200, **context: object) -> web.Response:
    text = _TEMPLATES.get_template(template).render(
        way=Way.of(request), other_size=other_size(request), **context
    )
    return web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=HEADERS
    )


def see_other(address: str) -> web.Response:
    """After a form: the answer is a page of its own, which may be loaded again."""
    return web.Response(status=303, headers={**HEADERS, "Location": address})
