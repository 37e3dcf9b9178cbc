"""What must hold of the rows at any time, whatever was sent."""

from __future__ import annotations

from models.database import Database
from models.orders.course import standing
from models.orders.rows import event_of
from models.tables import (
    Case,
    Coverage,
    Evaluation,
    Invitation,
    LedgerLeaf,
    Notice,
    OrderDeadline,
    OrderEvent,
    WorkOrder,
)


async def check_whole(database: Database) -> None:
    """Nothing is half stored."""
    await _foreign_keys(database)
    await _evaluations()
    await _orders()
    await _invitations()
    for row in await Case.all().select_related("agency", "group"):
        assert row.region_id == row.agency.region_id
        if row.group is not None:
            assert await Case.filter(group=row.group).count() <= row.group.size


async def _foreign_keys(database: Database) -> None:
    if not database.is_postgres:
        # PostgreSQL has no way around them.
        rows = await database.connection.execute_query_dict("PRAGMA foreign_key_check")
        assert rows == []


async def _evaluations() -> None:
    covered = set(await Coverage.all().values_list("evaluation_id", flat=True))
    leaves = list(await LedgerLeaf.all().values_list("evaluation_id", flat=True))
    evaluations = await Evaluation.all()
    assert covered == set(leaves) == {each.id for each in evaluations}
    assert len(leaves) == len(evaluations)
    ordered = set(await WorkOrder.all().values_list("evaluation_id", flat=True))
    assert ordered == {each.id for each in evaluations if each.level <= 2}


async def _orders() -> None:
    for order in await WorkOrder.all():
        events = await OrderEvent.filter(order=order).order_by("sequence")
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        now = standing(order.agency_id, [event_of(event) for event in events])
        assert (order.state, order.sequence) == (now.state.value, now.sequence)
        assert (order.holder_id, order.handler_id) == (now.holder, now.handler)
        assert (order.received_at, order.counted) == (now.received_at, now.counted)
        assert await OrderDeadline.filter(order=order).exists()
        assert await Notice.filter(once__startswith=f"complaint:{order.id}:").exists()


async def _invitations() -> None:
    said = Evaluation.exclude(invitation_id=None).exclude(provenance="default")
    rated = set(await said.values_list("invitation_id", flat=True))
    for each in await Invitation.all():
        assert sum(of is not None for of in (each.case_id, each.group_id, each.call_id)) == 1
        assert (each.closed_at is None) == (each.closed_why is None)
        assert (each.id in rated) == (each.closed_why == "rated")
        assert each.opened_at < each.until
