"""An application's callback: whether Feishu sent it, and what it says.

《接收事件》, 《接收回调》, 《将事件发送至开发者服务器》 of the platform's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from bot.callbacks import Forged, Malformed, Stale, json_object
from bot.feishu.exchange import Answer
from bot.feishu.incoming import Tapped, Written, read_event
from bot.feishu.settings import FeishuApp
from bot.feishu.signing import decrypted, signature
from bot.reading import read_object

AHEAD: Final = timedelta(minutes=10)
BEHIND: Final = timedelta(hours=8)
"""An event is repeated until 7 hours 20 minutes after the first time, and nobody says whether under
a new timestamp. What is replayed in this time is answered the same, and done once."""

_TIMESTAMP: Final = re.compile(r"[0-9]{10}")
_NONCE: Final = re.compile(r"[0-9A-Za-z_-]{1,128}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{64}")
_CHALLENGE: Final = re.compile(r"[0-9A-Za-z_.=+/-]{1,256}")


@dataclass(frozen=True, slots=True)
class Challenge:
    """Asked when the address is entered at the platform. It is to be given back."""

    text: str


class Callback:
    """Of one application. `now`: the clock that the platform's times are held against."""

    def __init__(self, app: FeishuApp, now: Callable[[], datetime]) -> None:
        self._app_id = app.app_id
        self._token = app.verification_token.get_secret_value()
        self._key = app.encrypt_key.get_secret_value()
        self._now = now

    def read(self, headers: Mapping[str, str], body: bytes) -> Challenge | Written | Tapped | None:
        """None: nothing that we answer. Raises Forged, Stale, Malformed."""
        outer = json_object(body)
        if not self._is_signed(headers, body):
            return self._challenge(outer)
        self._check_age(int(headers["X-Lark-Request-Timestamp"]))
        try:
            said = self._opened(outer)
        except ValueError:
            raise Malformed("not encrypted") from None
        if said.get("type") == "url_verification":
            return self._challenge(said)
        header = said.get("header")
        if not isinstance(header, Mapping):
            raise Malformed("no event of version 2.0")
        self._check_token(header.get("token"))
        if header.get("app_id") != self._app_id:
            raise Forged("for another application")
        return read_event(said)

    def _is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        timestamp = headers.get("X-Lark-Request-Timestamp", "")
        nonce = headers.get("X-Lark-Request-Nonce", "")
        given = headers.get("X-Lark-Signature", "")
        # Signed as one run of characters: of another form, one could be cut from the other.
        if not (_TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
            return False
        right = signature(timestamp, nonce, self._key, body)
        return bool(_SIGNATURE.fullmatch(given)) and compare_digest(given, right)

    def _check_age(self, timestamp: int) -> None:
        age = timedelta(seconds=self._now().timestamp() - timestamp)
        if not -AHEAD < age < BEHIND:
            raise Stale("outside the window")

    def _opened(self, outer: Answer) -> Answer:
        """Raises ValueError."""
        encrypted = outer.get("encrypt")
        if not isinstance(encrypted, str):
            raise ValueError("nothing encrypted")  # noqa: TRY004 - as for all that cannot be opened
        said = read_object(decrypted(self._key, encrypted))
        if said is None:
            raise ValueError("no JSON object")
        return said

    def _challenge(self, said: Answer) -> Challenge:
        """It need not be signed. Whatever else is not signed is forged, and is not told what is
        wrong with it: who may try can find out what is under a cipher by its padding."""
        try:
            said = self._opened(said) if "encrypt" in said else said
        except ValueError:
            raise Forged("the signature is wrong") from None
        if said.get("type") != "url_verification":
            raise Forged("the signature is wrong")
        self._check_token(said.get("token"))
        challenge = said.get("challenge")
        if not (isinstance(challenge, str) and _CHALLENGE.fullmatch(challenge)):
            raise Malformed("a challenge that is none")
        return Challenge(challenge)

    def _check_token(self, token: object) -> None:
        given = token if isinstance(token, str) else ""
        if not compare_digest(given.encode(errors="replace"), self._token.encode()):
            raise Forged("the verification token is wrong")
