"""/demo/chat: the official account, to try it without WeChat. What is written here goes the way of
a callback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final, Self
from urllib.parse import urlsplit
from uuid import uuid4

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, SecretStr, StringConstraints, model_validator

from api.endpoints import read_body
from api.keys import OFFICE, SETTINGS
from api.pages.forms import read_form
from api.pages.plain import Plain, served
from api.pulse import PULSE
from bot.wechat.incoming import Incoming, Kind
from bot.wechat.menu import TAPS
from bot.wechat.receiving import receive
from bot.wechat.scenes import read_scene
from bot.wechat.settings import KINDS, Mode, OfficialAccount
from bot.wechat.working import Chat, answer_of, content_of
from models.office import Office
from models.raters import met
from models.sm3 import sm3
from models.tables import ChatMessage
from models.texts import Words
from models.words import Channel

NAME: Final = "demo"
OPENID: Final = "demo-citizen"
PUSHES: Final[Mapping[str, Mapping[str, bool]]] = {NAME: dict.fromkeys(KINDS, False)}
"""The demo's account pushes to whoever follows it, into the demo's list."""
SHOWN: Final = 12

_TEMPLATES = Environment(
    loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
Openid = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Sent(BaseModel):
    """What somebody does in the chat: one of words, a link that is scanned, and a menu key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    openid: Openid = OPENID
    words: Words | None = None
    link: Annotated[str, StringConstraints(max_length=300)] | None = None
    key: Annotated[str, StringConstraints(max_length=30)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(each is not None for each in (self.words, self.link, self.key)) != 1:
            raise ValueError("words、link、key 给出一个")
        return self

    def incoming(self) -> Incoming:
        """As the platform would push it."""
        kind = Kind.TEXT if self.words else Kind.CLICK if self.key else Kind.SCAN
        path = urlsplit(self.link or "").path.removeprefix("/")
        return Incoming(
            kind=kind,
            sender=self.openid,
            account=NAME,
            at=datetime.now(UTC),
            once=sm3(uuid4().bytes).hex(),
            words=self.words or "",
            scene=path if kind is Kind.SCAN else None,
            key=self.key,
        )


@dataclass(frozen=True, slots=True)
class Line:
    said: str
    answer: str


def setup_demo_chat(app: web.Application) -> None:
    app.router.add_get("/demo/chat", show)
    app.router.add_post("/demo/chat", send)
    app.router.add_post("/demo/chat/form", served(send_by_form))


async def send(request: web.Request) -> web.Response:
    """{"words": "5"}, {"link": "https://…/r/…"} or {"key": "rate"}; what is answered."""
    sent = await read_body(request, Sent)
    return web.json_response({"answer": await _receive(request, sent)})


async def send_by_form(request: web.Request) -> web.Response:
    form = await read_form(request)
    words, key = form.text("words"), form.text("key")
    is_link = read_scene(urlsplit(words).path.removeprefix("/")) is not None
    if not words and key not in TAPS:
        raise Plain(400, "无法识别的内容", "请写一句话，或点菜单。")
    sent = Sent(key=key) if not words else Sent(link=words) if is_link else Sent(words=words[:1000])
    await _receive(request, sent)
    raise web.HTTPSeeOther("/demo/chat")


async def show(request: web.Request) -> web.Response:
    text = _TEMPLATES.get_template("chat.html").render(
        lines=await _lines(request.app[OFFICE]), taps=TAPS
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", headers=headers)


async def _receive(request: web.Request, sent: Sent) -> str | None:
    chat = Chat(NAME, _ACCOUNT, request.app[SETTINGS].base_url, calls=False)
    answer = await receive(request.app[OFFICE], chat, sent.incoming())
    await request.app[PULSE].beat()
    return answer


async def _lines(office: Office) -> list[Line]:
    citizen = await met(office, NAME, Channel.OFFICIAL_ACCOUNT, OPENID)
    found = await ChatMessage.filter(rater=citizen).order_by("-id").limit(SHOWN)
    return [Line(_said(office, each), answer_of(office, each)) for each in reversed(found)]


def _said(office: Office, message: ChatMessage) -> str:
    content = content_of(office, message)
    if content.kind is Kind.SCAN:
        return "〔扫描二维码〕"
    return f"〔{TAPS.get(content.key or '', '')}〕" if content.kind is Kind.CLICK else content.words


_ACCOUNT: Final = OfficialAccount(
    app_id="wx00000000demo", token=SecretStr(uuid4().hex), mode=Mode.PLAIN
)
"""Nobody calls it back: its token is drawn anew at each start."""
