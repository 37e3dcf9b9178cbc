"""The one way out: takes what is due from the outbox, words it, and hands it to its gateway.

Claimed in one transaction (`SKIP LOCKED` on PostgreSQL, the file's lock on SQLite), sent outside of
any, noted in another. A process that dies in between loses nothing: its claim ends by itself, and
the message goes out again under the same key.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog
from tortoise.exceptions import DoesNotExist
from tortoise.expressions import Q

from bot.errands import Errand, errand
from bot.gateways import Message, NoConsent, NotDelivered, Post, Rejected, Unheard
from bot.letters import held_until, is_duty, letter
from bot.merging import Held, Parcel, packed
from bot.retrying import next_try
from bot.ways import Overtaken, Way, ways
from models.consents import give_back, has_one, spend, withdraw
from models.keys import KeyFault
from models.office import Office
from models.tables import Attempt, Notice
from models.texts import WHY_LENGTH
from models.words import NoticeState

CLAIM: Final = timedelta(minutes=2)
"""Longer than any gateway's patience."""
AT_ONCE: Final = 32
KEY_LENGTH: Final = 32
"""Of what gateways get as the idempotency key: a hash, the same at every attempt."""

log = structlog.get_logger()


async def deliver(office: Office, post: Post) -> int:
    """Send what is due; how many were taken by their gateways."""
    sent = 0
    while post.gateways and (claimed := await _claim(office)):
        worded = await asyncio.gather(
            *(_worded(office, post, notice) for notice in claimed), return_exceptions=True
        )
        parcels = await packed(post, [each for each in worded if isinstance(each, Parcel)])
        results = await asyncio.gather(
            *(_carry(office, post, each) for each in parcels), return_exceptions=True
        )
        sent += sum(each for each in results if isinstance(each, int))
        for result in (*worded, *results):
            if isinstance(result, BaseException):
                # The database went away: the others have been noted, this one's claim ends.
                raise result
    return sent


async def release(office: Office) -> int:
    """Take back every claim. Only for who is alone with the database: the demo at its start."""
    return await Notice.filter(state=NoticeState.SENDING.value).update(claimed_until=office.now())


async def _claim(office: Office) -> list[Notice]:
    now = office.now()
    # A claim that ends later than any made now was made before the clock went back. Twice: other
    # processes read theirs a little later than this one.
    free = (
        Q(state=NoticeState.WAITING.value)
        | Q(claimed_until__lte=now)
        | Q(claimed_until__gt=now + 2 * CLAIM)
    )
    due = Notice.filter(
        free,
        state__in=[NoticeState.WAITING.value, NoticeState.SENDING.value],
        next_at__lte=now,
    ).order_by("next_at", "id")
    if not await due.exists():
        return []
    async with office.database.transaction():
        claimed = await due.limit(AT_ONCE).select_for_update(skip_locked=True)
        for notice in claimed:
            notice.state, notice.claimed_until = NoticeState.SENDING.value, now + CLAIM
            notice.attempts += 1
        if claimed:
            await Notice.bulk_update(claimed, ["state", "claimed_until", "attempts"])
    return claimed


async def _worded(office: Office, post: Post, notice: Notice) -> Parcel | None:
    """None: there is nothing to send, now or ever, and that has been noted."""
    now = office.now()
    try:
        about = await errand(notice)
        if (morning := held_until(office, about, now)) > now:
            # Due by day, and kept up until the night: by a gateway that failed, by a standstill.
            await _wait(notice, morning, attempts=notice.attempts - 1)
            return None
        way = await _way(office, post, about)
        said = await letter(office, post, about, way)
    except Overtaken as overtaken:
        if notice.attempts > 1:
            await give_back(notice)
        await _note(notice, state=NoticeState.WITHDRAWN.value, why=overtaken.why)
        return None
    except NotDelivered as nowhere:
        await _failed(office, notice, None, nowhere)
        return None
    except (KeyFault, LookupError, ValueError, DoesNotExist) as fault:
        # What cannot be worded keeps nobody else waiting.
        log.warning("notice cannot be worded", notice=notice.id, kind=notice.kind, why=repr(fault))
        await _failed(office, notice, None, NotDelivered("消息内容无法生成"))
        return None
    return Parcel((notice,), way, said)


async def _way(office: Office, post: Post, about: Errand) -> Way:
    """Raises Overtaken, and NotDelivered or Rejected where no way is open now, or ever."""
    notice, found = about.notice, await ways(office, post, about)
    left = [way for way in found if way.channel not in notice.exhausted]
    if not left:
        if not found and not is_duty(office, about):
            raise Overtaken("没有可用的联系方式")
        raise Rejected(notice.why or "没有可用的联系方式")
    for way in left:
        if way.channel in post.gateways:
            return way
    raise NotDelivered(f"没有配置发送渠道：{'、'.join(way.channel for way in left)}")


async def _carry(office: Office, post: Post, parcel: Parcel | Held) -> int:
    """How many notices were taken."""
    if isinstance(parcel, Held):
        for notice in parcel.notices:
            await _wait(notice, office.now() + parcel.wait, attempts=notice.attempts - 1)
        return 0
    return await _hand_over(office, post, parcel)


async def _hand_over(office: Office, post: Post, parcel: Parcel) -> int:
    way, first = parcel.way, parcel.notices[0]
    if way.spends is not None and not await spend(first, way.spends):
        # Another notice was faster.
        await _failed(office, first, way, NoConsent("订阅的次数已用完"))
        return 0
    tries = [
        (
            notice,
            await Attempt.create(
                notice=notice, number=notice.attempts, route=way.channel, begun_at=office.now()
            ),
        )
        for notice in parcel.notices
    ]
    message = Message(
        key=office.keys.find(parcel.once, "notice")[:KEY_LENGTH],
        kind=parcel.kind,
        channel=way.channel,
        to=way.to,
        due=first.due_at,
        at=office.now(),
        **parcel.letter.content(),
    )
    try:
        reference = await post.gateways[way.channel].send(message)
    except NotDelivered as fault:
        if not (isinstance(fault, NoConsent) and await _taken_before(*tries[0], way)):
            await _not_taken(office, tries, way, fault)
            return 0
        reference = None
    except Exception:
        # A fault of the gateway's own code: this message waits, the others go on.
        log.exception("gateway failed", notice=first.id, kind=parcel.kind, channel=way.channel)
        await _not_taken(office, tries, way, NotDelivered("发送程序出错"))
        return 0
    async with office.database.transaction():
        for notice, attempt in tries:
            await _end(office, attempt, taken=True, reference=reference)
            await _note(
                notice,
                state=NoticeState.SENT.value,
                sent_at=office.now(),
                route=way.channel,
                why=None,
            )
    return len(tries)


async def _taken_before(notice: Notice, attempt: Attempt, way: Way) -> bool:
    """Nobody heard what became of an earlier try, and the one-time consent that it had is gone: it
    was taken, and goes no second way."""
    unheard = Attempt.filter(
        notice=notice, route=way.channel, taken=None, number__lt=attempt.number
    )
    return await unheard.exists() and await has_one(notice)


async def _not_taken(
    office: Office, tries: list[tuple[Notice, Attempt]], way: Way, fault: NotDelivered
) -> None:
    taken = None if isinstance(fault, Unheard) else False
    for notice, attempt in tries:
        if isinstance(fault, NoConsent) and way.spends is not None:
            await withdraw(way.spends, notice.kind, attempt.begun_at)
        elif isinstance(fault, Rejected) and way.spends is not None:
            await give_back(notice)
        await _end(office, attempt, taken=taken, why=fault.why[:WHY_LENGTH])
        await _failed(office, notice, way, fault)


async def _end(office: Office, attempt: Attempt, **what: object) -> None:
    await Attempt.filter(id=attempt.id).update(ended_at=office.now(), **what)


async def _failed(office: Office, notice: Notice, way: Way | None, fault: NotDelivered) -> None:
    why = fault.why[:WHY_LENGTH]
    log.warning("notice not delivered", notice=notice.id, kind=notice.kind, why=why)
    again = next_try(office.now(), notice.attempts, fault.wait)
    if isinstance(fault, Rejected) and way is not None:
        # The next way, if there is one, and at once.
        await _wait(
            notice,
            office.now(),
            exhausted=[*notice.exhausted, way.channel],
            route=way.channel,
            why=why,
        )
    elif isinstance(fault, Rejected) or again >= notice.give_up_at:
        await give_back(notice)
        await _note(notice, state=NoticeState.DEAD.value, why=why)
    else:
        await _wait(notice, again, route=way.channel if way else None, why=why)


async def _wait(notice: Notice, until: datetime, **more: object) -> None:
    await _note(notice, state=NoticeState.WAITING.value, next_at=until, **more)


async def _note(notice: Notice, **changes: object) -> None:
    """Unless the claim has ended meanwhile and somebody else has the notice."""
    mine = Notice.filter(id=notice.id, state=NoticeState.SENDING.value, attempts=notice.attempts)
    await mine.update(claimed_until=None, **changes)
