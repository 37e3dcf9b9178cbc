"""Seventy days in the five jurisdictions: what time does by itself, and what it never does. The
demo is a process that hears HTTP only; both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from yarl import URL

from tests.scenarios.living import Applied, Demo, living
from tests.scenarios.places import CHAOAN, HEXI, LINGANG, QIJIANG, SANMING
from tests.scenarios.serving import at, moment

Start = Callable[[str], Awaitable[Demo]]


@pytest.fixture
async def demo(database_url: str, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts one whose clock stands at the moment."""
    async with AsyncExitStack() as stack:

        async def start(moment: str) -> Demo:
            return await stack.enter_async_context(living(tmp_path, database_url, moment))

        yield start


async def in_steps(demo: Demo) -> None:
    await demo.step("2026-05-11 22:30", "PT20H")


async def in_one_jump(demo: Demo) -> None:
    await demo.move("2026-05-11 22:30")


async def down_for_more_than_a_week(demo: Demo) -> None:
    demo.stop()
    await demo.start(CAUGHT_UP)
    await demo.move("2026-05-11 22:30")


CAUGHT_UP = "2026-03-11 10:00"


@pytest.mark.parametrize("pass_time", [in_steps, in_one_jump, down_for_more_than_a_week])
async def test_chaoan_whoever_is_silent_is_reminded_once_and_satisfied_once(
    demo: Start, pass_time: Callable[[Demo], Awaitable[None]]
) -> None:
    """第十九条. 24 hours and 7 natural days, whether anybody was there to count them or not."""
    town = await demo("2026-03-02 22:30")
    by_day, by_night = await town.case(CHAOAN), await town.case(CHAOAN)
    served = await town.case(CHAOAN, "window")
    batch = await town.group(CHAOAN, "batch")
    theme = await town.group(CHAOAN, "theme", theme=CHAOAN.theme)
    await town.visit(CHAOAN, served, "2026-03-02 10:00")
    await town.complete("2026-03-02 10:00", by_day, *batch, *theme)
    await town.complete("2026-03-02 22:30", by_night)
    assert await town.messages() == []

    await pass_time(town)

    # 21:00 to 08:00 nobody is woken; the clock of the default does not stand still for that.
    due = {by_day: "2026-03-03 10:00", by_night: "2026-03-04 08:00"}
    due |= {batch[0]: "2026-03-03 10:00", theme[0]: "2026-03-03 10:00"}
    late = pass_time is down_for_more_than_a_week
    for case, when in due.items():
        sent = at(CAUGHT_UP) if late else at(when)
        assert await town.sms(case) == [("reminder", at(when), sent)]
    assert len(await town.messages()) == len(due)

    alone = (by_day, by_night, *theme)
    defaults = await town.evaluations()
    for each in defaults:
        assert (each["provenance"], each["level_label"]) == ("default", "非常满意")
        assert moment(each["at"]) == at("2026-03-09 24:00")
        assert (each["late"], each["order"], each["replaced_by"]) == (False, None, None)
    (shared,), (same,) = [await town.evaluations(case) for case in batch]
    assert shared == same
    own = [each for case in alone for each in await town.evaluations(case)]
    assert sorted(each["id"] for each in (*own, shared)) == sorted(each["id"] for each in defaults)
    assert len({each["id"] for each in own}) == len(alone)
    for case in alone:
        invitation = await town.invitation(case)
        assert (invitation["silence"], invitation["state"]) == ("default", "open")
        assert invitation["follow_up_until"] is None
    assert await town.evaluations(served) == []
    assert await town.orders() == []
    assert {each["state"] for each in await town.notices()} == {"sent"}


async def test_chaoan_who_speaks_is_heard_and_may_add_to_it_for_sixty_days(demo: Start) -> None:
    """第七条, 第十九条, 第二十二条."""
    town = await demo("2026-03-02 09:00")
    worse, better, content, silent = [await town.case(CHAOAN) for _ in range(4)]
    cases = (worse, better, content, silent)
    await town.complete("2026-03-02 09:00", *cases)
    (link_of_silent,) = await town.links(silent)
    await town.move("2026-03-02 12:00")
    for case, level in ((worse, "不满意"), (better, "非常不满意"), (content, "满意")):
        (link,) = await town.links(case)
        assert (await town.rate(link, level, item="让我跑了三趟")).shows("谢谢您的评价")
        assert await town.links(case) == []
    receipt = await town.open((await town.messages(worse))[0]["link"])
    again = {"worse": receipt.links["追加评价"]}
    receipt = await town.open((await town.messages(better))[0]["link"])
    again["better"] = receipt.links["追加评价"]
    first, second = await town.orders()

    # In time: neither reminder nor default. Too late: the default stays, and counts no more.
    await town.move("2026-03-11 10:00")
    assert [[kind for kind, _, _ in await town.sms(case)] for case in cases] == [
        ["thanks"],
        ["thanks"],
        [],
        ["reminder"],
    ]
    late = await town.rate(link_of_silent, "满意")
    default, said = await town.evaluations(silent)
    assert (default["provenance"], default["replaced_by"]) == ("default", said["id"])
    assert (said["provenance"], said["late"], said["level_label"]) == ("person", True, "满意")
    assert [len(await town.evaluations(case)) for case in cases] == [1, 1, 1, 2]

    # What is added opens a second order where it is bad, and closes none where it is good.
    await town.move("2026-04-01 10:00")
    refused = await town.rate(again["worse"], "非常不满意")
    assert refused.status == 422
    assert refused.shows("第七条")
    assert len(await town.orders()) == 2
    assert (await town.rate(again["worse"], "非常不满意", item="还是没有人联系")).status == 200
    assert (await town.rate(again["better"], "满意")).status == 200
    *before, third = await town.orders()
    stands = ("number", "evaluation", "state", "holder")
    assert [[each[name] for name in stands] for each in before] == [
        [each[name] for name in stands] for each in (first, second)
    ]
    *_, added = await town.evaluations(worse)
    assert (added["ordinal"], added["order"]) == (2, third["number"])
    story = await town.open(again["worse"])
    assert story.shows("您的第一次评价", "让我跑了三趟", "您的追加评价", "还是没有人联系")

    # Sixty days from the person's own words, not from the default.
    again["silent"] = late.links["追加评价"]
    until = (await town.invitation(silent))["follow_up_until"]
    assert moment(until) == at("2026-05-10 24:00")
    await town.move("2026-05-10 23:59")
    assert (await town.open(again["silent"])).shows("2026年5月10日24:00截止")
    assert moment((await town.invitation(content))["follow_up_until"]) == at("2026-05-01 24:00")
    await town.move("2026-05-11 09:00")
    assert (await town.open(again["silent"])).status == 410
    assert len(await town.orders()) == 3
    assert [len(await town.evaluations(case)) for case in cases] == [2, 2, 1, 2]
    assert [kind for kind, _, _ in await town.sms(worse)] == ["thanks", "thanks"]


async def test_chaoan_an_sms_comes_to_the_minute_and_is_answered(demo: Start) -> None:
    town = await demo("2026-03-02 09:00")
    plain, asked, late, stopped = [await town.case(CHAOAN) for _ in range(4)]
    await town.complete("2026-03-02 09:00", plain, asked, late, stopped)
    assert await town.reply(plain, "5") == "unknown"
    await town.move("2026-03-03 08:59")
    assert await town.messages() == []
    await town.move("2026-03-03 09:00")
    (reminder,) = await town.messages(late)
    assert "2026年3月9日24:00前未评价的，系统按规定默认为“非常满意”" in reminder["text"]
    assert len(URL(reminder["link"]).path) <= 30
    said = {"words": "不满意，等了两个小时", "reference": "mo-1"}
    assert [await town.reply(plain, **said) for _ in range(2)] == ["rating", "rating"]
    (rated,) = await town.evaluations(plain)
    assert (rated["level_label"], rated["channel"]) == ("不满意", "sms")
    assert rated["reasons"]["item"]["words"] == "等了两个小时"
    assert await town.reply(asked, "2") == "asked"
    assert await town.evaluations(asked) == []
    assert await town.reply(asked, "窗口没有人") == "rating"
    assert await town.reply(stopped, "TD") == "stop"
    await town.move("2026-03-09 23:59")
    assert await town.evaluations(late) == []
    await town.move("2026-03-09 24:00")
    assert len(await town.evaluations(late)) == 1
    await town.move("2026-03-12 09:00")
    assert await town.reply(late, "4") == "rating"
    default, replaced = await town.evaluations(late)
    assert (default["replaced_by"], replaced["late"]) == (replaced["id"], True)
    await town.move("2026-05-01 09:00")
    assert await town.reply(plain, "追评 1 又等了一个月") == "follow_up"
    await town.move("2026-05-11 09:00")
    kinds = [[kind for kind, _, _ in await town.sms(case)] for case in (plain, asked, late)]
    assert kinds == [
        ["reminder", "thanks", "thanks"],
        ["reminder", "why", "thanks"],
        ["reminder", "thanks"],
    ]
    assert [kind for kind, _, _ in await town.sms(stopped)] == ["reminder"]
    assert len(await town.orders()) == 3


async def test_tianjin_silence_is_unrated_after_five_working_days(demo: Start) -> None:
    """第十六条, over National Day 2025: the Sunday before it and the Saturday after it are working
    days, and nothing is said in anybody's name."""
    town = await demo("2025-09-26 22:00")
    before, evening, prompt = [await town.case(HEXI) for _ in range(3)]
    batch = await town.group(HEXI, "batch")
    theme = await town.group(HEXI, "theme", theme=HEXI.theme)
    await town.complete("2025-09-26 15:00", before, prompt, *batch, *theme)
    await town.complete("2025-09-26 22:00", evening)
    (link,) = await town.links(prompt)
    assert (await town.rate(link, "满意")).status == 200
    await town.move("2025-09-29 10:00")
    after = await town.case(HEXI)
    await town.complete("2025-09-29 10:00", after)
    for until, cases in (("2025-10-10", (before, evening, *theme)), ("2025-10-13", (after,))):
        await town.move(f"{until} 23:59")
        for case in cases:
            assert (await town.invitation(case))["silence"] is None
        await town.move(f"{until} 24:00")
        for case in cases:
            invitation = await town.invitation(case)
            assert invitation["silence"] == "unrated"
            assert moment(invitation["timely_until"]) == at(f"{until} 24:00")
    (shared,) = await town.invitations(batch[0])
    assert shared["silence"] == "unrated"
    whole = [each for each in await town.invitations(theme[0]) if each["subject"]["group"]]
    assert [each["silence"] for each in whole if each["node"] == "completion"] == ["one_by_one"]
    assert [each["provenance"] for each in await town.evaluations()] == ["person"]

    await town.move("2025-10-20 10:00")
    (link,) = await town.links(before)
    late = await town.rate(link, "满意")
    assert late.status == 200
    assert "追加评价" not in late.links
    (said,) = await town.evaluations(before)
    assert (said["provenance"], said["late"], said["replaced_by"]) == ("person", True, None)
    await town.move("2025-12-05 22:00")
    assert len(await town.evaluations()) == 2
    assert (await town.invitation(before))["follow_up_until"] is None
    due = {before: "2025-09-27 15:00", evening: "2025-09-28 08:00", after: "2025-09-30 10:00"}
    due |= {batch[0]: "2025-09-27 15:00", theme[0]: "2025-09-27 15:00"}
    for case, when in due.items():
        assert await town.sms(case) == [("reminder", at(when), at(when))]
    assert len(await town.messages()) == len(due)


async def test_sanming_asks_after_each_step_and_never_again(demo: Start) -> None:
    """附件: 受理、办结 …… 发送评价短信. Of reminder and silence the text says nothing."""
    town = await demo("2026-03-02 22:00")
    case, evening = await town.case(SANMING, "window"), await town.case(SANMING)
    theme = await town.group(SANMING, "theme", theme=SANMING.theme)
    await town.visit(SANMING, case, "2026-03-02 22:00")
    await town.complete("2026-03-02 22:00", evening, *theme)
    assert await town.messages() == []
    await town.move("2026-03-03 10:00")
    await town.complete("2026-03-03 10:00", case)
    night, day = at("2026-03-03 08:00"), at("2026-03-03 10:00")
    asked = {
        case: [("invitation", night, night), ("invitation", day, day)],
        evening: [("invitation", night, night)],
        theme[0]: [("invitation", night, night)],
    }
    await town.move("2026-05-12 10:00")
    assert {each: await town.sms(each) for each in asked} == asked
    assert len(await town.messages()) == 4
    await stays_open_and_says_nothing(town, evening)


async def test_qijiang_and_lingang_leave_people_alone(demo: Start) -> None:
    """No reminder, no default, no 追加评价 in either text: nothing, however long."""
    town = await demo("2026-03-02 10:00")
    cases = []
    for place in (QIJIANG, LINGANG):
        cases += [await town.case(place, "window"), *await town.group(place, "batch")]
        await town.visit(place, cases[-3], "2026-03-02 10:00")
    await town.complete("2026-03-02 10:00", *cases)
    await town.step("2026-05-11 10:00", "P5D")
    assert await town.messages() == await town.notices() == await town.evaluations() == []
    for case in cases:
        await stays_open_and_says_nothing(town, case)


async def stays_open_and_says_nothing(town: Demo, case: Applied) -> None:
    """And is rated as if it were the first day."""
    before = len(await town.messages())
    assert await town.evaluations(case) == []
    invitation = await town.invitation(case)
    silent = ("remind_at", "reminded_at", "timely_until", "silence", "follow_up_until")
    assert [invitation[each] for each in silent] == [None] * len(silent)
    assert invitation["state"] == "open"
    page = await town.rate(invitation["link"], "满意")
    assert page.shows("谢谢您的评价")
    assert "追加评价" not in page.links
    (said,) = await town.evaluations(case)
    assert (said["provenance"], said["late"]) == ("person", False)
    assert (await town.invitation(case))["follow_up_until"] is None
    assert len(await town.messages()) == before
