"""The outbox: sent once, again after a wait, never lost (bot/delivery.py)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.delivery import CLAIM, KEY_LENGTH, deliver
from bot.gateways import Message
from bot.retrying import AGAIN, JITTER
from models.calendar.beijing import BEIJING
from models.notices import GIVE_UP, notice
from models.office import Office
from models.ratings.submit import submit
from models.rulebooks.shelf import Shelf
from models.tables import Attempt, Case, Invitation, Notice, WorkOrder
from models.words import Level
from tests.bot.conftest import Recording, post
from tests.models.offices import another_office_at
from tests.models.ratings.said import rating, reasons
from tests.models.town import Town, case, done, visit
from tests.standing import StandingClock


async def one_notice(town: Town) -> Notice:
    await town.report(case(), visit())
    return await Notice.get(kind="invitation")


def key(town: Town, notice: Notice) -> str:
    return town.office.keys.find(notice.once, "notice")[:KEY_LENGTH]


def staff_notice(once: str, at: datetime, kind: str = "complaint", **body: object) -> Notice:
    return notice(kind, once, body, now=at)


async def test_it_is_sent_once(town: Town, sms: Recording) -> None:
    notice = await one_notice(town)
    assert await deliver(town.office, post(sms=sms)) == 1
    assert await deliver(town.office, post(sms=sms)) == 0
    (message,) = sms.sent
    assert (message.key, message.kind, message.channel) == (key(town, notice), "invitation", "sms")
    assert (message.to, message.at, message.due) == (
        "+8613800138000",
        town.office.now(),
        notice.due_at,
    )
    await notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.sent_at) == ("sent", 1, town.office.now())
    assert notice.claimed_until is None


async def test_not_before_it_is_due(town: Town, sms: Recording, clock: StandingClock) -> None:
    notice = await one_notice(town)
    notice.next_at = clock.now() + timedelta(minutes=5)
    await notice.save()
    assert await deliver(town.office, post(sms=sms)) == 0
    clock.advance(minutes=5)
    assert await deliver(town.office, post(sms=sms)) == 1


async def test_what_nobody_carries_stays(town: Town, staff: Recording) -> None:
    notice = await one_notice(town)
    assert await deliver(town.office, post()) == 0
    await notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("waiting", 0)
    assert await deliver(town.office, post(staff=staff)) == 0
    await notice.refresh_from_db()
    assert (notice.state, notice.why) == ("waiting", "没有配置发送渠道：sms")
    assert notice.next_at > town.office.now()
    assert not await Attempt.exists()


async def test_refused_it_is_tried_again_after_longer_and_longer(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    notice = await one_notice(town)
    # Far from the night, or the quiet hours would have their say.
    clock.at = datetime(2026, 3, 3, 8, tzinfo=BEIJING)
    sms.refusing = True
    due = notice.due_at
    for attempt, wait in enumerate(AGAIN, start=1):
        assert await deliver(town.office, post(sms=sms)) == 0
        assert sms.tried == attempt
        await notice.refresh_from_db()
        assert (notice.state, notice.attempts, notice.why) == ("waiting", attempt, "线路忙")
        assert clock.now() + wait <= notice.next_at <= clock.now() + wait * (1 + JITTER)
        clock.at = notice.next_at - timedelta(microseconds=1)
        assert await deliver(town.office, post(sms=sms)) == 0
        assert sms.tried == attempt
        clock.advance(microseconds=1)
    sms.refusing = False
    assert await deliver(town.office, post(sms=sms)) == 1
    assert [message.key for message in sms.sent] == [key(town, notice)]
    assert [message.due for message in sms.sent] == [due]
    tries = await Attempt.filter(notice=notice).order_by("number")
    assert [each.number for each in tries] == list(range(1, len(AGAIN) + 2))
    assert [(each.taken, each.why, each.reference) for each in tries] == [
        *[(False, "线路忙", None)] * len(AGAIN),
        (True, None, "reference-1"),
    ]
    assert all(each.ended_at is not None for each in tries)


async def test_it_is_given_up_after_three_days(
    office: Office, staff: Recording, clock: StandingClock
) -> None:
    lost = staff_notice("unworded", clock.now(), kind="nobody words this")
    await lost.save()
    begun = clock.now()
    while lost.state == "waiting":
        clock.at = lost.next_at
        assert await deliver(office, post(staff=staff)) == 0
        await lost.refresh_from_db()
    assert (lost.state, lost.why) == ("dead", "消息内容无法生成")
    assert GIVE_UP - AGAIN[-1] * (1 + JITTER) <= clock.now() - begun <= GIVE_UP
    clock.advance(days=30)
    assert await deliver(office, post(staff=staff)) == 0


async def test_a_gateways_own_wish_is_kept_to(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    clock.at = datetime(2026, 3, 3, 8, tzinfo=BEIJING)
    notice = await one_notice(town)
    sms.refusing, sms.wait = True, timedelta(hours=5)
    await deliver(town.office, post(sms=sms))
    await notice.refresh_from_db()
    assert notice.next_at == clock.now() + timedelta(hours=5)


async def test_what_is_never_taken_on_one_way_goes_the_next(
    town: Town, sms: Recording, mail: Recording
) -> None:
    report = case(applicant={"phone": "13800138000", "email": "wang@example.cn"})
    await town.report(report, visit())
    sms.rejecting = True
    assert await deliver(town.office, post(sms=sms, mail=mail)) == 1
    assert [message.to for message in mail.sent] == ["wang@example.cn"]
    tries = await Attempt.all().order_by("number")
    assert [(each.route, each.taken) for each in tries] == [("sms", False), ("mail", True)]
    assert (await Notice.get(kind="invitation")).route == "mail"


async def test_refused_on_every_way_it_is_dead_at_once(town: Town, sms: Recording) -> None:
    notice = await one_notice(town)
    sms.rejecting = True
    assert await deliver(town.office, post(sms=sms)) == 0
    await notice.refresh_from_db()
    assert (notice.state, notice.why, sms.tried) == ("dead", "号码不存在", 1)


async def test_a_gateway_that_breaks_keeps_nobody_waiting(town: Town, staff: Recording) -> None:
    class Broken(Recording):
        async def send(self, _message: Message) -> str | None:
            raise RuntimeError("a fault of ours")

    notice = await one_notice(town)
    invitation = await town.invitation(case("C2"), done("C2"))
    await submit(town.office, invitation, rating(Level.DISSATISFIED, **reasons(item="慢")))
    # The log's own way of showing where it broke takes its time.
    with capture_logs() as lines:
        assert await deliver(town.office, post(sms=Broken(), staff=staff)) == 2
    assert len(staff.sent) == 2
    assert any(line["event"] == "gateway failed" for line in lines)
    await notice.refresh_from_db()
    assert (notice.state, notice.why) == ("waiting", "发送程序出错")


async def test_who_has_rated_meanwhile_is_asked_no_more(town: Town, sms: Recording) -> None:
    """三明 asks after each step; whoever rates before the SMS leaves gets none."""
    notice = await one_notice(town)
    await submit(town.office, await Invitation.get(), rating())
    assert await deliver(town.office, post(sms=sms)) == 0
    await notice.refresh_from_db()
    assert (notice.state, sms.tried) == ("withdrawn", 0)


async def test_a_clock_that_went_back_holds_no_claim(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    """The machine's time was a day ahead when the process that had claimed it died."""
    notice = await one_notice(town)
    ahead = clock.now() + timedelta(days=1)
    await Notice.filter(id=notice.id).update(
        state="sending", attempts=1, claimed_until=ahead + CLAIM
    )
    assert await deliver(town.office, post(sms=sms)) == 1


async def test_a_claim_of_a_process_whose_clock_is_a_little_ahead_is_left_alone(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    """Each reads its own time before it asks what is free."""
    await one_notice(town)
    slow, now = Slow(), clock.now()
    clock.advance(microseconds=300)
    first = asyncio.create_task(deliver(town.office, post(sms=slow)))
    await slow.begun.wait()
    clock.at = now
    assert await deliver(town.office, post(sms=sms)) == 0
    slow.go_on.set()
    assert (await first, sms.tried) == (1, 0)


@pytest.mark.parametrize(
    "broken", ["nobody words this", "complaint", "complaint_copy", "invitation"]
)
async def test_one_that_cannot_be_worded_keeps_nobody_waiting(
    town: Town, sms: Recording, staff: Recording, broken: str
) -> None:
    """A kind of a later version, or about what is no longer there."""
    earlier = town.office.now() - timedelta(hours=1)
    await one_notice(town)
    about = {"invitation": 99} if broken == "invitation" else {"order": 99}
    await staff_notice("broken", earlier, broken, **about).save()
    assert await deliver(town.office, post(sms=sms, staff=staff)) == 1
    assert (await Notice.get(once=f"{broken}:broken")).state == "waiting"


async def test_an_address_sealed_with_a_lost_key_keeps_nobody_waiting(
    town: Town, sms: Recording
) -> None:
    lost = await one_notice(town)
    await Case.all().update(applicant_phone="k0:AAAA")
    await town.report(case("C2", applicant={"phone": "13900139000"}), visit("C2"))
    assert await deliver(town.office, post(sms=sms)) == 1
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
    assert await deliver(town.office, post(sms=sms)) == sent
    await notice.refresh_from_db()
    if not sent:
        day = 3 if hour < 8 else 4
        assert notice.next_at == datetime(2026, 3, day, 8, tzinfo=BEIJING)
        assert (notice.state, notice.attempts, notice.claimed_until) == ("waiting", 0, None)
        clock.at = notice.next_at
        assert await deliver(town.office, post(sms=sms)) == 1


class Slow:
    """Takes a message and is long about it."""

    def __init__(self) -> None:
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.sent: list[Message] = []

    async def send(self, message: Message) -> str | None:
        self.begun.set()
        await self.go_on.wait()
        self.sent.append(message)
        return None


async def test_while_one_sends_it_no_other_does(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    await one_notice(town)
    slow = Slow()
    first = asyncio.create_task(deliver(town.office, post(sms=slow)))
    await slow.begun.wait()
    clock.advance(seconds=CLAIM.total_seconds() - 1)
    assert await deliver(town.office, post(sms=sms)) == 0
    slow.go_on.set()
    assert await first == 1
    assert (len(slow.sent), len(sms.sent)) == (1, 0)


async def test_what_a_dead_process_had_claimed_is_taken_up_again(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    notice = await one_notice(town)
    slow = Slow()
    dead = asyncio.create_task(deliver(town.office, post(sms=slow)))
    await slow.begun.wait()
    dead.cancel()
    with suppress(asyncio.CancelledError):
        await dead
    assert await deliver(town.office, post(sms=sms)) == 0
    clock.advance(seconds=CLAIM.total_seconds())
    assert await deliver(town.office, post(sms=sms)) == 1
    await notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("sent", 2)
    # The gateway may know it by its key.
    assert sms.sent[0].key == key(town, notice)
    tries = await Attempt.filter(notice=notice).order_by("number")
    # Of the first nobody knows how it ended.
    assert [(each.taken, each.ended_at is None) for each in tries] == [(None, True), (True, False)]


async def test_who_comes_back_too_late_undoes_nothing(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    notice = await one_notice(town)
    slow = Slow()
    first = asyncio.create_task(deliver(town.office, post(sms=slow)))
    await slow.begun.wait()
    clock.advance(seconds=CLAIM.total_seconds())
    sms.refusing = True
    await deliver(town.office, post(sms=sms))
    slow.go_on.set()
    await first
    await notice.refresh_from_db()
    # The second one's failure stands: sent again rather than lost.
    assert (notice.state, notice.attempts) == ("waiting", 2)


async def test_two_deliverers_share_the_work(town: Town, database_url: str, shelf: Shelf) -> None:
    """From connections of their own, at once: everything is sent, and nothing twice."""
    invitation = await town.invitation(case(), done())
    await submit(town.office, invitation, rating(Level.DISSATISFIED, **reasons(item="慢")))
    order = await WorkOrder.get()
    for number in range(60):
        await staff_notice(f"note-{number}", town.office.now(), order=order.id).save()
    ready, gateways = asyncio.Barrier(2), [Recording(), Recording()]

    async def deliverer(gateway: Recording) -> int:
        async with another_office_at(database_url, shelf) as office:
            await Notice.all().count()
            await ready.wait()
            return await deliver(office, post(staff=gateway))

    counts = await asyncio.gather(*(deliverer(gateway) for gateway in gateways))
    keys = [message.key for gateway in gateways for message in gateway.sent]
    assert sum(counts) == len(keys) == len(set(keys))
    assert await Notice.filter(state="sent", attempts=1).count() == len(keys) >= 60
