"""/demo: the links of every path, the messages, the clock. None of this exists outside the demo."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Self
from uuid import uuid4

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from api.demo.accounts import setup_demo_accounts
from api.demo.chat import setup_demo_chat
from api.demo.clock import DemoClock
from api.demo.gateway import DemoGateway
from api.demo.paths import DemoPath, demo_paths
from api.demo.phone import setup_demo_phone
from api.demo.staff_chat import setup_demo_staff_chat
from api.endpoints import read_body
from api.keys import OFFICE, SETTINGS
from api.pages.forms import read_form
from api.pages.plain import Plain, served
from api.pulse import PULSE
from bot.answering import TakenAs
from bot.replies import take_reply
from bot.sms.received import SmsReply
from models.calendar.beijing import beijing
from models.refusals import Invalid
from models.texts import Code, Moment, Phone, Words
from models.tick import next_due

CLOCK = web.AppKey("demo_clock", DemoClock)
GATEWAY = web.AppKey("demo_gateway", DemoGateway)

_TEMPLATES = Environment(
    loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_TEMPLATES.filters["beijing"] = lambda at: f"{beijing(datetime.fromisoformat(at)):%Y-%m-%d %H:%M}"


def _forwards(length: timedelta) -> timedelta:
    if length < timedelta():
        raise ValueError("演示时钟只能向前移动")
    return length


class Move(BaseModel):
    """Where to, or how far: {"to": "2026-03-02T09:00:00+08:00"}, {"advance": "PT24H"}."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: Moment | None = None
    advance: Annotated[timedelta, AfterValidator(_forwards)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.to is None) == (self.advance is None):
            raise ValueError("to 与 advance 给出一个")
        return self


def setup_demo(app: web.Application, clock: DemoClock, gateway: DemoGateway) -> None:
    app[CLOCK] = clock
    app[GATEWAY] = gateway
    app.router.add_get("/demo", page)
    app.router.add_get("/demo/clock", show_clock)
    app.router.add_post("/demo/clock", move_clock)
    app.router.add_post("/demo/advance", served(advance_by_form))
    app.router.add_get("/demo/messages", messages)
    app.router.add_post("/demo/replies", reply)
    app.router.add_post("/demo/reply", served(reply_by_form))
    setup_demo_accounts(app)
    setup_demo_chat(app)
    setup_demo_phone(app)
    setup_demo_staff_chat(app, gateway)


async def show_clock(request: web.Request) -> web.Response:
    return web.json_response(_moment(request.app[CLOCK].now()))


async def move_clock(request: web.Request) -> web.Response:
    """Answers when everything due by then has been done."""
    move = await read_body(request, Move)
    clock = request.app[CLOCK]
    now = clock.now()
    try:
        to = move.to or now + (move.advance or timedelta())
    except OverflowError:
        raise Invalid("太远", field="advance") from None
    done, sent = await _live_until(request.app, to)
    return web.json_response({**_moment(clock.now()), "done": done, "sent": sent})


STEPS = 2000
"""From there on in one go: it ends the same, only later than it was due."""


async def _live_until(app: web.Application, to: datetime) -> tuple[int, int]:
    """From one moment at which something falls due to the next, as a service that is never down.
    How much was done and sent. Raises Invalid."""
    clock, pulse = app[CLOCK], app[PULSE]
    clock.check(to)
    done = sent = 0
    for _ in range(STEPS):
        more_done, more_sent = await pulse.beat()
        done, sent = done + more_done, sent + more_sent
        moment = await next_due(app[OFFICE])
        if moment is None or moment >= to:
            break
        _move(clock, moment)
    _move(clock, to)
    more_done, more_sent = await pulse.beat()
    return done + more_done, sent + more_sent


def _move(clock: DemoClock, to: datetime) -> None:
    """A running clock may have got there by itself."""
    if to > clock.now():
        clock.move(to)


async def advance_by_form(request: web.Request) -> web.Response:
    """The buttons of the page."""
    hours = _BUTTONS.get((await read_form(request)).text("hours"))
    if hours is None:
        raise Plain(400, "无法识别的内容", "请用演示页上的按钮推进时钟。")
    clock = request.app[CLOCK]
    await _live_until(request.app, clock.now() + timedelta(hours=hours))
    raise web.HTTPSeeOther("/demo")


_BUTTONS = {"1": 1, "24": 24, "168": 168}


async def messages(request: web.Request) -> web.Response:
    """What was sent to whom by which channel, oldest first."""
    await request.app[PULSE].beat()
    return web.json_response({"messages": request.app[GATEWAY].sent()})


class Written(BaseModel):
    """上行短信: what a phone answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phone: Phone
    words: Words
    reference: Code | None = None
    """Of the provider: the same one again is the same message."""


async def reply(request: web.Request) -> web.Response:
    """{"phone": "13800138000", "words": "5"}; says what it was taken as."""
    taken_as = await _reply(request.app, await read_body(request, Written))
    return web.json_response({"taken_as": taken_as.value})


async def reply_by_form(request: web.Request) -> web.Response:
    form = await read_form(request)
    try:
        written = Written(phone=form.text("phone"), words=form.text("words"))
    except ValidationError:
        raise Plain(400, "无法识别的内容", "请用演示页上的按钮回复短信。") from None
    await _reply(request.app, written)
    raise web.HTTPSeeOther("/demo")


async def _reply(app: web.Application, written: Written) -> TakenAs:
    reference = written.reference or uuid4().hex
    office = app[OFFICE]
    said = SmsReply(reference, written.phone, written.words, office.now())
    taken_as = await take_reply(office, "demo", said)
    await app[PULSE].beat()
    return taken_as


async def page(request: web.Request) -> web.Response:
    await request.app[PULSE].beat()
    paths: list[DemoPath] = await demo_paths(request.app[OFFICE], request.app[SETTINGS].base_url)
    text = _TEMPLATES.get_template("demo.html").render(
        now=beijing(request.app[CLOCK].now()),
        paths=paths,
        messages=request.app[GATEWAY].sent()[::-1],
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", headers=headers)


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'"


def _moment(now: datetime) -> dict[str, Any]:
    return {"now": now.isoformat(), "beijing": beijing(now).isoformat()}
