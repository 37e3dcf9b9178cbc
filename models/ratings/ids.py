"""The id of an evaluation: known before the row is written, and in the order of time."""

from __future__ import annotations

import os
from datetime import datetime
from uuid import UUID


def time_ordered_id(now: datetime) -> UUID:
    """UUID version 7 (RFC 9562)."""
    milliseconds = int(now.timestamp() * 1000)
    value = milliseconds << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 7 << 76
    return UUID(int=value & ~(0b11 << 62) | 0b10 << 62)
