"""/demo/phone: a telephone in the browser. The page is the switch of its call: it opens the
WebSocket that Asterisk would, and plays, listens and reports as chan_websocket does."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated, Final
from uuid import UUID, uuid4

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, StringConstraints

from api.demo.cases import PEOPLE, PLACES
from api.demo.paths import DEMO
from api.endpoints import read_body
from api.keys import OFFICE, SETTINGS
from api.pulse import PULSE
from ivr.prompts import Language
from ivr.settings import Queue
from models.cases.calls import take_call
from models.cases.invitations import book_of
from models.cases.reports import CallReport
from models.office import Office
from models.refusals import Missing, Refused
from models.tables import Evaluation, Handover, Integrator, Opinion, Platform, WorkOrder
from models.words import Level

QUEUES: Final = {"粤语": Queue(language=Language.CANTONESE)}
"""The demo's, where the settings have none."""
CALLER: Final = PEOPLE[0][1]
_OPERATORS: Final = {place[-2]: place[-1] for place in PLACES.values() if place[-2] and place[-1]}
"""The staff of a hotline, by its platform."""
_SCRIPTS: Final = {
    name: (files("api") / "templates" / name).read_text("utf-8")
    for name in ("phone.js", "switch.js", "microphone.js")
}
_TEMPLATES = Environment(
    loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'"
)
Name = Annotated[str, StringConstraints(max_length=50)]


class CannotBeRated(Refused):
    code = "call_not_rated"


class Dialled(BaseModel):
    """`queue`: one of the settings, or none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hotline: Name
    queue: Name | None = None


def setup_demo_phone(app: web.Application) -> None:
    app.router.add_get("/demo/phone", show)
    app.router.add_post("/demo/phone/calls", dial)
    app.router.add_get("/demo/phone/calls/{uuid}", kept)
    app.router.add_get("/demo/phone/{script}", script)


async def show(request: web.Request) -> web.Response:
    hotline = request.app[SETTINGS].hotline
    text = _TEMPLATES.get_template("phone.html").render(
        hotlines=await _hotlines(request.app[OFFICE]),
        queues=hotline.queues if hotline is not None else {},
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", headers=headers)


async def script(request: web.Request) -> web.Response:
    text = _SCRIPTS.get(request.match_info["script"])
    if text is None:
        raise web.HTTPNotFound
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return web.Response(text=text, content_type="text/javascript", headers=headers)


async def dial(request: web.Request) -> web.Response:
    """{"hotline": "CA-P1"}: the agent has hung up, and the caller is handed over to the rating."""
    dialled = await read_body(request, Dialled)
    office = request.app[OFFICE]
    integrator = await Integrator.get_or_none(name=DEMO)
    operator = _OPERATORS.get(dialled.hotline)
    if integrator is None or operator is None:
        raise Missing("演示里没有这条热线", field="hotline")
    report = CallReport(
        number=f"PHONE-{uuid4().hex[:12].upper()}",
        platform=dialled.hotline,
        staff=operator,
        caller=CALLER,
        queue=dialled.queue,
    )
    taken = await take_call(office, integrator, report)
    if taken.handover is None:
        raise CannotBeRated(taken.closed[0].detail)
    return web.json_response({"uuid": str(taken.handover.id)})


async def kept(request: web.Request) -> web.Response:
    """What has become of the call so far. `answered`: it was put through."""
    office = request.app[OFFICE]
    handover = await _handover(request.match_info["uuid"])
    await request.app[PULSE].beat()
    submission = f"handover-{handover.id}"
    evaluation = await Evaluation.get_or_none(submission=submission)
    opinion = await Opinion.get_or_none(submission=submission)
    said = evaluation or opinion
    order = await WorkOrder.get_or_none(evaluation=evaluation) if evaluation else None
    return web.json_response(
        {
            "answered": handover.claimed_at is not None,
            "ended": handover.ended_at is not None,
            "level": Level(said.level).label if said is not None and said.level else None,
            "words": _words(evaluation, opinion),
            "order": order.id if order else None,
            "receipt": f"/receipt/{office.links.receipt(evaluation.id)}" if evaluation else None,
        }
    )


def _words(evaluation: Evaluation | None, opinion: Opinion | None) -> str | None:
    if evaluation is None:
        return opinion.words if opinion is not None else None
    said = [reason["words"] for reason in evaluation.reasons.values() if reason.get("words")]
    return "；".join(said) or None


async def _handover(uuid: str) -> Handover:
    """Raises Missing."""
    try:
        found = await Handover.get_or_none(id=UUID(uuid))
    except ValueError:
        found = None
    if found is None:
        raise Missing("没有这次通话")
    return found


async def _hotlines(office: Office) -> list[tuple[str, str]]:
    """Code and name of those whose calls the rulebook lets people rate."""
    rows = await Platform.filter(code__in=list(_OPERATORS)).order_by("id")
    return [(row.code, row.name) for row in rows if await _is_rated(office, row)]


async def _is_rated(office: Office, hotline: Platform) -> bool:
    book = await book_of(office, hotline.region_id)
    rule = book.version_at(office.now()).hotline
    return rule is not None and bool(rule.call)
