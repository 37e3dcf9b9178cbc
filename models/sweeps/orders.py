"""What time does to work orders: warnings, overdue marks, escalation; the end of the rater's days
to object or to confirm."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tortoise.queryset import QuerySet

from models.directory.regions import bureau_of, chain
from models.handling.acting import happen, hold
from models.handling.loading import Loaded, scene_of
from models.notices import notice, put
from models.office import Office
from models.orders.clocks import BUREAUS, RIGHTS
from models.orders.deciding import excluded, unconfirmed
from models.orders.recount import recount
from models.orders.states import State
from models.orders.warnings import escalation, warnings
from models.sweeps.batches import Ids, sweep
from models.tables import Agency, Notice, OrderDeadline, WorkOrder

Deadlines = QuerySet[OrderDeadline]


def to_warn(now: datetime) -> Deadlines:
    """What rests on an estimated day waits until its year is known."""
    return _open().filter(warn_at__lte=now, provisional=False).order_by("warn_at", "id")


def to_mark(now: datetime) -> Deadlines:
    late = _open().filter(due_at__lte=now, overdue_at=None, provisional=False)
    return late.exclude(kind__in=list(RIGHTS)).order_by("due_at", "id")


def to_escalate(now: datetime) -> Deadlines:
    return _open().filter(escalate_at__lte=now).order_by("escalate_at", "id")


def unused(now: datetime) -> Deadlines:
    """The rater may object or confirm no longer."""
    theirs = _open().filter(kind__in=["objection", "callback"], due_at__lte=now, provisional=False)
    return theirs.order_by("due_at", "id")


def _open() -> Deadlines:
    return OrderDeadline.filter(met_at=None, void_at=None)


async def warn(office: Office) -> int:
    now = office.now()

    async def do(ids: Ids) -> None:
        for row in await _rows(ids):
            version = office.shelf.book(row.order.rulebook).version(row.order.version)
            counted = recount(row, office.days)
            coming = warnings(counted, version.supervision.before, office.days)
            at = row.warn_at
            row.warn_at = min((each for each in coming if each > now), default=None)
            await row.save(update_fields=["warn_at"])
            # After a standstill the day may have passed: then it is overdue, and no warning.
            if now < row.due_at:
                await put([_about("warning", row, agency, now, at) for agency in await _duty(row)])

    return await sweep(office, lambda: to_warn(now), do)


async def mark_overdue(office: Office) -> int:
    now = office.now()

    async def do(ids: Ids) -> None:
        for row in await _rows(ids):
            version = office.shelf.book(row.order.rulebook).version(row.order.version)
            row.overdue_at = row.due_at
            row.escalate_at = escalation(row.due_at, version.supervision.higher_after, office.days)
            row.warn_at = None
            await row.save(update_fields=["overdue_at", "escalate_at", "warn_at"])
            bureau = await bureau_of(row.order.agency.region_id)
            told = dict.fromkeys([*await _duty(row), bureau.id if bureau else None])
            await put([_about("overdue", row, agency, now, row.due_at) for agency in told])

    return await sweep(office, lambda: to_mark(now), do)


async def escalate(office: Office) -> int:
    """To the bureau above the one that was told first."""
    now = office.now()

    async def do(ids: Ids) -> None:
        for row in await _rows(ids):
            at, row.escalate_at = row.escalate_at, None
            await row.save(update_fields=["escalate_at"])
            higher = await _higher(row.order)
            if higher is not None:
                await put([_about("overdue", row, higher.id, now, at)])

    return await sweep(office, lambda: to_escalate(now), do)


async def end_raters_days(office: Office) -> int:
    now, done = office.now(), 0
    # One by one: who acts holds the order before its clocks, and so does this.
    for number, order in await unused(now).values_list("id", "order_id"):
        async with office.database.transaction():
            loaded = await hold(office, order)
            row = await unused(now).get_or_none(id=number)
            if row is not None:
                await _end(office, loaded, row)
                done += 1
    return done


async def _end(office: Office, loaded: Loaded, row: OrderDeadline) -> None:
    """At the moment at which it ended, however late we come, and not before what has happened."""
    at = max(row.due_at, loaded.events[-1].at)
    scene = replace(await scene_of(office, loaded), at=at)
    if row.kind == "objection" and scene.now.state is State.EXCLUDING:
        await happen(office, loaded, excluded(scene))
    elif row.kind == "callback" and scene.now.state is State.CALLING_BACK:
        await happen(office, loaded, unconfirmed(scene))
    else:
        row.void_at = row.due_at
        await row.save(update_fields=["void_at"])


async def _rows(ids: Ids) -> list[OrderDeadline]:
    found = OrderDeadline.filter(id__in=ids).order_by("due_at", "id")
    return await found.select_related("order__agency")


async def _duty(row: OrderDeadline) -> list[int | None]:
    """Whose duty it is. 会同 (三明): the bureau and the agency verify together."""
    order = row.order
    if row.kind == "review":
        bureau = await bureau_of(order.agency.region_id)
        return [bureau.id if bureau else None]
    if row.kind in BUREAUS:
        return [order.holder_id]
    return list(dict.fromkeys([order.handler_id or order.holder_id, order.holder_id]))


async def _higher(order: WorkOrder) -> Agency | None:
    nearest = await bureau_of(order.agency.region_id)
    if nearest is None:
        return None
    above = await chain(nearest.region_id)
    return await bureau_of(above[1].id) if len(above) > 1 else None


def _about(
    kind: str, row: OrderDeadline, agency: int | None, now: datetime, at: datetime | None
) -> Notice:
    # `at` tells a second warning from the first.
    when = f"{at.timestamp():.0f}" if at else ""
    once = f"{row.id}:{agency or 'nobody'}:{when}"
    return notice(kind, once, {"order": row.order_id, "deadline": row.id}, now=now, agency=agency)
