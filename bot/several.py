"""One message to several people, each by a call of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable

import structlog

from bot.gateways import NotDelivered, Rejected

log = structlog.get_logger()


async def to_several(sends: Iterable[Awaitable[str | None]]) -> str | None:
    """Taken as soon as one of them has it: whoever is reached this
    way is not told a second time on the next. The reference is the last one's. Raises NotDelivered;
    Rejected where all are."""
    taken, reference = False, None
    faults: list[NotDelivered] = []
    for each in sends:
        try:
            reference = await each or reference
            taken = True
        except NotDelivered as fault:
            faults.append(fault)
    if not taken:
        raise next((fault for fault in faults if not isinstance(fault, Rejected)), faults[0])
    for missed in faults:
        log.warning("not everybody was reached", why=missed.why)
    return reference
