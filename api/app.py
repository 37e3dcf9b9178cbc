"""The web application, put together."""

from __future__ import annotations

from importlib.metadata import version

from aiohttp import web

from api import v1
from api.docs import setup_docs
from api.endpoints import add
from api.failures import setup_failures
from api.forwarded import setup_forwarded
from api.keys import OFFICE, SETTINGS, SPEECH
from api.mp import routes as mp
from api.operation import setup_operation
from api.pages.routes import setup_pages
from api.problems import problems
from api.qr import setup_qr
from api.settings import Settings
from api.staff.routes import setup_staff
from ivr.recordings import Listener
from ivr.settings import Hotline
from models.office import Office

LARGEST_BODY = 4 * 1024 * 1024


def make_app(office: Office, settings: Settings) -> web.Application:
    app = web.Application(client_max_size=LARGEST_BODY)
    app[OFFICE] = office
    app[SETTINGS] = settings
    # Until a model is carried in: recordings are taken with their key.
    app[SPEECH] = Listener(None, settings.hotline or Hotline())
    if settings.behind_proxy:
        setup_forwarded(app)
    setup_operation(app)
    setup_failures(app)
    app.middlewares.append(problems)
    add(app, v1.ENDPOINTS)
    setup_docs(app, (*v1.ENDPOINTS, *mp.ENDPOINTS), version("haochaping"))
    setup_pages(app)
    setup_staff(app)
    setup_qr(app)
    return app
