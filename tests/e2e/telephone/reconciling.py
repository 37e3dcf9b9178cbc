"""What must be true of the database when all have hung up."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from tests.e2e.killing.reconciling import rows
from tests.e2e.telephone.callers import Call
from tests.e2e.telephone.scripts import Script

_SETTLED: Final = 60
"""Looks, half a second apart."""


class Kept(NamedTuple):
    """`link`: notices with one."""

    level: int | None
    recordings: int
    links: int
    orders: int
    opinions: int


_OPEN: Final = "SELECT COUNT(*) FROM handover WHERE ended_at IS NULL"
_KEPT: Final = """
    SELECT c.number, e.level,
        (SELECT COUNT(*) FROM attachment a WHERE a.evaluation_id = e.id),
        (SELECT COUNT(*) FROM notice n WHERE n.kind = 'invitation'
            AND n.once = 'invitation:' || i.key),
        (SELECT COUNT(*) FROM work_order w WHERE w.evaluation_id = e.id),
        (SELECT COUNT(*) FROM opinion o WHERE o.submission = 'handover-' || CAST(h.id AS TEXT))
    FROM call c JOIN handover h ON h.call_id = c.id
        LEFT JOIN invitation i ON i.call_id = c.id
        LEFT JOIN evaluation e ON e.invitation_id = i.id
"""


async def faults(url: str, called: Iterable[tuple[Script, Call]]) -> list[str]:
    """Every discrepancy, in words."""
    for _ in range(_SETTLED):
        ((left,),) = await rows(url, _OPEN)
        if not left:
            break
        await asyncio.sleep(0.5)
    stored = [(number, Kept(*kept)) for number, *kept in await rows(url, _KEPT)]
    twice = [number for number, n in Counter(number for number, _ in stored).items() if n > 1]
    found = [f"{left} handovers never ended"] if left else []
    found += [f"rated twice: {number}" for number in twice]
    kept = dict(stored)
    for script, call in called:
        got = kept.pop(call.number, None)
        if got != wanted(script):
            found.append(f"{call.number} by {call.way}: {got} where {wanted(script)} was due")
    return found + [f"a call that nobody made: {number}" for number in kept]


def wanted(script: Script) -> Kept:
    rated = script.level is not None
    return Kept(
        level=script.level,
        recordings=int(script.recorded),
        links=int(not rated),
        orders=int(script.level is not None and script.level <= 2),
        opinions=0,
    )
