"""/demo/staff-chat: the chat application of staff, to try it without WeCom, DingTalk or Feishu.
What is written here is answered as there, and pushes come by the same outbox."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import uuid4

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, StringConstraints

from api.demo.gateway import APP, DemoGateway
from api.endpoints import read_body
from api.keys import OFFICE, SETTINGS
from api.pulse import PULSE
from api.staff.forms import read_form
from bot.staff.answering import answer
from bot.staff.gateways import address
from bot.staff.messages import answer_of, words_of
from bot.staff.platform import Answered, Button, Said
from bot.staff.reaching import CHAT
from models.accounts.binding import bind, bound, new_code
from models.accounts.roles import Role
from models.office import Office
from models.ratings.attachments import LARGEST
from models.refusals import Invalid, Missing
from models.tables import Account, StaffMessage

SHOWN: Final = 20

_TEMPLATES = Environment(
    loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
_SENT: Final = web.AppKey("demo_staff_pushes", DemoGateway)


class Sent(BaseModel):
    """What somebody does in the chat. `picture`: in Base64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Annotated[str, StringConstraints(max_length=50)]
    """Its login."""
    words: Annotated[str, StringConstraints(max_length=4000)] = ""
    picture: Annotated[str, StringConstraints(max_length=LARGEST * 4 // 3 + 4)] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """`title`: of a push. None: an answer to `said`."""

    at: datetime
    text: str
    said: str = ""
    title: str | None = None
    link: str | None = None
    buttons: Sequence[Button] = ()


def setup_demo_staff_chat(app: web.Application, gateway: DemoGateway) -> None:
    app[_SENT] = gateway
    app.router.add_get("/demo/staff-chat", show)
    app.router.add_post("/demo/staff-chat", send)
    app.router.add_post("/demo/staff-chat/form", send_by_form)


async def send(request: web.Request) -> web.Response:
    """{"account": "tj-handler", "words": "待办"}; the answer, and its buttons."""
    sent = await read_body(request, Sent)
    try:
        picture = base64.b64decode(sent.picture or "", validate=True)
    except binascii.Error:
        raise Invalid("不是有效的Base64", field="picture") from None
    answered = await _answer(request, sent.account, sent.words, picture)
    return web.json_response(asdict(answered))


async def send_by_form(request: web.Request) -> web.Response:
    form = await read_form(request)
    login = form.text("account")
    files = form.files("picture")
    await _answer(request, login, form.text("words"), files[0][1] if files else b"")
    raise web.HTTPSeeOther(f"/demo/staff-chat?account={quote(login)}#last")


async def show(request: web.Request) -> web.Response:
    login = request.query.get("account")
    accounts = await Account.filter(disabled_at=None).select_related("agency").order_by("id")
    chosen = next((each for each in accounts if each.login == login), None)
    if chosen is not None:
        await request.app[PULSE].beat()
    text = _TEMPLATES.get_template("staff_chat.html").render(
        accounts=[(each.login, _who(each)) for each in accounts if each.agency_id is not None],
        chosen=(chosen.login, _who(chosen)) if chosen else None,
        lines=await _lines(request, chosen) if chosen else [],
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", headers=headers)


async def _answer(request: web.Request, login: str, words: str, picture: bytes) -> Answered:
    office = request.app[OFFICE]
    account = await Account.get_or_none(login=login, disabled_at=None)
    if account is None:
        raise Missing(f"没有“{login}”这个账号")
    await _bind(office, account)
    said = Said(
        app=APP,
        platform=APP,
        user=login,
        once=uuid4().hex,
        words=words,
        pictures=[_fetching(picture)] if picture else [],
        at=office.now(),
    )
    answered = await answer(office, request.app[SETTINGS].base_url, said)
    await request.app[PULSE].beat()
    return answered


def _fetching(picture: bytes) -> Callable[[], Awaitable[bytes]]:
    async def fetch() -> bytes:
        return picture

    return fetch


async def _bind(office: Office, account: Account) -> None:
    """As the console and the chat would, when an account is first used here."""
    if await bound(office, APP, account.login) is None:
        await bind(office, APP, APP, account.login, await new_code(office, account))


async def _lines(request: web.Request, account: Account) -> list[Line]:
    office, user = request.app[OFFICE], address([(APP, account.login)])
    found = StaffMessage.filter(app=APP, account_id=account.id).order_by("-id")
    lines = [_answered(office, each) for each in await found.limit(SHOWN)][::-1]
    lines += [
        _pushed(message)
        for message in request.app[_SENT].sent()
        if message["channel"] == CHAT and user in message["to"].split()
    ]
    return sorted(lines, key=lambda line: line.at)[-SHOWN:]


def _answered(office: Office, message: StaffMessage) -> Line:
    answered = answer_of(office, message)
    said = words_of(office, message) or "〔照片〕"
    return Line(message.at, answered.text, said, buttons=answered.buttons)


def _pushed(message: dict[str, Any]) -> Line:
    return Line(
        at=datetime.fromisoformat(message["at"]),
        text=message["text"],
        title=message["title"],
        link=message["link"],
        buttons=[Button(*each) for each in message["buttons"]],
    )


def _who(account: Account) -> str:
    agency = account.agency.name if account.agency else ""
    return f"{agency} {account.name}（{Role(account.role).label}）"
