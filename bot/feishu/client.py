"""An application's server API: messages to single persons, replies, pictures.

《自建应用获取 tenant_access_token》, 《发送消息》, 《回复消息》, 《获取消息中的资源文件》:
open.feishu.cn/document/server-docs
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, TypeVar

import aiohttp
from yarl import URL

from bot.feishu import cards
from bot.feishu.errors import WHO
from bot.feishu.exchange import Request, Wire
from bot.feishu.settings import FeishuApp
from bot.gateways import Unheard
from bot.staff.platform import Card, Limit
from bot.tokens import Issued, Pace, Tokens
from models.office import Office

T = TypeVar("T")

TOKEN: Final = "/open-apis/auth/v3/tenant_access_token/internal"  # noqa: S105 - a path
MESSAGES: Final = "/open-apis/im/v1/messages"
MOST_SECONDS: Final = 7200
"""A token's life."""
PICTURE_TIMEOUT: Final = timedelta(seconds=30)


class Feishu:
    """`name`: the application's in the settings. `now`: the real time, by which tokens end.

    People go by their open_id: it is there without any right to read the directory (user_id wants
    one), and it is the application's own, as a binding is.
    Every method raises NotDelivered. None may be awaited in a transaction.
    """

    limits: Sequence[Limit] = (
        Limit(50, timedelta(seconds=1)),
        Limit(1000, timedelta(minutes=1)),
        Limit(5, timedelta(seconds=1), each=True),
    )
    at_once = 1

    def __init__(
        self,
        office: Office,
        name: str,
        app: FeishuApp,
        session: aiohttp.ClientSession,
        now: Callable[[], datetime],
        *,
        pace: Pace | None = None,
    ) -> None:
        self._app = app
        self._wire = Wire(session, URL(str(app.base_url)))
        self._tokens = Tokens(office, name, self._issue, now, pace or Pace())

    async def send(self, users: Sequence[str], card: Card) -> str | None:
        """The message's id. Whoever tries again within an hour sends it once, by the card's key."""
        (user,) = users
        once = f"{card.key}/{user}" if card.key else ""
        body = _message(cards.pushed(card), once) | {"receive_id": user}
        request = Request("POST", MESSAGES, {"receive_id_type": "open_id"}, body)
        return _message_id(await self._authorized(request, self._wire.call))

    async def reply(self, message: str, card: cards.Json, once: str) -> None:
        """`message`: its id. `once`: of what is answered; within an hour it is answered once."""
        request = Request("POST", f"{MESSAGES}/{message}/reply", body=_message(card, once))
        await self._authorized(request, self._wire.call)

    async def picture(self, message: str, key: str) -> bytes:
        """Of a message that somebody sent."""
        request = Request(
            "GET",
            f"{MESSAGES}/{message}/resources/{key}",
            {"type": "image"},
            timeout=PICTURE_TIMEOUT,
        )
        return await self._authorized(request, self._wire.fetch)

    async def check(self) -> None:
        """Whether the application can be called: it has a token, or gets one."""
        await self._tokens.current()

    async def _authorized(self, request: Request, ask: Callable[[Request], Awaitable[T]]) -> T:
        return await self._tokens.used(lambda token: ask(replace(request, token=token)))

    async def _issue(self, *, force: bool) -> Issued:  # noqa: ARG002 - Feishu has no force
        """Asked again it gives the same one, until its last 30 minutes; the old one stays good
        until it ends."""
        secret = self._app.app_secret.get_secret_value()
        body = {"app_id": self._app.app_id, "app_secret": secret}
        match await self._wire.call(Request("POST", TOKEN, body=body)):
            case {"tenant_access_token": str(token), "expire": int(seconds)} if (
                token and seconds > 0
            ):
                return Issued(token, timedelta(seconds=min(seconds, MOST_SECONDS)))
        raise Unheard(f"{WHO}：答复里没有访问凭据")


def _message(card: cards.Json, once: str) -> dict[str, object]:
    body: dict[str, object] = {
        "msg_type": "interactive",
        "content": json.dumps(card, ensure_ascii=False),
    }
    # At most 50 characters, whatever it is made of.
    return body | ({"uuid": sha256(once.encode()).hexdigest()[:40]} if once else {})


def _message_id(said: Mapping[str, object]) -> str | None:
    match said.get("data"):
        case {"message_id": str(number)}:
            return number
    return None
