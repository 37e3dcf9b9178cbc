"""An order with all that its decisions are made from."""

from __future__ import annotations

from dataclasses import dataclass

from models.accounts.roles import Role
from models.calendar.beijing import spoken
from models.directory.regions import bureaux_of, ids_within
from models.office import Office
from models.orders.clocks import OrderClock, clocks_of
from models.orders.course import standing
from models.orders.events import Event
from models.orders.rows import event_of
from models.orders.scene import Actor, Scene
from models.orders.standing import Standing
from models.rulebooks.rulebook import Version
from models.tables import Account, Agency, Coverage, OrderEvent, WorkOrder
from models.words import Level


@dataclass(frozen=True, slots=True)
class Loaded:
    """`order` comes with its evaluation and the rated agency."""

    order: WorkOrder
    version: Version
    events: tuple[Event, ...]
    standing: Standing
    clocks: tuple[OrderClock, ...]
    names: dict[int, str]
    """Of the accounts that have acted."""

    @property
    def last(self) -> str:
        """The last step of a person with an account, in words."""
        for event in reversed(self.events):
            if event.account is not None:
                who = self.names.get(event.account, event.actor)
                return f"{who}已于{spoken(event.at)}“{event.kind.label}”"
        return ""


async def load(office: Office, order: WorkOrder) -> Loaded:
    version = office.shelf.book(order.rulebook).version(order.version)
    rows = await OrderEvent.filter(order_id=order.id).order_by("sequence").select_related("account")
    events = tuple(event_of(row) for row in rows)
    now = standing(order.agency_id, events)
    names = {row.account.id: row.account.name for row in rows if row.account is not None}
    return Loaded(order, version, events, now, clocks_of(version, now, office.days), names)


async def scene_of(office: Office, loaded: Loaded) -> Scene:
    bureaux = [each.id for each in await bureaux_of(loaded.order.agency.region_id)]
    now = loaded.standing
    return Scene(
        version=loaded.version,
        now=loaded.standing,
        clocks=loaded.clocks,
        level=Level(loaded.order.evaluation.level),
        at=office.now(),
        bureau=next(iter(bureaux), None),
        second=next((each for each in bureaux if each not in (now.rated, now.handler)), None),
        joint=bool(loaded.order.copied_to),
        last=loaded.last,
    )


async def actor_of(loaded: Loaded, account: Account) -> Actor:
    order = loaded.order
    rated = (
        account.staff_id is not None
        and await Coverage.filter(
            evaluation_id=order.evaluation_id, staff_id=account.staff_id
        ).exists()
    )
    return Actor(
        account=account.id,
        login=account.login,
        role=Role(account.role),
        agency=account.agency_id,
        oversees=await _oversees(order, account),
        rated=rated,
        takes_part=account.agency_id in order.copied_to,
    )


async def _oversees(order: WorkOrder, account: Account) -> bool:
    if account.agency_id is None:
        return False
    if order.holder_id == account.agency_id:
        return True
    agency = await Agency.get(id=account.agency_id)
    return order.region_id in await ids_within(agency.region_id)
