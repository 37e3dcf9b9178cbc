"""Invitations and reminders by the apps: where there is consent and an openid, one way at a time,
the next only after a failure, and never twice."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.delivery import deliver
from bot.errands import errand
from bot.gateways import Gateway, Message, NoConsent, NotDelivered, Post, Rejected, Unheard
from bot.receipts import Report, take_report
from bot.ways import Overtaken, Way, ways
from models.calendar.beijing import BEIJING
from models.cases.reports import Applicant
from models.consents import consented
from models.notices import notice, send_again
from models.raters import bind_phone, met
from models.ratings.submit import submit
from models.ratings.theirs import hold
from models.rulebooks.shelf import Shelf
from models.tables import Attempt, Consent, Invitation, Notice, OptOut, Rater
from models.words import Channel, Level
from tests.bot.conftest import BASE, Recording
from tests.models.elsewhere import Elsewhere
from tests.models.ratings.said import rating, reasons
from tests.models.town import PHONE, Town, case, done, visit
from tests.standing import MONDAY, StandingClock

MAIL = "wang@example.cn"
BY_ACCOUNT = Way("official_account", "city/openid-city")
BY_SMS, BY_MAIL = Way("sms", PHONE), Way("mail", MAIL)
PUSHES = {
    "city": {"invitation": False, "reminder": True, "thanks": False},
    "other": {"invitation": False},
    "mini": {"invitation": True, "thanks": True},
}


@dataclass
class App:
    """Takes everything, and fails as it is told to."""

    faults: list[NotDelivered] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    tried: int = 0

    async def send(self, message: Message) -> str | None:
        self.tried += 1
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(message)
        return f"{message.to.partition('/')[0]}/{len(self.sent)}"


@dataclass
class Lines:
    account: App
    mini: App
    sms: Recording
    mail: Recording

    @property
    def post(self) -> Post:
        gateways: dict[str, Gateway] = {
            "official_account": self.account,
            "mini_program": self.mini,
            "sms": self.sms,
            "mail": self.mail,
        }
        return Post(gateways, BASE, pushes=PUSHES)

    def sent(self) -> list[str]:
        lines = (self.account, self.mini, self.sms, self.mail)
        return [message.channel for line in lines for message in line.sent]


@pytest.fixture
def lines(sms: Recording, mail: Recording) -> Lines:
    return Lines(App(), App(), sms, mail)


async def follower(town: Town, app: str = "city", phone: str = PHONE) -> Rater:
    rater = await met(town.office, app, Channel.OFFICIAL_ACCOUNT, f"openid-{app}")
    await bind_phone(town.office, rater, phone)
    await Rater.filter(id=rater.id).update(follows=True)
    return rater


async def visitor(town: Town, openid: str = "openid-mini", phone: str = PHONE) -> Rater:
    """Of the mini-program."""
    rater = await met(town.office, "mini", Channel.MINI_PROGRAM, openid)
    await bind_phone(town.office, rater, phone)
    return rater


async def consent(rater: Rater, kind: str = "invitation", once: str = "1") -> None:
    await consented(rater, kind, once, lasting=False, at=MONDAY)


def by_mini(rater: Rater, openid: str = "openid-mini") -> Way:
    return Way("mini_program", f"mini/{openid}", rater)


async def asked(town: Town, number: str = "C1", **more: Any) -> Notice:
    """三明 asks after each step."""
    await town.report(case(number, **more), visit(number))
    (about,) = await Notice.filter(kind="invitation").order_by("-id").limit(1)
    return about


async def found(town: Town, lines: Lines, about: Notice) -> list[Way]:
    return await ways(town.office, lines.post, await errand(about))


async def asked_by(town: Town, lines: Lines, kind: str = "invitation") -> list[Way]:
    """The ways to whoever has a new case."""
    invitation = await town.invitation(case(), done())
    about = notice(kind, "n", {"invitation": invitation.id}, now=town.office.now())
    return await found(town, lines, about)


async def settled(about: Notice) -> tuple[str, str | None]:
    await about.refresh_from_db()
    return about.state, about.route


async def used_by() -> list[int | None]:
    return [each.used_by_id for each in await Consent.all().order_by("id")]


# Which ways


async def test_the_account_before_the_mini_program_before_sms_before_mail(
    town: Town, lines: Lines
) -> None:
    await follower(town)
    rater = await visitor(town)
    await consent(rater)
    about = await asked(town, applicant=Applicant(phone=PHONE, email=MAIL))
    assert await found(town, lines, about) == [BY_ACCOUNT, by_mini(rater), BY_SMS, BY_MAIL]


async def test_who_has_bound_no_phone_or_anothers_is_not_pushed_to(
    town: Town, lines: Lines
) -> None:
    await met(town.office, "mini", Channel.MINI_PROGRAM, "openid-1")
    stranger = await visitor(town, phone="+8613900139000")
    await consent(stranger)
    await follower(town, phone="+8613900139000")
    assert await asked_by(town, lines) == [BY_SMS]


async def test_who_does_not_follow_is_not_pushed_to(town: Town, lines: Lines) -> None:
    rater = await follower(town)
    await Rater.filter(id=rater.id).update(follows=False)
    assert await asked_by(town, lines) == [BY_SMS]


async def stop(town: Town, channel: str, found_by: str) -> None:
    await OptOut.create(channel=channel, address_hash=found_by, at=town.office.now())


async def test_each_way_is_stopped_by_itself(town: Town, lines: Lines) -> None:
    rater = await follower(town)
    about = await asked(town)
    await stop(town, "sms", town.office.keys.find(PHONE, "phone"))
    assert await found(town, lines, about) == [BY_ACCOUNT]
    await stop(town, "official_account", rater.openid_hash)
    with pytest.raises(Overtaken):
        await found(town, lines, about)


@pytest.mark.parametrize("kind", ["reminder", "invitation"])
async def test_what_goes_by_subscription_takes_consent(town: Town, lines: Lines, kind: str) -> None:
    """The account's reminder does, and everything of the mini-program."""
    rater = await (follower if kind == "reminder" else visitor)(town)
    by_consent = Way(rater.channel, f"{rater.app}/openid-{rater.app}", rater)
    assert await asked_by(town, lines, kind) == [BY_SMS]
    await consent(rater, "thanks")
    assert await asked_by(town, lines, kind) == [BY_SMS]
    await consent(rater, kind, "2")
    assert await asked_by(town, lines, kind) == [by_consent, BY_SMS]


async def test_what_the_settings_have_no_template_for_goes_otherwise(
    town: Town, lines: Lines
) -> None:
    rater = await visitor(town)
    await consent(rater, "reminder")
    assert await asked_by(town, lines, "reminder") == [BY_SMS]
    await follower(town, "gone")
    assert await asked_by(town, lines) == [BY_SMS]


async def test_of_two_accounts_the_one_met_last(town: Town, lines: Lines) -> None:
    await follower(town)
    await follower(town, "other")
    (first, *_) = await asked_by(town, lines)
    assert first.to == "other/openid-other"


@pytest.mark.parametrize("channel", [Channel.MINI_PROGRAM, Channel.SMS, Channel.LINK])
async def test_thanks_go_where_they_rated_and_to_who_holds_the_receipt(
    town: Town, lines: Lines, channel: Channel
) -> None:
    await follower(town)
    other, holder = await visitor(town, "openid-1"), await visitor(town, phone="+8613900139000")
    newer = await visitor(town, "openid-2")
    for rater in (other, holder, newer):
        await consent(rater, "thanks")
    invitation = await town.invitation(case(), done())
    said = rating(Level.DISSATISFIED, channel=channel, **reasons(item="慢"))
    receipt = await submit(town.office, invitation, said)
    assert receipt.evaluation
    await hold(holder, receipt.evaluation)
    order = await found(town, lines, await Notice.get(kind="thanks"))
    theirs = [by_mini(holder), by_mini(newer, "openid-2"), by_mini(other, "openid-1")]
    assert (
        order
        == {
            Channel.MINI_PROGRAM: [*theirs, BY_ACCOUNT, BY_SMS],
            Channel.SMS: [BY_SMS, BY_ACCOUNT, *theirs],
            Channel.LINK: [BY_ACCOUNT, *theirs, BY_SMS],
        }[channel]
    )


async def test_in_the_account_the_chat_has_said_it_all(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    said = rating(Level.DISSATISFIED, channel=Channel.OFFICIAL_ACCOUNT, **reasons(item="慢"))
    await submit(town.office, invitation, said)
    assert not await Notice.filter(kind="thanks").exists()


# On their way


async def test_it_goes_by_the_account_and_no_other_way(town: Town, lines: Lines) -> None:
    await follower(town)
    await consent(await visitor(town))
    about = await asked(town, applicant=Applicant(phone=PHONE, email=MAIL))
    for _ in range(2):
        await deliver(town.office, lines.post)
    assert lines.sent() == ["official_account"]
    assert await settled(about) == ("sent", "official_account")
    (message,) = lines.account.sent
    token = (message.link or "").removeprefix(f"{BASE}/r/")
    assert town.office.links.read_rating(token)[1] is Channel.OFFICIAL_ACCOUNT
    assert await used_by() == [None]


async def test_refused_for_good_it_goes_the_next_way_each_once(town: Town, lines: Lines) -> None:
    await follower(town)
    await consent(await visitor(town))
    about = await asked(town)
    lines.account.faults = [Rejected("没有关注")]
    lines.mini.faults = [Rejected("模板不存在")]
    assert await deliver(town.office, lines.post) == 1
    assert lines.sent() == ["sms"]
    assert (lines.account.tried, lines.mini.tried) == (1, 1)
    assert await settled(about) == ("sent", "sms")
    assert about.exhausted == ["official_account", "mini_program"]
    assert await used_by() == [None]


async def test_not_taken_now_it_waits_for_the_same_way(
    town: Town, lines: Lines, clock: StandingClock
) -> None:
    rater = await visitor(town)
    await consent(rater)
    about = await asked(town)
    lines.mini.faults = [NotDelivered("系统繁忙")]
    assert await deliver(town.office, lines.post) == 0
    assert await settled(about) == ("waiting", "mini_program")
    # What it holds is no other's meanwhile.
    await asked(town, "C2")
    assert await deliver(town.office, lines.post) == 1
    assert lines.sent() == ["sms"]
    clock.at = about.next_at
    assert await deliver(town.office, lines.post) == 1
    assert lines.sent() == ["mini_program", "sms"]
    (message,) = lines.mini.sent
    token = (message.link or "").removeprefix(f"{BASE}/r/")
    assert town.office.links.read_rating(token)[1] is Channel.MINI_PROGRAM
    assert await used_by() == [about.id]


async def test_one_consent_is_one_message(town: Town, lines: Lines) -> None:
    await consent(await visitor(town))
    for number in ("C1", "C2", "C3"):
        await asked(town, number)
    assert await deliver(town.office, lines.post) == 3
    assert sorted(lines.sent()) == ["mini_program", "sms", "sms"]


async def test_two_processes_use_the_last_consent_once(
    town: Town, lines: Lines, database_url: str, shelf: Shelf
) -> None:
    await consent(await visitor(town))
    for number in range(40):
        await asked(town, f"C{number}")
    elsewhere = Elsewhere(database_url, shelf)

    async def carry(office: Any) -> int:
        return await deliver(replace(office, keys=town.office.keys), lines.post)

    assert sum(await elsewhere.at_once((MONDAY, carry), (MONDAY, carry))) == 40
    assert sorted(lines.sent()) == ["mini_program", *["sms"] * 39]


async def test_where_the_platform_knows_of_no_consent_none_is_tried_again(
    town: Town, lines: Lines
) -> None:
    rater = await visitor(town)
    await consent(rater)
    await consent(rater, once="2")
    lines.mini.faults = [NoConsent("用户没有订阅")]
    for number in ("C1", "C2"):
        await asked(town, number)
        assert await deliver(town.office, lines.post) == 1
    assert (lines.sent(), lines.mini.tried) == (["sms", "sms"], 1)


async def test_who_rates_between_two_ways_gets_nothing_more(
    town: Town, lines: Lines, clock: StandingClock
) -> None:
    """And what the message was to use is free again."""
    await consent(await visitor(town))
    about = await asked(town)
    lines.mini.faults = [NotDelivered("系统繁忙")]
    await deliver(town.office, lines.post)
    assert await used_by() == [about.id]
    await submit(town.office, await Invitation.get(), rating())
    await about.refresh_from_db()
    clock.at = about.next_at
    assert await deliver(town.office, lines.post) == 0
    assert await settled(about) == ("withdrawn", "mini_program")
    assert (lines.sent(), await used_by()) == ([], [None])


async def test_given_up_it_leaves_the_consent(town: Town, lines: Lines) -> None:
    await consent(await visitor(town))
    about = await asked(town)
    lines.mini.faults = [NotDelivered("系统繁忙", wait=timedelta(days=4))]
    await deliver(town.office, lines.post)
    assert await settled(about) == ("dead", None)
    assert await used_by() == [None]


async def unheard(town: Town, lines: Lines, clock: StandingClock) -> Notice:
    """Nobody knows what became of the first try; then the platform knows of no consent."""
    about = await asked(town)
    lines.mini.faults = [Unheard("没有按时答复"), NoConsent("订阅的次数已用完")]
    assert await deliver(town.office, lines.post) == 0
    await about.refresh_from_db()
    clock.at = about.next_at
    assert await deliver(town.office, lines.post) == 1
    assert lines.mini.tried == 2
    return about


async def test_what_has_used_the_consent_unheard_goes_no_second_way(
    town: Town, lines: Lines, clock: StandingClock
) -> None:
    await consent(await visitor(town))
    about = await unheard(town, lines, clock)
    assert await settled(about) == ("sent", "mini_program")
    assert (lines.sent(), await used_by()) == ([], [about.id])


async def test_a_lasting_consent_that_is_gone_was_not_used_but_withdrawn(
    town: Town, lines: Lines, clock: StandingClock
) -> None:
    rater = await visitor(town)
    await consented(rater, "invitation", "1", lasting=True, at=MONDAY)
    about = await unheard(town, lines, clock)
    assert await settled(about) == ("sent", "sms")
    assert lines.sent() == ["sms"]


async def test_what_a_dead_process_had_sent_goes_no_second_way(
    town: Town, lines: Lines, clock: StandingClock
) -> None:
    """It lived to hand the message over and not to note it."""
    await consent(await visitor(town))
    about = await asked(town)
    await deliver(town.office, lines.post)
    await Attempt.all().update(taken=None, ended_at=None, reference=None)
    await Notice.all().update(state="sending", claimed_until=clock.now())
    lines.mini.faults = [NoConsent("订阅的次数已用完")]
    assert await deliver(town.office, lines.post) == 1
    assert (await settled(about), lines.sent()) == (("sent", "mini_program"), ["mini_program"])


async def test_what_the_platform_took_and_lost_goes_by_sms_and_has_used_its_consent(
    town: Town, lines: Lines
) -> None:
    await consent(await visitor(town))
    about = await asked(town)
    await deliver(town.office, lines.post)
    lost = Report("mini/1", delivered=False, why="用户拒收", at=None)
    assert not await take_report(town.office, "official_account", lost)
    assert not await take_report(town.office, "mini_program", replace(lost, reference="more/1"))
    assert await take_report(town.office, "mini_program", lost)
    lines.sms.refusing = True
    assert await deliver(town.office, lines.post) == 0
    await submit(town.office, await Invitation.get(), rating())
    await Notice.all().update(next_at=town.office.now())
    assert await deliver(town.office, lines.post) == 0
    assert await settled(about) == ("withdrawn", "sms")
    assert (lines.sent(), await used_by()) == (["mini_program"], [about.id])


async def test_by_night_nothing_is_pushed_and_no_consent_used(
    town: Town, lines: Lines, clock: StandingClock
) -> None:
    await consent(await visitor(town))
    about = await asked(town)
    clock.at = datetime(2026, 3, 2, 22, tzinfo=BEIJING)
    assert await deliver(town.office, lines.post) == 0
    assert (await used_by(), lines.sent()) == ([None], [])
    clock.at = datetime(2026, 3, 3, 8, tzinfo=BEIJING)
    assert await deliver(town.office, lines.post) == 1
    assert (await settled(about), lines.sent()) == (("sent", "mini_program"), ["mini_program"])


async def test_sent_again_by_staff_it_begins_with_the_apps(town: Town, lines: Lines) -> None:
    await follower(town)
    about = await asked(town)
    lines.account.faults, lines.sms.rejecting = [Rejected("没有关注")], True
    await deliver(town.office, lines.post)
    assert (await settled(about))[0] == "dead"
    await send_again(town.office, about)
    assert await deliver(town.office, lines.post) == 1
    assert lines.sent() == ["official_account"]


async def statements(town: Town, caplog: pytest.LogCaptureFixture, post: Post) -> int:
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "tortoise.db_client"):
        assert await deliver(town.office, post) == 1
    return len(caplog.records)


async def test_for_who_has_no_app_it_is_one_question_more(
    town: Town, lines: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    await asked(town)
    without = await statements(town, caplog, replace(lines.post, pushes={}))
    await asked(town, "C2")
    assert await statements(town, caplog, lines.post) == without + 1
    assert lines.sent() == ["sms", "sms"]
