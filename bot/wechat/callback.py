"""The official account's callback: whether the platform sent it, what it says, and the answer.

《消息推送》 and 《消息加解密说明》 of the platform's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bot.callbacks import Malformed
from bot.length import cut
from bot.wechat.envelope import Envelope, Signer, encrypted_in, read_body, text_reply
from bot.wechat.incoming import Incoming, read_message
from bot.wechat.messages import TEXT_OCTETS
from bot.wechat.settings import Mode, OfficialAccount
from models.texts import harmless

SUCCESS: Final = b"success"

_ECHO: Final = re.compile(r"[0-9A-Za-z+/=_.-]{1,256}")
_NO_XML: Final = {0xFFFE: None, 0xFFFF: None}


class Callback:
    """Of one account. `now` is the clock that the platform's times are held against."""

    def __init__(self, account: OfficialAccount, now: Callable[[], datetime]) -> None:
        token = account.token.get_secret_value()
        self._app_id = account.app_id
        self._now = now
        self._signer = Signer(token, now)
        self._envelope: Envelope | None = None
        if account.mode is not Mode.PLAIN and account.aes_key:
            key = account.aes_key.get_secret_value()
            self._envelope = Envelope(self._signer, token, key, account.app_id)

    def verify(self, query: Mapping[str, str]) -> str:
        """What a GET is answered with. Raises Forged, Stale, Malformed."""
        self._signer.check(query)
        echo = query.get("echostr", "")
        if not _ECHO.fullmatch(echo):
            raise Malformed("an echostr that is none")
        return echo

    def read(self, query: Mapping[str, str], body: bytes) -> Incoming:
        """Raises Forged, Stale, Malformed."""
        # Encrypted, the body is signed too, and that signature is all that the platform promises.
        self._signer.check(query, signed=self._envelope is None or "signature" in query)
        xml = read_body(body)
        if self._envelope:
            # In compatible mode the same stands beside it in plain, which nobody has signed.
            xml = self._envelope.opened(query, encrypted_in(xml))
        return read_message(xml, self._app_id)

    def answer(self, incoming: Incoming, words: str | None) -> bytes:
        """The body of the response: a text to the sender, or that there is none.

        Longer words than the platform takes are cut.
        """
        content = fitting(words or "")
        if not content:
            return SUCCESS
        now = self._now()
        reply = text_reply(incoming.account, incoming.sender, content, now)
        return (self._envelope.sealed(reply, now) if self._envelope else reply).encode()


def fitting(words: str) -> str:
    """`words` as the platform takes them: without what XML cannot hold, and short enough."""
    return cut(harmless(words, TEXT_OCTETS + 1).translate(_NO_XML), TEXT_OCTETS)
