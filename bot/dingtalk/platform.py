"""The server API of DingTalk, for one application.

A call brings the application's token with it, and once more a new one where the platform no longer
takes the old one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import aiohttp
from pydantic import HttpUrl
from yarl import URL

from bot.dingtalk.refusals import WHO, refusal, robot_refusal
from bot.dingtalk.settings import DingtalkApp
from bot.exchange import TIMEOUT, Heard, Request, Wire
from bot.gateways import NotDelivered, Rejected, Unheard
from bot.reading import read_object, word
from bot.tokens import Issued, Pace, Tokens
from models.office import Office

Answer = dict[str, object]

TOKEN: Final = "/v1.0/oauth2/accessToken"  # noqa: S105 - a path
DOWNLOAD: Final = "/v1.0/robot/messageFiles/download"
SEND: Final = "/v1.0/robot/oToMessages/batchSend"
MOST_SECONDS: Final = 7200
"""A token's life. Believed more, a slip of theirs would end all calls for as long."""

_FILES: Final = (".dingtalk.com", ".aliyuncs.com")


class Platform:
    """`name`: the application's in the settings. `now`: the real time, by which tokens end,
    whatever clock the office goes by.

    Every method raises NotDelivered. None may be awaited in a transaction.
    """

    def __init__(
        self,
        office: Office,
        name: str,
        app: DingtalkApp,
        session: aiohttp.ClientSession,
        now: Callable[[], datetime],
        *,
        timeout: timedelta = TIMEOUT,
        pace: Pace | None = None,
    ) -> None:
        self._app = app
        self._wire = Wire(WHO, session, timeout)
        self._tokens = Tokens(office, name, self._issue, now, pace or Pace())

    async def check(self) -> None:
        """Whether the application can be called: it has a token, or gets one."""
        await self._tokens.current()

    async def send(self, users: Sequence[str], key: str, param: Mapping[str, str]) -> Answer:
        """A message of the robot to each of them, at most twenty."""
        body = {
            "robotCode": self._app.robot_code,
            "userIds": list(users),
            "msgKey": key,
            "msgParam": json.dumps(param, ensure_ascii=False),
        }
        return await self._call(SEND, body)

    async def picture(self, code: str) -> bytes:
        """What somebody sent to the robot. Raises Rejected where it is gone."""
        body = {"downloadCode": code, "robotCode": self._app.robot_code}
        said = await self._call(DOWNLOAD, body)
        url = _known(word(said.get("downloadUrl")), self._app.base_url)
        answered = _checked(await self._wire.exchange(Request("GET", url)))
        if answered.status >= HTTPStatus.BAD_REQUEST or not answered.body:
            raise Rejected(f"钉钉：图片取不到（HTTP {answered.status}）")
        return answered.body

    async def _call(self, path: str, body: Mapping[str, object]) -> Answer:
        return await self._tokens.used(lambda token: self._post(path, body, token))

    async def _post(self, path: str, body: Mapping[str, object], token: str | None) -> Answer:
        url = URL(str(self._app.base_url)).joinpath(path.removeprefix("/"))
        headers = {"x-acs-dingtalk-access-token": token} if token else {}
        answered = _checked(await self._wire.exchange(Request("POST", url, headers, body)))
        said = read_object(answered.body)
        if answered.status >= HTTPStatus.BAD_REQUEST:
            raise refusal(answered.status, word((said or {}).get("code")))
        if said is None:
            raise Unheard("钉钉：答复无法读取")
        return said

    async def _issue(self, *, force: bool) -> Issued:  # noqa: ARG002 - there is one way only
        body = {"appKey": self._app.app_key, "appSecret": self._app.app_secret.get_secret_value()}
        match await self._post(TOKEN, body, None):
            case {"accessToken": str(token), "expireIn": int(seconds)} if token and seconds > 0:
                return Issued(token, timedelta(seconds=min(seconds, MOST_SECONDS)))
        raise Unheard("钉钉：答复里没有访问凭据")


async def post_to_robot(wire: Wire, url: URL, message: Mapping[str, object]) -> None:
    """To a group's robot. Raises NotDelivered."""
    answered = _checked(await wire.exchange(Request("POST", url, body=message)))
    said = read_object(answered.body)
    if answered.status >= HTTPStatus.BAD_REQUEST:
        raise refusal(answered.status, word((said or {}).get("code")))
    match said:
        case {"errcode": 0}:
            return
        case {"errcode": int(code)}:
            raise robot_refusal(code)
    raise Unheard("钉钉：答复无法读取")


def _checked(heard: Heard) -> Heard:
    """Of 2xx or 4xx. Raises NotDelivered."""
    if heard.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unheard(f"钉钉：平台暂时不可用（HTTP {heard.status}）")
    if HTTPStatus.MULTIPLE_CHOICES <= heard.status < HTTPStatus.BAD_REQUEST:
        raise NotDelivered(f"钉钉：平台要求转到别处，未跟随（HTTP {heard.status}）")
    return heard


def _known(address: str, base: HttpUrl) -> URL:
    """Raises Rejected for an address that is none of the platform's."""
    try:
        url = URL(address)
        ours = url.origin() == URL(str(base)).origin()
        theirs = url.scheme == "https" and url.port == 443 and f".{url.host}".endswith(_FILES)
    except ValueError:
        ours = theirs = False
    if not (ours or theirs) or url.user is not None:
        raise Rejected("钉钉：给出的地址不是平台的，未访问")
    return url
