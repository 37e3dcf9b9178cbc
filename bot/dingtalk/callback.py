"""A message to our robot: whether DingTalk sent it, and what it says.

The signature covers the time and nothing else, so that whoever has seen one could use it for an
hour: the address must be https.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from bot.callbacks import Forged, Malformed, Stale
from bot.dingtalk.incoming import Incoming, read_message
from bot.dingtalk.settings import DingtalkApp
from bot.dingtalk.signing import signature

SIZE_LIMIT: Final = 256 * 1024
"""Octets of a body: some ten times a message of twenty pictures."""
WINDOW: Final = timedelta(hours=1)
"""The platform's own."""

MILLISECONDS: Final = re.compile(r"[0-9]{13}")
_SIGNATURE: Final = re.compile(r"[0-9A-Za-z+/]{43}=")


class Callback:
    """Of one application. `now` is the clock that the platform's times are held against."""

    def __init__(self, app: DingtalkApp, now: Callable[[], datetime]) -> None:
        self._secret = app.app_secret.get_secret_value()
        self._now = now

    def read(self, headers: Mapping[str, str], body: bytes) -> Incoming:
        """Raises Forged, Stale, Malformed."""
        at, signed = headers.get("timestamp", ""), headers.get("sign", "")
        if not MILLISECONDS.fullmatch(at) or not _SIGNATURE.fullmatch(signed):
            raise Forged("no timestamp, or no signature")
        if not compare_digest(signed, signature(at, self._secret)):
            raise Forged("the signature is wrong")
        check_time(at, self._now())
        if len(body) > SIZE_LIMIT:
            raise Malformed("too long")
        return read_message(body)


def check_time(milliseconds: str, now: datetime) -> None:
    """Raises Stale."""
    if abs(now.timestamp() - int(milliseconds) / 1000) > WINDOW.total_seconds():
        raise Stale("outside the window")
