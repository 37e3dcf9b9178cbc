"""From a template to a page of the console: one environment, one set of headers."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from api.staff import flashes
from api.staff.menu import menu_of
from api.staff.signed_in import FORM_TOKEN, SIGNED_IN
from api.styles import Stylesheet
from models.accounts.history import Kind
from models.accounts.roles import Role
from models.calendar.beijing import beijing, spoken
from models.rulebooks.showing import source

STYLE: Final = Stylesheet("api.staff", "staff.css", "/staff/staff.css")
HEADERS: Final = {
    "Cache-Control": "no-store",
    # A refusal links back to the page before it.
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}

_PLATFORMS: Final = {
    "wecom": "企业微信",
    "dingtalk": "钉钉",
    "feishu": "飞书",
    "official_account": "公众号",
    "demo": "演示",
}


def _short(moment: datetime) -> str:
    """2026-03-02 09:00, for tables."""
    return f"{beijing(moment):%Y-%m-%d %H:%M}"


@pass_context
def _csrf_field(context: Context) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(context["csrf"])


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.staff"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["style_url"] = STYLE.url
    environment.globals["csrf_field"] = _csrf_field
    environment.filters["spoken"] = spoken
    environment.filters["short"] = _short
    environment.filters["article"] = source
    environment.filters["role"] = lambda role: Role(role).label
    environment.filters["event"] = lambda kind: Kind(kind).label
    environment.filters["platform"] = _PLATFORMS.__getitem__
    return environment


_TEMPLATES: Final = _environment()


def page(request: web.Request, template: str, status: int = 200, **context: object) -> web.Response:
    """A template knows `signed_in` (the account or None), `csrf` and what is given here."""
    session = request.get(SIGNED_IN)
    account = session.account if session and session.complete else None
    text = _TEMPLATES.get_template(template).render(
        signed_in=account,
        menu=menu_of(Role(account.role)) if account else (),
        here=request.path,
        flashes=flashes.take(request),
        csrf=request.get(FORM_TOKEN, ""),
        **context,
    )
    return web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=HEADERS
    )


def see_other(address: str) -> web.Response:
    """After a form: the answer is a page of its own, which may be loaded again."""
    return web.Response(status=303, headers={**HEADERS, "Location": address})
