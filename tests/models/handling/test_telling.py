"""Who is told of what, and nobody else: by hand, step by step. Never who did it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from models.calendar.beijing import BEIJING
from models.handling.revealing import reveal
from models.ratings.attachments import Proof
from models.tables import Account, Agency, Notice, Region
from models.tick import tick
from tests.models.handling.desk import Desk, picture
from tests.models.town import NAME, PHONE, under
from tests.standing import StandingClock

Told = tuple[str, ...]
Did = tuple[str, str, dict[str, Any]]

MISTAKEN: Did = ("handler", "find_mistaken", {"ground": "误评", "reason": "评价人点错"})
CALLED: Did = ("bureau", "contact", {"reached": True, "note": "本人说按错了"})
CONFIRMED: Did = ("bureau", "confirm_mistaken", {"note": "与本人核对无误"})
DISPATCHED: Did = ("bureau", "dispatch", {"to": "agency"})
VERIFIED: Did = ("handler", "verify", {})
CLASSED: Did = ("handler", "verify", {"class_name": "complex"})
ANSWERED: Did = ("handler", "answer", {"text": "已经改正。"})
APPEAL: dict[str, Any] = {"reason": "当天系统故障"}
UNTIL: dict[str, Any] = {"until": date(2026, 4, 20), "reason": "需要会商"}

WALKS: dict[str, tuple[str, list[tuple[Did, Told]]]] = {
    "passed on and given back": (
        "chaoan",
        [
            (DISPATCHED, ("dispatch: agency",)),
            (("handler", "return", {"reason": "不是本单位的事项"}), ("order_step: bureau",)),
            (("bureau", "dispatch", {"to": "bureau-x"}), ("dispatch: bureau-x",)),
            (("bureau-x", "dispatch", {"to": "agency-x"}), ("dispatch: agency-x",)),
        ],
    ),
    "answered and reviewed": (
        "chaoan",
        [
            (DISPATCHED, ("dispatch: agency",)),
            (("handler", "accept", {}), ()),
            (("handler", "contact", {"reached": True, "note": "已致歉"}), ()),
            (VERIFIED, ()),
            (ANSWERED, ("order_answered", "order_step: bureau")),
            (
                ("bureau", "review_answer", {"passed": False, "note": "没有说明何时"}),
                ("order_step: agency",),
            ),
            (ANSWERED, ("order_answered", "order_step: bureau")),
            (("bureau", "review_answer", {"passed": True}), ()),
        ],
    ),
    "through a town": (
        "chaoan",
        [
            (("bureau", "dispatch", {"to": "town"}), ("dispatch: town",)),
            (("town", "dispatch", {"to": "agency"}), ("dispatch: agency",)),
            (VERIFIED, ()),
            # Who handed it out reviews it (潮安第二条).
            (ANSWERED, ("order_answered", "order_step: town")),
        ],
    ),
    "found mistaken, and it is not": (
        "chaoan",
        [
            (DISPATCHED, ("dispatch: agency",)),
            (MISTAKEN, ("order_step: bureau",)),
            (("bureau", "reject_mistaken", {"note": "评价属实"}), ("order_step: agency",)),
        ],
    ),
    "set aside, objected, upheld": (
        "chaoan",
        [
            (DISPATCHED, ("dispatch: agency",)),
            (MISTAKEN, ("order_step: bureau",)),
            (CALLED, ()),
            (CONFIRMED, ("order_excluding", "order_step: agency")),
            (("rater", "object", {}), ("order_step: bureau",)),
            (
                ("bureau", "decide_objection", {"upheld": True, "note": "评价人坚持"}),
                ("order_stands", "order_step: agency"),
            ),
        ],
    ),
    "set aside, objected in vain": (
        "sanming",
        [
            # 报送同级审改办、效能办.
            (MISTAKEN, ("order_step: bureau",)),
            (CONFIRMED, ("order_excluding", "order_step: agency")),
            (("rater", "object", {}), ("order_step: bureau",)),
            (
                ("bureau", "decide_objection", {"upheld": False, "note": "证据充分"}),
                (
                    "order_excluded",
                    "order_step: agency",
                    "order_step: staff-1",
                    "order_step: supervisor",
                ),
            ),
        ],
    ),
    "appealed through the agency": (
        "sanming",
        [
            # The colleagues have to pass it on.
            (("staff", "appeal", APPEAL), ("order_step: agency",)),
            (("handler", "forward_appeal", {}), ("order_step: bureau",)),
            (
                ("bureau", "decide_appeal", {"upheld": False, "note": "仍应道歉"}),
                ("order_step: agency", "order_step: staff-1"),
            ),
            (("bureau", "verify", {}), ()),
            (
                ("handler", "enter_in_ledger", UNTIL),
                ("order_extended", "order_step: bureau"),
            ),
            (ANSWERED, ("order_answered", "order_step: bureau")),
            (
                ("rater", "confirm", {"satisfied": True}),
                ("order_step: agency", "order_step: bureau"),
            ),
            (("bureau", "leave_out", {"reason": "评价人满意"}), ("order_step: agency",)),
        ],
    ),
    "not satisfied": (
        "sanming",
        [
            (VERIFIED, ()),
            (ANSWERED, ("order_answered", "order_step: bureau")),
            (
                ("rater", "confirm", {"satisfied": False}),
                ("order_step: agency", "order_step: bureau", "order_step: supervisor"),
            ),
        ],
    ),
    "an appeal in person": (
        "qijiang",
        [
            (("staff", "appeal", APPEAL), ("order_step: bureau",)),
            (
                ("bureau", "decide_appeal", {"upheld": True, "note": "录像显示"}),
                ("order_excluding", "order_step: agency", "order_step: staff-1"),
            ),
        ],
    ),
    "more time": (
        "lingang",
        [
            (CLASSED, ()),
            (("handler", "ask_extension", UNTIL), ("order_step: bureau",)),
            (("bureau", "decide_extension", {"granted": False}), ("order_step: agency",)),
            (("handler", "ask_extension", UNTIL), ("order_step: bureau",)),
            (
                ("bureau", "decide_extension", {"granted": True}),
                ("order_extended", "order_step: agency"),
            ),
        ],
    ),
}


async def whom(notice: Notice) -> str:
    """A letter to the rater by its kind, a notice to staff with the agency's code or the login."""
    if "evaluation" in notice.body:
        return notice.kind
    if "account" in notice.body:
        return f"{notice.kind}: {(await Account.get(id=notice.body['account'])).login}"
    return f"{notice.kind}: {(await Agency.get(id=notice.agency_id)).code}"


async def told_since(last: int) -> Told:
    found = await Notice.filter(id__gt=last).order_by("id")
    return tuple(sorted([await whom(notice) for notice in found]))


async def latest() -> int:
    newest = await Notice.all().order_by("-id").first()
    return newest.id if newest else 0


async def more_agencies(desk: Desk) -> None:
    town = desk.town.region
    await Agency.create(code="supervisor", name="效能办", region=town, party="supervisor")
    foreign = await Region.get(code="X")
    bureau = await Agency.create(code="bureau-x", name="邻市政务局", region=foreign, party="bureau")
    desk.who["bureau-x"] = await Account.create(
        login="bureau-x-1",
        name="邻市主管甲",
        role="bureau",
        agency=bureau,
        created_at=desk.town.office.now(),
    )


async def do(desk: Desk, order: int, did: Did) -> None:
    by, name, said = did
    files: Sequence[Proof] = [await picture()] if name == "find_mistaken" else ()
    match by, name:
        case "rater", "object":
            await desk.object(order)
        case "rater", "confirm":
            await desk.confirm(order, **said)
        case _:
            await desk.step(order, by, name, files=files, **said)


@pytest.mark.parametrize(
    ("town", "walk"),
    [pytest.param(name, walk, id=what) for what, (name, walk) in WALKS.items()],
    indirect=["town"],
)
async def test_who_is_told(desk: Desk, walk: list[tuple[Did, Told]]) -> None:
    await more_agencies(desk)
    order = await desk.rated()
    for did, told in walk:
        last = await latest()
        await do(desk, order, did)
        assert await told_since(last) == told, did[1]


async def test_when_the_days_to_object_are_over(desk: Desk, clock: StandingClock) -> None:
    order = await desk.rated()
    for did in (DISPATCHED, MISTAKEN, CALLED, CONFIRMED):
        await do(desk, order, did)
    last = await latest()
    clock.at = datetime(2026, 3, 10, tzinfo=BEIJING)
    await tick(desk.town.office)
    told = [each for each in await told_since(last) if each.startswith("order_")]
    assert told == ["order_excluded", "order_step: agency", "order_step: staff-1"]
    letter = await Notice.get(kind="order_excluded")
    # At midnight nobody is written to (reading 28).
    assert letter.due_at == datetime(2026, 3, 10, 8, tzinfo=BEIJING)


@under("lingang")
async def test_when_it_is_looked_at_again(desk: Desk) -> None:
    order = await desk.rated()
    for did in (MISTAKEN, CONFIRMED, ("rater", "object", {})):
        await do(desk, order, did)
    await desk.step(order, "bureau", "decide_objection", upheld=False, note="证据充分")
    last = await latest()
    await desk.step(order, "bureau", "recheck", reason="评价人否认误评")
    assert await told_since(last) == ("order_stands", "order_step: agency")


async def test_a_number_that_was_looked_at_is_told_to_the_bureau(desk: Desk) -> None:
    order = await desk.rated()
    await do(desk, order, DISPATCHED)
    last = await latest()
    await reveal(desk.town.office, order, desk.who["handler"], "回访核实情况")
    assert await told_since(last) == ("order_step: bureau",)
    last = await latest()
    # 回访专席 of the bureau: their colleagues see who looked it up as well.
    await reveal(desk.town.office, order, desk.who["bureau"], "回访核实情况")
    assert await told_since(last) == ("order_step: bureau",)


async def test_a_disabled_account_is_told_nothing(desk: Desk) -> None:
    order = await desk.rated()
    staff = desk.who["staff"]
    await Account.filter(id=staff.id).update(disabled_at=desk.town.office.now())
    for did in (DISPATCHED, MISTAKEN, CALLED, CONFIRMED):
        await do(desk, order, did)
    await desk.object(order)
    await desk.step(order, "bureau", "decide_objection", upheld=False, note="证据充分")
    assert not [each for each in await told_since(0) if "staff" in each]


async def test_a_notice_names_nobody(desk: Desk) -> None:
    order = await desk.rated()
    for did in (DISPATCHED, VERIFIED, ANSWERED):
        await do(desk, order, did)
    await reveal(desk.town.office, order, desk.who["handler"], "答复后回访评价人")
    notices = await Notice.all()
    assert len(notices) > 4
    for each in notices:
        assert set(each.body) <= {"order", "event", "account", "evaluation", "deadline"}
        assert NAME not in str(each.body)
        assert PHONE not in str(each.body)
