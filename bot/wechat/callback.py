"""The official account's callback: whether the platform sent it, what it says, and the answer.

《消息推送》 and 《消息加解密说明》 of the platform's documentation.
"""

from __future__ import annotations

import re
import secrets
import struct
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException
from wechatpy.replies import TextReply
from wechatpy.utils import WeChatSigner

from bot.wechat.elements import Malformed
from bot.wechat.incoming import ROOT, Incoming, read_message
from bot.wechat.length import TEXT_BYTES, cut
from bot.wechat.settings import Mode, OfficialAccount
from models.texts import harmless

SIZE_LIMIT: Final = 64 * 1024
"""Octets of a body: some ten times the longest that the platform sends."""
WINDOW: Final = timedelta(minutes=10)
"""How far a callback's time may lie from ours: the three tries take fifteen seconds."""
SUCCESS: Final = b"success"

_TIMESTAMP: Final = re.compile(r"[0-9]{10}")
_NONCE: Final = re.compile(r"[0-9A-Za-z_-]{1,128}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{40}")
_ECHO: Final = re.compile(r"[0-9A-Za-z+/=_.-]{1,256}")
_NO_XML: Final = {0xFFFE: None, 0xFFFF: None}
# What wechatpy's decryption is known to raise on what is no encrypted message.
_STUMBLES: Final = (ValueError, IndexError, struct.error)


class Forged(Exception):
    """Not signed with our token, or for another account."""


class Stale(Exception):
    """Signed too long ago, or by a clock that is wrong."""


class Callback:
    """Of one account. `now` is the clock that the platform's times are held against."""

    def __init__(self, account: OfficialAccount, now: Callable[[], datetime]) -> None:
        self._app_id = account.app_id
        self._token = account.token.get_secret_value()
        self._now = now
        self._crypto: WeChatCrypto | None = None
        if account.mode is not Mode.PLAIN and account.aes_key:
            key = account.aes_key.get_secret_value()
            self._crypto = WeChatCrypto(self._token, key, account.app_id)

    def verify(self, query: Mapping[str, str]) -> str:
        """What a GET is answered with. Raises Forged, Stale, Malformed."""
        self._check(query)
        echo = query.get("echostr", "")
        if not _ECHO.fullmatch(echo):
            raise Malformed("an echostr that is none")
        return echo

    def read(self, query: Mapping[str, str], body: bytes) -> Incoming:
        """Raises Forged, Stale, Malformed."""
        # Encrypted, the body is signed too, and that signature is all that the platform promises.
        self._check(query, signed=self._crypto is None or "signature" in query)
        if len(body) > SIZE_LIMIT:
            raise Malformed("too long")
        try:
            xml = body.decode()
        except UnicodeDecodeError:
            raise Malformed("no UTF-8") from None
        if self._crypto:
            # In compatible mode the same stands beside it in plain, which nobody has signed.
            xml = self._opened(self._crypto, query, _encrypted(xml))
        return read_message(xml, self._app_id)

    def answer(self, incoming: Incoming, words: str | None) -> bytes:
        """The body of the response: a text to the sender, or that there is none.

        Longer words than the platform takes are cut.
        """
        content = fitting(words or "")
        if not content:
            return SUCCESS
        seconds = int(self._now().timestamp())
        reply: str = TextReply(
            source=incoming.account,
            target=incoming.sender,
            time=seconds,
            # wechatpy puts it into a CDATA section as it is.
            content=content.replace("]]>", "]]]]><![CDATA[>"),
        ).render()
        if self._crypto:
            reply = self._crypto.encrypt_message(reply, secrets.token_hex(8), str(seconds))
        return reply.encode()

    def _check(self, query: Mapping[str, str], *, signed: bool = True) -> None:
        if len(query) != len(set(query)):
            raise Forged("a parameter twice")
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        # Signed as one run of characters: of another form, one could be cut from the other.
        if not (_TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
            raise Forged("no timestamp or no nonce")
        if signed:
            self._check_signature(query.get("signature", ""), timestamp, nonce)
        if abs(self._now().timestamp() - int(timestamp)) > WINDOW.total_seconds():
            raise Stale("outside the window")

    def _check_signature(self, signature: str, *parts: str) -> None:
        signer = WeChatSigner()
        signer.add_data(self._token, *parts)
        right: str = signer.signature
        if not (_SIGNATURE.fullmatch(signature) and compare_digest(signature, right)):
            raise Forged("the signature is wrong")

    def _opened(self, crypto: WeChatCrypto, query: Mapping[str, str], encrypted: str) -> str:
        signature, timestamp, nonce = (
            query.get("msg_signature", ""),
            query["timestamp"],
            query["nonce"],
        )
        self._check_signature(signature, timestamp, nonce, encrypted)
        try:
            xml: str = crypto.decrypt_message({"Encrypt": encrypted}, signature, timestamp, nonce)
        except InvalidAppIdException:
            raise Forged("for another account") from None
        except _STUMBLES as fault:
            raise Malformed(f"not encrypted: {type(fault).__name__}") from None
        return xml


def _encrypted(xml: str) -> str:
    if not ROOT.match(xml):
        raise Malformed("no <xml>")
    try:
        outer = xmltodict.parse(xml)["xml"]
    except (ExpatError, ValueError) as fault:
        raise Malformed(f"no XML: {type(fault).__name__}") from None
    encrypted = outer.get("Encrypt") if isinstance(outer, dict) else None
    if not isinstance(encrypted, str):
        raise Forged("nothing encrypted: is the account in plain mode?")
    return encrypted


def fitting(words: str) -> str:
    """`words` as the platform takes them: without what XML cannot hold, and short enough."""
    return cut(harmless(words, TEXT_BYTES + 1).translate(_NO_XML))
