"""The server API of WeCom, for one application: WeChat's, but for how a token is asked for and
what its errcodes mean.

“获取access_token”, developer.work.weixin.qq.com/document/path/91039. Within its 7200 seconds the
platform gives the same one again; it may end it sooner.
"""

from __future__ import annotations

from typing import ClassVar, Final

from bot.wechat.platform import Call, Platform, Service
from bot.wecom.errors import WHO, fault

TOKEN: Final = "/cgi-bin/gettoken"  # noqa: S105 - a path


def _token(corp_id: str, secret: str, force: bool) -> Call:  # noqa: ARG001
    """There is no forcing: after it has refused one, the platform gives another one by itself."""
    return Call("GET", TOKEN, {"corpid": corp_id, "corpsecret": secret})


class WeComPlatform(Platform):
    """`app_id`: the corp_id."""

    service: ClassVar[Service] = Service(WHO, _token, fault)
