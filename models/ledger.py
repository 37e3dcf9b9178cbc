"""The leaf of an evaluation: SM3 over a canonical form of all that was said.

Canonical form 1 is JSON with sorted keys, no white space, UTF-8, times in UTC to the microsecond.
It covers the keyed hash of the rater and not the sealed columns: those change when keys rotate.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from models.sm3 import sm3

FORM = 1


def canonical(evaluation: dict[str, Any], slots: Sequence[str]) -> bytes:
    """`evaluation` is the row by column, sealed columns left out; `slots` what it covers."""
    form = {**evaluation, "slots": sorted(slots)}
    return json.dumps(
        form, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    ).encode()


def leaf(evaluation: dict[str, Any], slots: Sequence[str]) -> str:
    # RFC 6962: leaves and inner nodes are told apart by their first byte.
    return sm3(b"\x00" + canonical(evaluation, slots)).hex()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
