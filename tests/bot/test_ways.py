"""Which ways lead to whom, and what becomes of a message to somebody whom none leads to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.delivery import deliver
from bot.errands import errand
from bot.staff.reaching import STAFF
from bot.ways import Overtaken, Way, ways
from models.calendar.beijing import BEIJING
from models.cases.reports import Agent, Applicant
from models.notices import notice
from models.ratings.submit import submit
from models.sweeps.reminders import remind
from models.tables import Agency, Evaluation, Invitation, Notice, OptOut
from models.words import Channel, Credential
from tests.bot.conftest import Recording, post
from tests.models.ratings.said import rating
from tests.models.town import PHONE, Town, case, done, under, visit
from tests.standing import StandingClock

MAIL = "wang@example.cn"
UNREACHABLE = Applicant(name="欧阳小明", identity="110101199003070134")
BY_SMS, BY_MAIL = Way("sms", PHONE), Way("mail", MAIL)
NEXT_MORNING = datetime(2026, 3, 3, 9, tzinfo=BEIJING)


async def invited(town: Town, **more: Any) -> Notice:
    invitation = await town.invitation(case(**more), done())
    return notice("reminder", "n", {"invitation": invitation.id}, now=town.office.now())


async def opt_out(town: Town, number: str = PHONE) -> None:
    known_by = town.office.keys.find(number, "phone")
    await OptOut.create(channel="sms", address_hash=known_by, at=town.office.now())


@pytest.mark.parametrize(
    ("applicant", "found"),
    [
        (Applicant(phone=PHONE), [BY_SMS]),
        (Applicant(phone=PHONE, email=MAIL), [BY_SMS, BY_MAIL]),
        (Applicant(email=MAIL), [BY_MAIL]),
        (Applicant(phone="0768-2250000", email=MAIL), [BY_MAIL]),
        (Applicant(phone="0768-2250000"), []),
        (UNREACHABLE, []),
    ],
)
async def test_to_a_citizen_by_sms_before_mail(
    town: Town, applicant: Applicant, found: list[Way]
) -> None:
    assert (
        await ways(town.office, post(), await errand(await invited(town, applicant=applicant)))
        == found
    )


async def test_the_agent_who_was_there_before_the_applicant(town: Town) -> None:
    about = await invited(town, agent=Agent(name="代理人", phone="13900139000"))
    assert await ways(town.office, post(), await errand(about)) == [Way("sms", "+8613900139000")]


async def test_who_wants_no_sms_gets_mail(town: Town) -> None:
    about = await invited(town, applicant=Applicant(phone=PHONE, email=MAIL))
    await opt_out(town)
    assert await ways(town.office, post(), await errand(about)) == [BY_MAIL]


async def test_who_wants_no_sms_and_has_no_mail_gets_nothing(town: Town) -> None:
    about = await invited(town)
    await opt_out(town, "+8613900139000")
    assert await ways(town.office, post(), await errand(about)) == [BY_SMS]
    await opt_out(town)
    with pytest.raises(Overtaken):
        await ways(town.office, post(), await errand(about))


@pytest.mark.parametrize(
    ("channel", "found"), [(Channel.SMS, [BY_SMS, BY_MAIL]), (Channel.MAIL, [BY_MAIL, BY_SMS])]
)
async def test_whoever_wrote_by_mail_is_answered_by_mail(
    town: Town, channel: Channel, found: list[Way]
) -> None:
    invitation = await town.invitation(case(applicant=Applicant(phone=PHONE, email=MAIL)), done())
    said = rating(channel=channel, credential=Credential.REPLY)
    receipt = await submit(town.office, invitation, said)
    assert await Evaluation.exists(id=receipt.evaluation)
    assert await ways(town.office, post(), await errand(await Notice.get(kind="thanks"))) == found


async def test_to_an_agency_by_mail_or_into_its_inbox(town: Town) -> None:
    agency = await Agency.get(code="agency")
    about = notice("bulletin", "n", {}, now=town.office.now(), agency=agency.id)
    assert await ways(town.office, post(), await errand(about)) == [Way(STAFF, agency.name)]
    await Agency.filter(id=agency.id).update(email=MAIL)
    assert await ways(town.office, post(), await errand(about)) == [BY_MAIL]


async def test_to_an_agency_that_nobody_has_named_yet(town: Town) -> None:
    about = notice("complaint", "n", {}, now=town.office.now())
    assert [way.channel for way in await ways(town.office, post(), await errand(about))] == [STAFF]


async def reminded(town: Town, clock: StandingClock, **more: Any) -> None:
    await town.report(case(**more), done())
    clock.at = NEXT_MORNING
    await remind(town.office)


@under("chaoan")
async def test_a_duty_that_reaches_nobody_is_a_dead_letter(
    town: Town, clock: StandingClock, sms: Recording
) -> None:
    """潮安第十九条, reading 29: what could not be sent is shown to staff."""
    await reminded(town, clock, applicant=UNREACHABLE)
    assert await deliver(town.office, post(sms=sms)) == 0
    told = await Notice.get(kind="reminder")
    assert (told.state, told.why, sms.tried) == ("dead", "没有可用的联系方式", 0)
    assert (await Invitation.get()).reminded_at is not None


@under("tianjin")
@pytest.mark.parametrize("phone", [None, "022-24538000"])
async def test_an_optional_one_that_reaches_nobody_troubles_nobody(
    town: Town, clock: StandingClock, sms: Recording, phone: str | None
) -> None:
    """Without any number there is no message; with one that takes none it is withdrawn."""
    await reminded(town, clock, applicant=UNREACHABLE.model_copy(update={"phone": phone}))
    assert await deliver(town.office, post(sms=sms)) == 0
    assert [each.state for each in await Notice.all()] == (["withdrawn"] if phone else [])


@under("chaoan", "tianjin")
async def test_who_wants_none_is_not_reminded(
    town: Town, clock: StandingClock, sms: Recording
) -> None:
    await opt_out(town)
    await reminded(town, clock)
    assert await deliver(town.office, post(sms=sms)) == 0
    assert (await Notice.get(kind="reminder")).state == "withdrawn"


@under("chaoan")
async def test_who_rates_by_night_is_not_reminded_in_the_morning(
    town: Town, clock: StandingClock, sms: Recording
) -> None:
    evening = datetime(2026, 3, 1, 22, tzinfo=BEIJING)
    invitation = await town.invitation(case(), visit(at=evening), done(at=evening))
    clock.at = evening + timedelta(days=1)
    await remind(town.office)
    assert await deliver(town.office, post(sms=sms)) == 0
    await submit(town.office, invitation, rating())
    clock.at = NEXT_MORNING
    assert await deliver(town.office, post(sms=sms)) == 0
    assert (await Notice.get(kind="reminder")).state == "withdrawn"
    assert sms.tried == 0
