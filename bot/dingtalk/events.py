"""事件订阅 over HTTP: signed, encrypted, and answered by an encrypted `success`.

What it tells of is not acted upon: the address has to answer, or the developer console does not
save it (check_url), and what stays unanswered is sent again and again.

Source: 《HTTP推送》 and the platform's own DingTalk-Callback-Crypto. The scheme is the one of
WeChat, so that wechatpy does it; the key's owner is the application.
"""

from __future__ import annotations

import re
import secrets
import struct
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import datetime
from hmac import compare_digest
from typing import Final

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException
from wechatpy.utils import WeChatSigner

from bot.callbacks import Forged, Malformed, json_object
from bot.dingtalk.callback import MILLISECONDS, SIZE_LIMIT, check_time
from bot.dingtalk.settings import DingtalkApp

SUCCESS: Final = "success"

_NONCE: Final = re.compile(r"[0-9A-Za-z_-]{1,128}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{40}")
_ENCRYPTED: Final = re.compile(r"[0-9A-Za-z+/=\s]+")
# What wechatpy's decryption is known to raise on what is no encrypted message.
_STUMBLES: Final = (ValueError, IndexError, struct.error)


class Events:
    """Of one application that has `token` and `aes_key`."""

    def __init__(self, app: DingtalkApp, now: Callable[[], datetime]) -> None:
        if app.token is None or app.aes_key is None:
            raise ValueError("an application without token and aes_key")
        self._token = app.token.get_secret_value()
        self._crypto = PrpCrypto(b64decode(app.aes_key.get_secret_value() + "="))
        self._owner = app.app_key
        self._now = now

    def read(self, query: Mapping[str, str], body: bytes) -> str:
        """The event's type. Raises Forged, Stale, Malformed."""
        signed = query.get("msg_signature") or query.get("signature", "")
        at = query.get("timestamp") or query.get("timeStamp", "")
        nonce = query.get("nonce", "")
        if not (
            MILLISECONDS.fullmatch(at) and _NONCE.fullmatch(nonce) and _SIGNATURE.fullmatch(signed)
        ):
            raise Forged("no timestamp, no nonce or no signature")
        if len(body) > SIZE_LIMIT:
            raise Malformed("too long")
        encrypted = json_object(body).get("encrypt")
        if not isinstance(encrypted, str) or not _ENCRYPTED.fullmatch(encrypted):
            raise Malformed("nothing encrypted")
        if not compare_digest(signed, self._signature(at, nonce, encrypted)):
            raise Forged("the signature is wrong")
        check_time(at, self._now())
        kind = json_object(self._opened(encrypted).encode()).get("EventType")
        if not isinstance(kind, str):
            raise Malformed("no EventType")
        return kind

    def answer(self) -> dict[str, str]:
        """The body of the response to any of them."""
        at, nonce = str(int(self._now().timestamp() * 1000)), secrets.token_hex(8)
        encrypted: str = self._crypto.encrypt(SUCCESS, self._owner).decode()
        return {
            "msg_signature": self._signature(at, nonce, encrypted),
            "timeStamp": at,
            "nonce": nonce,
            "encrypt": encrypted,
        }

    def _signature(self, *parts: str) -> str:
        signer = WeChatSigner()
        signer.add_data(self._token, *parts)
        signature: str = signer.signature
        return signature

    def _opened(self, encrypted: str) -> str:
        try:
            opened: str = self._crypto.decrypt(encrypted, self._owner)
        except InvalidAppIdException:
            raise Forged("for another application") from None
        except _STUMBLES as fault:
            raise Malformed(f"not encrypted: {type(fault).__name__}") from None
        return opened
