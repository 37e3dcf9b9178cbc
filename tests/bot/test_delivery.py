"""The outbox: sent once, again after a wait, never lost (bot/delivery.py)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from bot.delivery import AGAIN, CLAIM, deliver
from bot.gateways import Message
from models.calendar.beijing import BEIJING
from models.office import Office
from models.ratings.submit import submit
from models.rulebooks.shelf import Shelf
from models.tables import Notice
from models.words import Level
from tests.bot.conftest import Recording
from tests.models.offices import another_office_at
from tests.models.ratings.said import rating, reasons
from tests.models.town import Town, case, done, visit
from tests.standing import StandingClock

BASE = "https://pj.example"


async def one_notice(town: Town) -> Notice:
    await town.report(case(), visit())
    return await Notice.get(kind="invitation")


def staff_notice(once: str, at: datetime, kind: str = "complaint", **body: object) -> Notice:
    return Notice(once=once, kind=kind, channel="staff", body=body, created_at=at, due_at=at)


async def test_it_is_sent_once(town: Town, sms: Recording) -> None:
    notice = await one_notice(town)
    assert await deliver(town.office, {"sms": sms}, BASE) == 1
    assert await deliver(town.office, {"sms": sms}, BASE) == 0
    (message,) = sms.sent
    assert (message.key, message.kind, message.channel) == (notice.once, "invitation", "sms")
    assert (message.to, message.at) == ("+8613800138000", town.office.now())
    await notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.sent_at) == ("sent", 1, town.office.now())
    assert notice.claimed_until is None


async def test_not_before_it_is_due(town: Town, sms: Recording, clock: StandingClock) -> None:
    notice = await one_notice(town)
    notice.due_at = clock.now() + timedelta(minutes=5)
    await notice.save()
    assert await deliver(town.office, {"sms": sms}, BASE) == 0
    clock.advance(minutes=5)
    assert await deliver(town.office, {"sms": sms}, BASE) == 1


async def test_what_nobody_carries_stays(town: Town, staff: Recording) -> None:
    await one_notice(town)
    before = await Notice.all().values()
    assert await deliver(town.office, {"staff": staff}, BASE) == 0
    assert await deliver(town.office, {}, BASE) == 0
    assert await Notice.all().values() == before


async def test_refused_it_is_tried_again_after_longer_and_longer(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    notice = await one_notice(town)
    # Far from the night, or the quiet hours would have their say.
    clock.at = datetime(2026, 3, 3, 8, tzinfo=BEIJING)
    sms.refusing = True
    for attempt, wait in enumerate((*AGAIN[:4], AGAIN[3]), start=1):
        assert await deliver(town.office, {"sms": sms}, BASE) == 0
        assert sms.tried == attempt
        await notice.refresh_from_db()
        assert (notice.state, notice.attempts) == ("waiting", attempt)
        if attempt == 5:
            break
        assert notice.due_at == clock.now() + wait
        clock.at = notice.due_at - timedelta(microseconds=1)
        assert await deliver(town.office, {"sms": sms}, BASE) == 0
        assert sms.tried == attempt
        clock.advance(microseconds=1)
    assert notice.due_at == clock.now() + AGAIN[4]
    sms.refusing = False
    clock.at = notice.due_at
    assert await deliver(town.office, {"sms": sms}, BASE) == 1
    assert [message.key for message in sms.sent] == [notice.once]


async def test_the_last_wait_is_kept_to(
    office: Office, staff: Recording, clock: StandingClock
) -> None:
    notice = staff_notice("unworded", clock.now(), kind="nobody words this")
    await notice.save()
    for _ in range(len(AGAIN) + 3):
        clock.at = notice.due_at
        assert await deliver(office, {"staff": staff}, BASE) == 0
        await notice.refresh_from_db()
    assert notice.due_at == clock.now() + AGAIN[-1]


@pytest.mark.parametrize(
    "broken", ["nobody words this", "complaint", "complaint_copy", "invitation"]
)
async def test_one_that_cannot_be_worded_keeps_nobody_waiting(
    town: Town, sms: Recording, staff: Recording, broken: str
) -> None:
    """A kind of a later version, or about what is no longer there."""
    earlier = town.office.now() - timedelta(hours=1)
    await one_notice(town)
    await staff_notice("broken", earlier, broken, order=99, invitation=99).save()
    assert await deliver(town.office, {"sms": sms, "staff": staff}, BASE) == 1
    assert (await Notice.get(once="broken")).state == "waiting"


async def test_an_address_sealed_with_a_lost_key_keeps_nobody_waiting(
    town: Town, sms: Recording
) -> None:
    lost = await one_notice(town)
    lost.address = "k0:AAAA"
    await lost.save()
    await town.report(visit("C1", 2))
    assert await deliver(town.office, {"sms": sms}, BASE) == 1
    await lost.refresh_from_db()
    assert (lost.state, lost.attempts) == ("waiting", 1)


@pytest.mark.parametrize(
    ("hour", "sent"), [(20, True), (21, False), (23, False), (3, False), (8, True)]
)
async def test_what_was_kept_up_until_the_night_waits_for_the_morning(
    town: Town, sms: Recording, clock: StandingClock, hour: int, sent: bool
) -> None:
    """Reading 28, also where the gateway failed by day or the service stood still."""
    notice = await one_notice(town)
    clock.at = datetime(2026, 3, 3, hour, tzinfo=BEIJING)
    assert await deliver(town.office, {"sms": sms}, BASE) == sent
    await notice.refresh_from_db()
    if not sent:
        day = 3 if hour < 8 else 4
        assert notice.due_at == datetime(2026, 3, day, 8, tzinfo=BEIJING)
        assert (notice.state, notice.attempts, notice.claimed_until) == ("waiting", 0, None)
        clock.at = notice.due_at
        assert await deliver(town.office, {"sms": sms}, BASE) == 1


class Slow:
    """Takes a message and is long about it."""

    def __init__(self) -> None:
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.sent: list[Message] = []

    async def send(self, message: Message) -> None:
        self.begun.set()
        await self.go_on.wait()
        self.sent.append(message)


async def test_while_one_sends_it_no_other_does(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    await one_notice(town)
    slow = Slow()
    first = asyncio.create_task(deliver(town.office, {"sms": slow}, BASE))
    await slow.begun.wait()
    clock.advance(seconds=CLAIM.total_seconds() - 1)
    assert await deliver(town.office, {"sms": sms}, BASE) == 0
    slow.go_on.set()
    assert await first == 1
    assert (len(slow.sent), len(sms.sent)) == (1, 0)


async def test_what_a_dead_process_had_claimed_is_taken_up_again(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    notice = await one_notice(town)
    slow = Slow()
    dead = asyncio.create_task(deliver(town.office, {"sms": slow}, BASE))
    await slow.begun.wait()
    dead.cancel()
    with suppress(asyncio.CancelledError):
        await dead
    assert await deliver(town.office, {"sms": sms}, BASE) == 0
    clock.advance(seconds=CLAIM.total_seconds())
    assert await deliver(town.office, {"sms": sms}, BASE) == 1
    await notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("sent", 2)
    # The gateway may know it by its key.
    assert sms.sent[0].key == notice.once


async def test_who_comes_back_too_late_undoes_nothing(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    notice = await one_notice(town)
    slow = Slow()
    first = asyncio.create_task(deliver(town.office, {"sms": slow}, BASE))
    await slow.begun.wait()
    clock.advance(seconds=CLAIM.total_seconds())
    sms.refusing = True
    await deliver(town.office, {"sms": sms}, BASE)
    slow.go_on.set()
    await first
    await notice.refresh_from_db()
    # The second one's failure stands: sent again rather than lost.
    assert (notice.state, notice.attempts) == ("waiting", 2)


async def test_two_deliverers_share_the_work(town: Town, database_url: str, shelf: Shelf) -> None:
    """From connections of their own, at once: everything is sent, and nothing twice."""
    for number in range(30):
        await staff_notice(f"note-{number}", town.office.now(), order=1).save()
    invitation = await town.invitation(case(), done())
    await submit(town.office, invitation, rating(Level.DISSATISFIED, **reasons(item="慢")))
    ready, gateways = asyncio.Barrier(2), [Recording(), Recording()]

    async def deliverer(gateway: Recording) -> int:
        async with another_office_at(database_url, shelf) as office:
            await Notice.all().count()
            await ready.wait()
            return await deliver(office, {"staff": gateway}, BASE)

    counts = await asyncio.gather(*(deliverer(gateway) for gateway in gateways))
    keys = [message.key for gateway in gateways for message in gateway.sent]
    assert sum(counts) == len(keys) == len(set(keys))
    assert await Notice.filter(state="sent", attempts=1).count() == len(keys) >= 30
