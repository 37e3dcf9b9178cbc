"""Whether somebody follows the account, and until when the platform lets us write back. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from bot.wechat.incoming import Kind
from models.tables import Rater

AFTER_WORDS: Final = timedelta(hours=48)
AFTER_A_TAP: Final = timedelta(minutes=1)
"""客服消息: how long after it."""


def heard_of(rater: Rater, kind: Kind, at: datetime, received_at: datetime) -> dict[str, Any]:
    """What changes of them, by what they did last: the platform's news come in any order.
    `rater`: as locked."""
    follows = kind is not Kind.UNSUBSCRIBE
    changes: dict[str, Any] = {}
    if rater.follows_at is None or at > rater.follows_at:
        changes |= {"follows": follows, "follows_at": at}
    spoke = kind in (Kind.TEXT, Kind.VOICE, Kind.UNREAD)
    until = received_at + (AFTER_WORDS if spoke else AFTER_A_TAP)
    if follows and (rater.service_until is None or until > rater.service_until):
        changes["service_until"] = until
    return changes
