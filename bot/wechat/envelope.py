"""How a callback is signed and encrypted, and its answer: the same for official accounts and for
WeCom.

《消息加解密说明》 of the one, 《加解密方案说明》 of the other.
"""

from __future__ import annotations

import re
import secrets
import struct
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, Final
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException
from wechatpy.replies import TextReply
from wechatpy.utils import WeChatSigner

from bot.callbacks import Forged, Malformed, Stale
from bot.wechat.incoming import ROOT

SIZE_LIMIT: Final = 64 * 1024
"""Octets of a body: some ten times the longest that the platform sends."""
WINDOW: Final = timedelta(minutes=10)
"""How far a callback's time may lie from ours: the three tries take fifteen seconds."""

_TIMESTAMP: Final = re.compile(r"[0-9]{10}")
_NONCE: Final = re.compile(r"[0-9A-Za-z_-]{1,128}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{40}")
# What wechatpy's decryption is known to raise on what is no encrypted message.
_STUMBLES: Final = (ValueError, IndexError, struct.error)


class Signer:
    """Of one account's callbacks. `now` is the clock that their times are held against."""

    def __init__(self, token: str, now: Callable[[], datetime]) -> None:
        self._token = token
        self._now = now

    def check(self, query: Mapping[str, str], *, signed: bool = True) -> None:
        """Raises Forged, Stale. Not `signed`: the form of the query and its time alone."""
        if len(query) != len(set(query)):
            raise Forged("a parameter twice")
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        # Signed as one run of characters: of another form, one could be cut from the other.
        if not (_TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
            raise Forged("no timestamp or no nonce")
        if signed:
            self.check_signature(query.get("signature", ""), timestamp, nonce)
        if abs(self._now().timestamp() - int(timestamp)) > WINDOW.total_seconds():
            raise Stale("outside the window")

    def check_signature(self, signature: str, *parts: str) -> None:
        """Raises Forged."""
        signer = WeChatSigner()
        signer.add_data(self._token, *parts)
        right: str = signer.signature
        if not (_SIGNATURE.fullmatch(signature) and compare_digest(signature, right)):
            raise Forged("the signature is wrong")


class Envelope:
    """`key`: EncodingAESKey. `receiver`: the app_id, or the corp_id."""

    def __init__(self, signer: Signer, token: str, key: str, receiver: str) -> None:
        self._signer = signer
        self._crypto = WeChatCrypto(token, key, receiver)

    def opened(self, query: Mapping[str, str], encrypted: str) -> str:
        """Of a query that was checked. Raises Forged, Malformed."""
        signature, timestamp, nonce = (
            query.get("msg_signature", ""),
            query["timestamp"],
            query["nonce"],
        )
        self._signer.check_signature(signature, timestamp, nonce, encrypted)
        try:
            plain: str = self._crypto.decrypt_message(
                {"Encrypt": encrypted}, signature, timestamp, nonce
            )
        except InvalidAppIdException:
            raise Forged("for another account") from None
        except _STUMBLES as fault:
            raise Malformed(f"not encrypted: {type(fault).__name__}") from None
        return plain

    def sealed(self, xml: str, at: datetime) -> str:
        seconds = str(int(at.timestamp()))
        sealed: str = self._crypto.encrypt_message(xml, secrets.token_hex(8), seconds)
        return sealed


def read_body(body: bytes) -> str:
    """Raises Malformed."""
    if len(body) > SIZE_LIMIT:
        raise Malformed("too long")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Malformed("no UTF-8") from None


def parsed(xml: str) -> dict[str, Any]:
    """The elements inside the root. Raises Malformed."""
    if not ROOT.match(xml):
        raise Malformed("no <xml>")
    try:
        found = xmltodict.parse(xml)["xml"]
    except (ExpatError, ValueError) as fault:
        raise Malformed(f"no XML: {type(fault).__name__}") from None
    return found if isinstance(found, dict) else {}


def encrypted_in(xml: str) -> str:
    """Raises Forged, Malformed."""
    encrypted = parsed(xml).get("Encrypt")
    if not isinstance(encrypted, str):
        raise Forged("nothing encrypted: is the account in plain mode?")
    return encrypted


def text_reply(source: str, target: str, content: str, at: datetime) -> str:
    """The XML of a passive answer (被动回复)."""
    reply: str = TextReply(
        source=source,
        target=target,
        time=int(at.timestamp()),
        # wechatpy puts it into a CDATA section as it is.
        content=content.replace("]]>", "]]]]><![CDATA[>"),
    ).render()
    return reply
