"""The one way out: takes what is due from the outbox, words it, and hands it to its gateway.

A notice is claimed by compare-and-set, which works on both engines; a claim that was not finished
ends by itself, so a process that died loses nothing. What has no gateway stays in the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog
from tortoise.exceptions import DoesNotExist
from tortoise.expressions import Q

from bot.gateways import Gateway, Message, NotDelivered
from bot.letters import letter, not_before
from models.keys import KeyFault
from models.office import Office
from models.tables import Notice

CLAIM = timedelta(minutes=2)
AGAIN = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
"""After which attempt to wait how long; the last is kept to."""
BATCH = 100

log = structlog.get_logger()


async def deliver(office: Office, gateways: Mapping[str, Gateway], base_url: str) -> int:
    """Send what is due; how many were taken by their gateways."""
    sent = 0
    while due := await _due(office, gateways):
        for notice in due:
            if await _claim(office, notice):
                sent += await _send(office, gateways[notice.channel], notice, base_url)
    return sent


async def _due(office: Office, gateways: Mapping[str, Gateway]) -> list[Notice]:
    now = office.now()
    return (
        await Notice.filter(due_at__lte=now, channel__in=list(gateways))
        .filter(Q(state="waiting") | Q(state="sending", claimed_until__lte=now))
        .order_by("due_at", "id")
        .limit(BATCH)
    )


async def _claim(office: Office, notice: Notice) -> bool:
    taken = await Notice.filter(id=notice.id, state=notice.state, attempts=notice.attempts).update(
        state="sending", attempts=notice.attempts + 1, claimed_until=office.now() + CLAIM
    )
    return taken == 1


async def _send(office: Office, gateway: Gateway, notice: Notice, base_url: str) -> bool:
    mine = Notice.filter(id=notice.id, state="sending", attempts=notice.attempts + 1)
    try:
        if (morning := await not_before(office, notice)) > office.now():
            # Due by day, and kept up until the night: by a gateway that failed, by a standstill.
            await mine.update(
                state="waiting", due_at=morning, attempts=notice.attempts, claimed_until=None
            )
            return False
        to, text, link = await letter(office, notice, base_url)
        at = max(notice.due_at, office.now())
        await gateway.send(Message(notice.once, notice.kind, notice.channel, to, text, link, at))
    except (NotDelivered, KeyFault, LookupError, DoesNotExist) as fault:
        # What cannot be worded waits as well, and keeps nobody else waiting.
        wait = AGAIN[min(notice.attempts, len(AGAIN) - 1)]
        await mine.update(state="waiting", due_at=office.now() + wait, claimed_until=None)
        log.warning("notice not delivered", notice=notice.id, kind=notice.kind, why=str(fault))
        return False
    await mine.update(state="sent", sent_at=office.now(), claimed_until=None)
    return True
