"""One rating, stored: the evaluation with all that follows from it, once (DESIGN §2, §7)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from models.calendar.beijing import BEIJING
from models.cases.facts import GroupKind
from models.ledger import leaf
from models.ratings.refusals import AlreadyRated, LinkExpired, LinkUnknown, ReasonMissing
from models.ratings.submit import submit
from models.refusals import Conflict
from models.tables import (
    Coverage,
    Evaluation,
    Invitation,
    LedgerLeaf,
    Notice,
    OrderDeadline,
    OrderEvent,
    WorkOrder,
)
from models.words import Level, Node
from tests.models.contents import contents, everything
from tests.models.ratings.said import rating, reasons
from tests.models.town import Town, call, case, done, member, under, visit
from tests.standing import StandingClock

BAD = Level.DISSATISFIED
BATCH = GroupKind.BATCH


async def test_a_good_rating_is_stored_whole_and_opens_nothing(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    receipt = await submit(town.office, invitation, rating(answers={"有何改进意见": "没有"}))
    (row,) = await contents(Evaluation)
    assert (row["id"], row["level"], row["ordinal"]) == (receipt.evaluation, 4, 1)
    assert (row["invitation_id"], row["region_id"]) == (invitation.id, town.region.id)
    assert (row["rulebook"], row["version"], row["at"]) == ("chaoan", 1, town.office.now())
    assert row["answers"] == {"有何改进意见": "没有"}
    assert [each["slot"] for each in await contents(Coverage)] == ["case-1/completion/item/1"]
    await invitation.refresh_from_db()
    assert (invitation.closed_why, invitation.closed_at) == ("rated", town.office.now())
    assert (receipt.order, receipt.late) == (None, False)
    assert not await WorkOrder.exists()
    assert not await Notice.exists()


@under("chaoan", "sanming", "qijiang", "lingang", "tianjin")
async def test_the_leaf_can_be_found_again_from_what_is_stored(town: Town) -> None:
    """On each engine, from each column as it is read back."""
    await town.report(member("C1", BATCH), member("C2", BATCH), visit("C1"), done("C1"))
    taken = await town.report(done("C2"))
    said = rating(
        Level.VERY_DISSATISFIED,
        **reasons(item="慢，“乱”，\n还贵 😤"),
        answers={"有何改进意见": "多开窗口"},
        rater_name="陈小明",
        rater_phone="13800138000",
    )
    named = {"item": {"words": "慢"}, "staff": {"words": "冷淡"}}
    for invitation in taken.invitations:
        if invitation.node == Node.COMPLETION:
            both = said.model_copy(
                update={
                    "reasons": rating(BAD, reasons=named).reasons,
                    "submission": f"of {invitation.nonce}",
                }
            )
            await submit(town.office, invitation, both if len(invitation.targets) == 2 else said)
    (row, *_) = await contents(Evaluation)
    columns = {
        name: value for name, value in row.items() if name not in ("rater_name", "rater_phone")
    }
    covered = await Coverage.filter(evaluation_id=row["id"])
    stored = await LedgerLeaf.get(evaluation_id=row["id"])
    assert stored.hash == leaf(columns, [each.slot for each in covered])


async def test_who_rated_lies_sealed(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    me = {"rater_name": "陈小明", "rater_phone": "13900139000"}
    await submit(town.office, invitation, rating(BAD, **reasons(item="慢"), **me))
    stored = str(await everything())
    assert "陈小明" not in stored
    assert "13900139000" not in stored
    row = await Evaluation.all().first()
    assert row is not None
    assert row.rater_name is not None
    assert town.office.keys.open(row.rater_name, "evaluation.rater_name") == "陈小明"
    assert row.rater_hash == town.office.keys.find("+8613900139000", "phone")


HELD = {
    # Holder of the order, who is told, and the clocks: matrix §5. Until its class is known an order
    # has the longest term of any.
    "chaoan": ("bureau", ["bureau"], ["dispatch"]),
    "sanming": ("bureau", ["agency", "bureau"], ["appeal", "verify"]),
    "qijiang": ("agency", ["agency"], ["rectify"]),
    "lingang": ("agency", ["agency"], ["appeal", "first_contact", "rectify"]),
    "tianjin": ("agency", ["agency"], ["appeal", "first_contact", "rectify"]),
}


@under(*HELD)
async def test_a_bad_rating_opens_an_order_and_tells_who_must_act(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    holder, told, clocks = HELD[invitation.rulebook]
    receipt = await submit(town.office, invitation, rating(BAD, **reasons(item="等了两小时")))
    order = await WorkOrder.get().select_related("holder", "agency")
    assert receipt.order == order.id
    state = "verifying" if "agency" in told else "opened"
    assert (order.evaluation_id, order.state) == (receipt.evaluation, state)
    assert order.holder is not None
    assert (order.holder.code, order.agency.code) == (holder, "agency")
    assert (order.received_at is not None) == ("agency" in told)
    event = await OrderEvent.get()
    assert (event.sequence, event.kind, event.actor) == (1, "opened", "system")
    assert sorted([each.kind for each in await OrderDeadline.all()]) == clocks
    notices = await Notice.filter(kind="complaint").select_related("agency")
    assert sorted(each.agency.code for each in notices if each.agency) == told
    assert all(each.body["order"] == order.id for each in notices)


@under("tianjin")
async def test_in_tianjin_a_districts_order_goes_by_its_government(town: Town) -> None:
    invitation = await town.invitation(case(agency="agency-d", item="item-3"), done())
    await submit(town.office, invitation, rating(BAD, **reasons(item="慢")))
    order = await WorkOrder.get().select_related("holder")
    assert order.holder is not None
    assert (order.holder.code, order.received_at) == ("government", None)


async def test_sent_twice_it_is_answered_twice_and_stored_once(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    said = rating(BAD, **reasons(item="慢"))
    first = await submit(town.office, invitation, said)
    stored = await everything()
    for seen in (invitation, await Invitation.get(id=invitation.id)):
        assert await submit(town.office, seen, said) == first
    assert await everything() == stored


@under("chaoan", "tianjin")
async def test_who_comes_second_is_told_and_may_add_to_it_where_the_text_lets_them(
    town: Town, clock: StandingClock
) -> None:
    """第十九条: 60 natural days from the first rating, the day of it not counted."""
    invitation = await town.invitation(case(), done())
    first = await submit(town.office, invitation, rating())
    stored = await everything()
    with pytest.raises(AlreadyRated) as refused:
        await submit(town.office, invitation, rating(BAD, **reasons(item="慢")))
    assert refused.value.evaluation == first.evaluation
    until = datetime(2026, 5, 2, tzinfo=BEIJING) if invitation.rulebook == "chaoan" else None
    assert refused.value.follow_up_until == first.follow_up_until == until
    assert ("追加评价" in refused.value.message) == (until is not None)
    assert await everything() == stored
    clock.at = datetime(2026, 5, 2, tzinfo=BEIJING)
    with pytest.raises(AlreadyRated) as refused:
        await submit(town.office, invitation, rating())
    assert refused.value.follow_up_until is None


async def test_one_key_for_two_ratings_is_a_conflict_and_no_receipt_of_the_other(
    town: Town,
) -> None:
    """Told “stored”, the second sender would never send it again."""
    one = await town.invitation(case("C1"), done("C1"))
    other = await town.invitation(case("C2"), done("C2"))
    said = rating()
    await submit(town.office, one, said)
    before = await everything()
    with pytest.raises(Conflict) as refused:
        await submit(town.office, other, said)
    assert refused.value.field == "submission"
    assert not isinstance(refused.value, AlreadyRated)
    assert await everything() == before
    await submit(town.office, other, rating())


async def test_what_is_refused_is_not_stored(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    before = await everything()
    with pytest.raises(ReasonMissing):
        await submit(town.office, invitation, rating(BAD))
    clock.at = invitation.until
    with pytest.raises(LinkExpired):
        await submit(town.office, invitation, rating())
    assert await everything() == before
    clock.advance(microseconds=-1)
    receipt = await submit(town.office, invitation, rating())
    assert receipt.late


async def test_a_superseded_invitation_takes_no_rating(town: Town) -> None:
    invitation = await town.invitation(case(), done())
    invitation.closed_at, invitation.closed_why = town.office.now(), "superseded"
    await invitation.save()
    with pytest.raises(LinkUnknown):
        await submit(town.office, invitation, rating())


async def test_a_call_is_rated_by_itself(town: Town) -> None:
    invitation = await town.invitation(call(), node=Node.CALL)
    await submit(town.office, invitation, rating(BAD, **reasons(staff="挂断电话")))
    (row,) = await contents(Coverage)
    assert (row["slot"], row["call_id"], row["case_id"]) == ("call-1/staff/1", 1, None)
    assert await WorkOrder.all().count() == 1


async def test_it_is_late_after_the_silence(town: Town, clock: StandingClock) -> None:
    invitation = await town.invitation(case(), done())
    clock.advance(days=8)
    receipt = await submit(town.office, invitation, rating())
    assert receipt.late
    assert receipt.follow_up_until is not None
    assert receipt.follow_up_until > clock.now() + timedelta(days=59)
