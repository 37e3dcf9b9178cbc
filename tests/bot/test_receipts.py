"""What providers say became of a message: in any order, any number of times."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery import deliver
from bot.receipts import Report, take_report
from models.notices import send_again
from models.tables import Attempt, Notice
from tests.bot.conftest import Recording, post
from tests.models.contents import everything
from tests.models.town import Town, case, visit
from tests.standing import MONDAY, StandingClock

REFERENCE = "reference-1"
WHY = "号码是空号"


def says(*, delivered: bool, reference: str = REFERENCE, why: str = WHY) -> Report:
    return Report(reference, delivered, "" if delivered else why, MONDAY)


TAKEN, LOST = says(delivered=True), says(delivered=False)


@pytest.fixture
async def sent(town: Town, sms: Recording, mail: Recording) -> Notice:
    """By SMS, to somebody who has an address as well."""
    report = case(applicant={"phone": "13800138000", "email": "wang@example.cn"})
    await town.report(report, visit())
    assert await deliver(town.office, post(sms=sms, mail=mail)) == 1
    return await Notice.get(kind="invitation")


async def state(notice: Notice) -> tuple[str, str | None]:
    await notice.refresh_from_db()
    return notice.state, notice.route


async def test_of_an_unknown_message_it_has_to_be_said_again(town: Town, sent: Notice) -> None:
    """A receipt may overtake the answer that names its reference."""
    before = await everything()
    assert not await take_report(town.office, "sms", says(delivered=True, reference="other"))
    assert not await take_report(town.office, "mail", TAKEN)
    assert await everything() == before
    assert await state(sent) == ("sent", "sms")


async def test_delivered_is_noted(town: Town, sent: Notice) -> None:
    assert await take_report(town.office, "sms", TAKEN)
    attempt = await Attempt.get()
    assert (attempt.delivered, attempt.receipt_at, attempt.receipt_why) == (True, MONDAY, None)
    assert await state(sent) == ("sent", "sms")


async def test_without_a_time_of_its_own_it_is_of_now(
    town: Town, sent: Notice, clock: StandingClock
) -> None:
    clock.advance(minutes=5)
    assert await take_report(town.office, "sms", Report(REFERENCE, True, "", None))  # noqa: FBT003
    assert (await Attempt.get(notice=sent)).receipt_at == clock.now()


@pytest.mark.parametrize("report", [TAKEN, LOST])
async def test_said_many_times_it_is_taken_once(
    town: Town, sent: Notice, clock: StandingClock, report: Report
) -> None:
    assert await take_report(town.office, "sms", report)
    before = await everything()
    clock.advance(minutes=5)
    for _ in range(3):
        assert await take_report(town.office, "sms", report)
    assert await everything() == before
    assert sent.id == 1


async def test_what_was_lost_goes_by_mail(
    town: Town, sent: Notice, sms: Recording, mail: Recording
) -> None:
    assert await take_report(town.office, "sms", LOST)
    assert await state(sent) == ("waiting", "sms")
    assert (sent.why, sent.exhausted) == (WHY, ["sms"])
    assert await deliver(town.office, post(sms=sms, mail=mail)) == 1
    assert await state(sent) == ("sent", "mail")
    assert [message.to for message in mail.sent] == ["wang@example.cn"]
    assert len(sms.sent) == 1
    # And once it is there, nobody sends it again for an old receipt.
    assert await take_report(town.office, "sms", LOST)
    assert await state(sent) == ("sent", "mail")


async def test_with_no_other_way_it_is_dead_with_the_providers_words(
    town: Town, sms: Recording
) -> None:
    await town.report(case(), visit())
    await deliver(town.office, post(sms=sms))
    assert await take_report(town.office, "sms", LOST)
    assert await deliver(town.office, post(sms=sms)) == 0
    dead = await Notice.get(kind="invitation")
    assert (dead.state, dead.why, len(sms.sent)) == ("dead", WHY, 1)


async def test_lost_after_delivered_changes_nothing(
    town: Town, sent: Notice, sms: Recording, mail: Recording
) -> None:
    await take_report(town.office, "sms", TAKEN)
    before = await everything()
    assert await take_report(town.office, "sms", LOST)
    assert await everything() == before
    assert await deliver(town.office, post(sms=sms, mail=mail)) == 0
    assert await state(sent) == ("sent", "sms")


async def test_delivered_after_lost_it_goes_no_second_way(
    town: Town, sent: Notice, sms: Recording, mail: Recording
) -> None:
    await take_report(town.office, "sms", LOST)
    assert await take_report(town.office, "sms", TAKEN)
    assert await state(sent) == ("sent", "sms")
    assert (sent.sent_at, sent.why) == (MONDAY, None)
    assert await deliver(town.office, post(sms=sms, mail=mail)) == 0
    assert mail.tried == 0


async def test_delivered_after_lost_unless_it_has_gone_already(
    town: Town, sent: Notice, sms: Recording, mail: Recording
) -> None:
    await take_report(town.office, "sms", LOST)
    await deliver(town.office, post(sms=sms, mail=mail))
    assert await take_report(town.office, "sms", TAKEN)
    assert await state(sent) == ("sent", "mail")
    tries = await Attempt.all().order_by("number")
    assert [(each.route, each.delivered) for each in tries] == [("sms", True), ("mail", None)]


async def test_a_dead_letter_that_was_delivered_after_all_is_none(
    town: Town, sms: Recording
) -> None:
    await town.report(case(), visit())
    await deliver(town.office, post(sms=sms))
    await take_report(town.office, "sms", LOST)
    await deliver(town.office, post(sms=sms))
    assert await take_report(town.office, "sms", TAKEN)
    assert (await Notice.get(kind="invitation")).state == "sent"


async def taken_twice(town: Town, sms: Recording) -> Notice:
    """Its first process was so slow that another one sent it too: the gateway knows both."""
    await town.report(case(applicant={"phone": "13800138000", "email": "w@example.cn"}), visit())
    await deliver(town.office, post(sms=sms))
    await Notice.filter(kind="invitation").update(state="waiting", claimed_until=None)
    await deliver(town.office, post(sms=sms))
    return await Notice.get(kind="invitation")


@pytest.mark.parametrize("newer_first", [True, False])
async def test_of_one_taken_twice_the_newer_decides(
    town: Town, sms: Recording, mail: Recording, newer_first: bool
) -> None:
    notice = await taken_twice(town, sms)
    reports = [LOST, says(delivered=True, reference="reference-2")]
    for report in reversed(reports) if newer_first else reports:
        assert await take_report(town.office, "sms", report)
    assert await state(notice) == ("sent", "sms")
    assert await deliver(town.office, post(sms=sms, mail=mail)) == 0
    assert mail.tried == 0


async def test_sent_again_by_staff_an_old_receipt_says_nothing_of_it(
    town: Town, sms: Recording, clock: StandingClock
) -> None:
    await town.report(case(), visit())
    await deliver(town.office, post(sms=sms))
    await take_report(town.office, "sms", LOST)
    await deliver(town.office, post(sms=sms))
    notice = await Notice.get(kind="invitation")
    clock.at += timedelta(hours=1)
    await send_again(town.office, notice)
    assert await deliver(town.office, post(sms=sms)) == 1
    assert await take_report(town.office, "sms", LOST)
    assert await state(notice) == ("sent", "sms")
