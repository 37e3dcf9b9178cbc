"""Somebody acts on an order: loaded, decided, stored, told, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tortoise.queryset import QuerySet

from models.directory.regions import is_within
from models.handling import evidence
from models.handling.loading import Loaded, actor_of, load, scene_of
from models.handling.telling import tell
from models.handling.visible import visible
from models.office import Office
from models.orders.clocks import OrderClock, clocks_of
from models.orders.course import after
from models.orders.deciding import Given, To, decide, decide_rater
from models.orders.events import Event
from models.orders.refusals import Outrun
from models.orders.rows import columns, event_row, stands
from models.orders.steps import Confirm, Dispatch, Object, Step
from models.ratings.attachments import Proof
from models.refusals import Missing
from models.tables import Account, Agency, OrderDeadline, OrderFile, WorkOrder


async def act(
    office: Office,
    order: int,
    step: Step,
    account: Account,
    *,
    seen: int | None = None,
    files: Sequence[Proof] = (),
    via: str | None = None,
) -> WorkOrder:
    """`seen`: the `sequence` of the order as its page showed it, None: whatever it is now. `via`:
    the system that acts for the account.

    Raises Missing for an order that is not there or not theirs to see, NotAllowed, Outrun where
    somebody was faster, Invalid.
    """
    evidence.check(files)
    sealed = await evidence.sealed(office, files)
    mine = await visible(account)
    async with office.database.transaction():
        loaded = await hold(office, order, mine)
        if seen is not None and _outrun(loaded, seen):
            raise Outrun(f"工单刚有新的办理，请核对后再提交（{loaded.last}）", field="seen")
        scene, actor = await scene_of(office, loaded), await actor_of(loaded, account)
        to = await _target(step, account) if isinstance(step, Dispatch) else None
        events = decide(step, scene, actor, Given(files=len(files), to=to, via=via))
        return await happen(office, loaded, events, sealed)


async def act_as_rater(office: Office, order: int, step: Confirm | Object) -> WorkOrder:
    """Only the rater's own page calls this: nobody answers for them. Raises Missing,
    NotAllowed."""
    async with office.database.transaction():
        loaded = await hold(office, order)
        events = decide_rater(step, await scene_of(office, loaded))
        return await happen(office, loaded, events)


async def hold(office: Office, number: int, among: QuerySet[WorkOrder] | None = None) -> Loaded:
    """Inside a transaction: until it ends nobody else acts on the order. `among`: those that one
    may see. Raises Missing."""
    # The row alone and first of all: of two at once the second reads what the first has done.
    await WorkOrder.filter(id=number).select_for_update().only("id").first()
    if not await (WorkOrder if among is None else among).filter(id=number).exists():
        raise Missing(f"没有编号为“{number}”的工单")
    order = await WorkOrder.get(id=number).select_related("evaluation", "agency")
    return await load(office, order)


def _outrun(loaded: Loaded, seen: int) -> bool:
    """Somebody has acted since. What the system noted by itself changes nothing for a handler."""
    return any(event.account is not None for event in loaded.events[seen:])


async def _target(step: Dispatch, account: Account) -> To | None:
    found = await Agency.get_or_none(code=step.to)
    if found is None or account.agency_id is None:
        return None
    mine = await Agency.get(id=account.agency_id)
    within = await is_within(found.region_id, mine.region_id)
    return To(found.id, found.name, found.party, within)


async def happen(
    office: Office, loaded: Loaded, events: Sequence[Event], files: Sequence[OrderFile] = ()
) -> WorkOrder:
    """Store what was decided, by a step, by time, by a number that was revealed, and tell who has
    to know. Inside a transaction that holds the order. `files`: of the first event."""
    order, now = loaded.order, loaded.standing
    for event in events:
        now = after(now, event)
    first = loaded.standing.sequence + 1
    rows = [event_row(order.id, first + number, each) for number, each in enumerate(events)]
    for row in rows:
        await row.save()
    for file in files:
        file.event_id = rows[0].id
        await file.save()
    clocks = clocks_of(loaded.version, now, office.days)
    await _keep_clocks(order, clocks, office.now())
    changes = stands(now, clocks)
    await WorkOrder.filter(id=order.id).update(**changes)
    order.update_from_dict(changes)
    await tell(loaded, now, rows)
    return order


async def _keep_clocks(order: WorkOrder, clocks: Sequence[OrderClock], now: datetime) -> None:
    """The rows become what the clocks are. A clock that is wound anew, or runs again, is warned of
    anew."""
    # Held: a sweep that marks one of them meanwhile is not undone.
    held = OrderDeadline.filter(order_id=order.id).order_by("id").select_for_update()
    rows = {row.kind: row for row in await held}
    for clock in clocks:
        row = rows.get(clock.kind) or OrderDeadline(order_id=order.id, kind=clock.kind)
        fresh = columns(clock)
        runs_again = clock.open and not (row.met_at is None and row.void_at is None)
        if row.due_at != fresh["due_at"] or runs_again:
            row.overdue_at = row.escalate_at = None
            row.warn_at = clock.warn_after(now)
        if not clock.open:
            row.warn_at = row.escalate_at = None
        if clock.late:
            # Before any sweep has come by.
            row.overdue_at = clock.deadline.due
        row.update_from_dict(fresh)
        await row.save()
