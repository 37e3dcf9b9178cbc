"""An application's callback: whether WeCom sent it, what it says, and the answer.

“回调配置”, developer.work.weixin.qq.com/document/path/90930; “加解密方案说明”, 90968;
“被动回复消息格式”, 90241.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.wechat.callback import fitting
from bot.wechat.envelope import Envelope, Signer, encrypted_in, read_body, text_reply
from bot.wecom.incoming import Incoming, read_message
from bot.wecom.messages import plain
from bot.wecom.settings import WeComApp


class Callback:
    """`now` is the clock that the platform's times are held against."""

    def __init__(self, app: WeComApp, now: Callable[[], datetime]) -> None:
        token, key = app.token.get_secret_value(), app.encoding_aes_key.get_secret_value()
        self._app = app
        self._now = now
        self._signer = Signer(token, now)
        self._envelope = Envelope(self._signer, token, key, app.corp_id)

    def verify(self, query: Mapping[str, str]) -> str:
        """What a GET is answered with. Raises Forged, Stale, Malformed."""
        self._signer.check(query, signed=False)
        return self._envelope.opened(query, query.get("echostr", ""))

    def read(self, query: Mapping[str, str], body: bytes) -> Incoming:
        """Raises Forged, Stale, Malformed."""
        self._signer.check(query, signed=False)
        xml = self._envelope.opened(query, encrypted_in(read_body(body)))
        return read_message(xml, self._app.corp_id, self._app.agent_id)

    def answer(self, incoming: Incoming, words: str | None) -> bytes:
        """The body of the response: a text to the sender; empty: there is none."""
        content = fitting(plain(words or ""))
        if not content:
            return b""
        now = self._now()
        reply = text_reply(self._app.corp_id, incoming.user, content, now)
        return self._envelope.sealed(reply, now).encode()
