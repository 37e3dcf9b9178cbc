"""Somebody acts on an order: stored whole or not at all, and of two at once one."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from tortoise.exceptions import IntegrityError

from models.database import Database
from models.handling.acting import act, act_as_rater, happen
from models.handling.evidence import MOST, unsealed
from models.handling.loading import load
from models.keys import KeyFault
from models.office import Office
from models.orders.events import Event, Kind
from models.orders.refusals import NotAllowed, Outrun
from models.orders.steps import STEPS, Confirm, Object
from models.ratings.attachments import AttachmentUnfit, proof
from models.refusals import Invalid, Missing
from models.rulebooks.shelf import Shelf
from models.tables import Account, Agency, OrderEvent, OrderFile, Staff, WorkOrder
from tests.models.broken import refusing
from tests.models.contents import everything
from tests.models.elsewhere import Elsewhere
from tests.models.handling.desk import PICTURE, Desk, picture
from tests.models.town import under
from tests.standing import MONDAY, StandingClock

VERIFY = STEPS["verify"].model_validate({"note": "确实久等"})
MISTAKEN: dict[str, Any] = {"ground": "误评", "reason": "评价人点错"}


@pytest.fixture
def elsewhere(database_url: str, shelf: Shelf) -> Elsewhere:
    return Elsewhere(database_url, shelf)


async def dispatched(desk: Desk) -> int:
    order = await desk.rated()
    await desk.step(order, "bureau", "dispatch", to="agency")
    return order


async def colleague(desk: Desk) -> Account:
    first = desk.who["handler"]
    return await Account.create(
        login="handler-2",
        name="承办乙",
        role=first.role,
        agency_id=first.agency_id,
        created_at=MONDAY,
    )


async def events_of(order: int) -> list[str]:
    rows = await OrderEvent.filter(order_id=order).order_by("sequence")
    return [f"{row.kind} by {row.actor}" for row in rows]


# --- Two at once --------------------------------------------------------------------------------


async def test_two_who_have_read_the_same_cannot_both_store(desk: Desk) -> None:
    """The race: without the order held, both find it as it was. The last bar is the number of the
    event."""
    order = await dispatched(desk)
    office, row = desk.town.office, await WorkOrder.get(id=order).select_related("agency")
    one, other = await load(office, row), await load(office, row)
    verified = (Event(Kind.VERIFIED, MONDAY, "handler-1", details={"note": ""}),)
    await happen(office, one, verified)
    with pytest.raises(IntegrityError):
        await happen(office, other, verified)


async def two_verify(desk: Desk, elsewhere: Elsewhere, order: int, seen: int | None) -> list[str]:
    """What becomes of two handlers at once: "done", or what the second is told."""
    accounts = [desk.who["handler"], await colleague(desk)]

    async def one(there: Office, account: Account) -> str:
        try:
            await act(there, order, VERIFY, account, seen=seen)
        except (Outrun, NotAllowed) as refused:
            return f"{type(refused).__name__} {refused.field}: {refused.message}"
        return "done"

    first, second = accounts
    return await elsewhere.at_once(
        (MONDAY, lambda there: one(there, first)), (MONDAY, lambda there: one(there, second))
    )


async def test_of_two_on_the_same_page_one_is_outrun(desk: Desk, elsewhere: Elsewhere) -> None:
    order = await dispatched(desk)
    done, told = sorted(await two_verify(desk, elsewhere, order, seen=2), reverse=True)
    assert done == "done"
    assert told.startswith("Outrun seen: 工单刚有新的办理，请核对后再提交（承办")
    assert told.endswith("已于2026年3月2日09:00“核实属实”）")
    assert (await desk.kinds(order)).count("verified") == 1


async def test_of_two_in_chat_the_second_reads_who_was_first(
    desk: Desk, elsewhere: Elsewhere
) -> None:
    """Who types a command has seen no page."""
    order = await dispatched(desk)
    done, told = sorted(await two_verify(desk, elsewhere, order, seen=None), reverse=True)
    assert done == "done"
    assert told.startswith("NotAllowed state: 工单现在是“整改中”，不能核实属实（承办")
    assert told.endswith("已于2026年3月2日09:00“核实属实”）")
    assert (await desk.kinds(order)).count("verified") == 1


async def test_a_rater_and_a_bureau_at_once(desk: Desk, elsewhere: Elsewhere) -> None:
    """Objected and decided: in either order no event is lost, and none has another's number."""
    order = await dispatched(desk)
    await desk.step(order, "handler", "find_mistaken", files=[await picture()], **MISTAKEN)
    await desk.step(order, "bureau", "contact", reached=True, note="本人说按错了")
    await desk.step(order, "bureau", "confirm_mistaken", note="与本人核对无误")
    objection = Object(reason="我说的是事实")
    contact = STEPS["contact"].model_validate({"reached": False, "note": "无人接听"})
    bureau = desk.who["bureau"]
    await elsewhere.at_once(
        (MONDAY, lambda there: act_as_rater(there, order, objection)),
        (MONDAY, lambda there: act(there, order, contact, bureau)),
    )
    kinds = await desk.kinds(order)
    assert sorted(kinds[-2:]) == ["contacted", "objected"]
    assert (await WorkOrder.get(id=order)).sequence == len(kinds)


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_two_orders_do_not_wait_for_each_other(desk: Desk, elsewhere: Elsewhere) -> None:
    """SQLite has one writer, and everybody waits."""
    one, other = await dispatched(desk), await dispatched(desk)
    handler = desk.who["handler"]
    async with elsewhere.holding(MONDAY, lambda there: act(there, one, VERIFY, handler)):
        async with asyncio.timeout(30):
            await elsewhere.at(MONDAY, lambda there: act(there, other, VERIFY, handler))


async def test_what_was_seen_is_what_people_did(desk: Desk) -> None:
    """A page is not outdated by what the system or the rater did; its state says that."""
    order = await dispatched(desk)
    account = desk.who["handler"]
    with pytest.raises(Outrun, match="主管部门甲已于2026年3月2日09:00“转办”"):
        await act(desk.town.office, order, VERIFY, account, seen=1)
    await act(desk.town.office, order, VERIFY, account, seen=2)


@under("qijiang")
async def test_a_rater_meanwhile_outdates_no_page(desk: Desk) -> None:
    order = await desk.rated()
    await desk.step(order, "staff", "appeal", reason="当天系统故障")
    await desk.step(order, "handler", "verify", class_name="simple")
    await desk.step(order, "handler", "answer", text="已经改正。")
    seen = (await WorkOrder.get(id=order)).sequence
    await desk.confirm(order, satisfied=True)
    decide = STEPS["decide_appeal"].model_validate({"upheld": False, "note": "仍应道歉"})
    await act(desk.town.office, order, decide, desk.who["bureau"], seen=seen)


# --- Whose order ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["operator", "stranger", "disabled", "other staff"])
async def test_an_order_that_is_not_theirs_is_not_there(desk: Desk, role: str) -> None:
    order = await dispatched(desk)
    handler = desk.who["handler"]
    match role:
        case "operator":
            account = desk.who["operator"]
        case "stranger":
            account = await colleague(desk)
            account.agency = await Agency.get(code="agency-x")
            await account.save()
        case "disabled":
            account = handler
            account.disabled_at = MONDAY
        case _:
            account = desk.who["staff"]
            account.staff = await Staff.get(code="staff-2")
    with pytest.raises(Missing, match=f"没有编号为“{order}”的工单"):
        await act(desk.town.office, order, VERIFY, account)
    assert (await desk.kinds(order))[-1] == "dispatched"


async def test_an_order_that_nobody_has(desk: Desk) -> None:
    with pytest.raises(Missing, match="没有编号为“4711”的工单"):
        await act(desk.town.office, 4711, VERIFY, desk.who["bureau"])
    with pytest.raises(Missing, match="没有编号为“4711”的工单"):
        await act_as_rater(desk.town.office, 4711, Confirm(satisfied=True))


async def test_it_says_through_what_it_was_done(desk: Desk) -> None:
    order = await dispatched(desk)
    await act(desk.town.office, order, VERIFY, desk.who["handler"], via="某市12345平台")
    last = await OrderEvent.filter(order_id=order).order_by("-sequence").first()
    assert last is not None
    assert (last.actor, last.account_id) == ("handler-1", desk.who["handler"].id)
    assert last.agency_id == desk.who["handler"].agency_id
    assert last.details["via"] == "某市12345平台"


async def test_who_moves_on_leaves_their_steps_behind(desk: Desk) -> None:
    """An event says for whom it was done."""
    order = await dispatched(desk)
    await desk.step(order, "handler", "verify")
    agency = desk.who["handler"].agency_id
    await Account.filter(id=desk.who["handler"].id).update(agency_id=desk.who["bureau"].agency_id)
    row = await OrderEvent.get(order_id=order, kind="verified")
    assert row.agency_id == agency


# --- Evidence -------------------------------------------------------------------------------------


async def test_evidence_is_sealed_and_found_by_its_event(desk: Desk) -> None:
    order = await dispatched(desk)
    given = await picture()
    await desk.step(order, "handler", "find_mistaken", files=[given, given], **MISTAKEN)
    found = await OrderEvent.get(order_id=order, kind="found_mistaken")
    files = await OrderFile.filter(event_id=found.id)
    assert len(files) == 2
    for file in files:
        assert (file.media_type, file.size, file.digest) == (
            "image/jpeg",
            len(PICTURE),
            given.digest,
        )
        assert PICTURE not in bytes(file.content)
        assert await unsealed(desk.town.office, file) == PICTURE
    assert bytes(files[0].content) != bytes(files[1].content)
    assert await OrderFile.all().count() == 2


async def test_evidence_in_anothers_place_is_not_opened(desk: Desk) -> None:
    order = await dispatched(desk)
    await desk.step(order, "handler", "find_mistaken", files=[await picture()], **MISTAKEN)
    (file,) = await OrderFile.all()
    file.id = uuid4()
    with pytest.raises(KeyFault):
        await unsealed(desk.town.office, file)


async def test_so_many_files_and_no_more(desk: Desk) -> None:
    order = await dispatched(desk)
    given = await picture()
    before = await everything()
    with pytest.raises(Invalid, match="最多附9个文件") as refused:
        await desk.step(order, "handler", "find_mistaken", files=[given] * (MOST + 1), **MISTAKEN)
    assert refused.value.field == "files"
    assert await everything() == before
    with pytest.raises(AttachmentUnfit):
        await proof(b"MZ no picture at all")
    await desk.step(order, "handler", "find_mistaken", files=[given] * MOST, **MISTAKEN)


# --- Whole or not at all --------------------------------------------------------------------------


@under("sanming")
@pytest.mark.parametrize(
    ("table", "verb"),
    [
        ("order_event", "INSERT"),
        ("order_file", "INSERT"),
        ("order_deadline", "INSERT"),
        ("order_deadline", "UPDATE"),
        ("work_order", "UPDATE"),
        ("notice", "INSERT"),
    ],
)
async def test_a_step_is_stored_whole_or_not_at_all(
    desk: Desk, database: Database, table: str, verb: str
) -> None:
    order = await desk.rated()
    given = [await picture()]
    before = await everything()
    async with refusing(database, table, verb):
        with pytest.raises(Exception, match="no room"):
            await desk.step(order, "handler", "find_mistaken", files=given, **MISTAKEN)
        assert await everything() == before
    await desk.step(order, "handler", "find_mistaken", files=given, **MISTAKEN)
    assert (await desk.kinds(order))[-1] == "found_mistaken"


@under("sanming")
@pytest.mark.parametrize("table", ["order_event", "work_order", "notice"])
async def test_the_raters_word_is_stored_whole_or_not_at_all(
    desk: Desk, database: Database, table: str
) -> None:
    order = await desk.rated()
    await desk.step(order, "handler", "verify")
    await desk.step(order, "handler", "answer", text="已经改正。")
    before = await everything()
    async with refusing(database, table, "UPDATE" if table == "work_order" else "INSERT"):
        with pytest.raises(Exception, match="no room"):
            await desk.confirm(order, satisfied=False)
        assert await everything() == before
    await desk.confirm(order, satisfied=False)
    with pytest.raises(NotAllowed, match="已经确认过"):
        await desk.confirm(order, satisfied=True)


async def test_what_is_refused_leaves_nothing(desk: Desk, clock: StandingClock) -> None:
    order = await dispatched(desk)
    before = await everything()
    clock.advance(hours=1)
    with pytest.raises(NotAllowed):
        await desk.step(order, "auditor", "verify")
    with pytest.raises(Invalid):
        await desk.step(order, "handler", "find_mistaken", **MISTAKEN)
    with pytest.raises(NotAllowed):
        await desk.object(order)
    assert await everything() == before


async def test_the_row_says_what_the_events_say(desk: Desk, clock: StandingClock) -> None:
    order = await dispatched(desk)
    await desk.step(order, "handler", "verify")
    clock.advance(hours=3)
    await desk.step(order, "handler", "answer", text="已经改正。")
    await desk.step(order, "bureau", "review_answer", passed=True)
    found = await WorkOrder.get(id=order)
    assert await events_of(order) == [
        "opened by system",
        "dispatched by bureau-1",
        "verified by handler-1",
        "answered by handler-1",
        "answer_passed by bureau-1",
        "closed by system",
    ]
    assert (found.state, found.sequence, found.holder_id, found.counted) == (
        "closed",
        6,
        None,
        True,
    )
    assert (found.closed_at, found.due_at, found.received_at) == (clock.at, None, MONDAY)
    assert found.handler_id == desk.who["handler"].agency_id
