"""查看联系方式: whoever must call back sees name and number by a step that asks for a reason, is
kept among the order's events and is told to the bureau."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from models.accounts.roles import Role
from models.contacts import contacts_of_rater, name_of_rater
from models.handling.acting import happen, hold
from models.handling.loading import Loaded, actor_of
from models.handling.visible import visible
from models.office import Office
from models.orders.events import Event, Kind
from models.orders.refusals import NotAllowed
from models.orders.scene import Actor
from models.refusals import Invalid, Missing
from models.tables import Account, Evaluation
from models.texts import harmless

SHORTEST_REASON: Final = 4
REASON_LENGTH: Final = 500
_ROLES: Final = (Role.HANDLER, Role.TOWN, Role.BUREAU, Role.CALLBACK)


@dataclass(frozen=True, slots=True)
class Revealed:
    name: str | None
    phone: str | None
    email: str | None
    """None: the rater has left none, and nobody knows it."""


def may_reveal(loaded: Loaded, actor: Actor) -> bool:
    """承办 of the order, the call-back desk, and the bureau that confirms with the rater. Nobody
    who was rated."""
    if actor.rated or actor.role not in _ROLES or loaded.standing.state.ended:
        return False
    if actor.role in (Role.CALLBACK, Role.BUREAU) and actor.oversees:
        return True
    return actor.agency is not None and actor.agency == loaded.standing.handler


async def reveal(office: Office, order: int, account: Account, reason: str) -> Revealed:
    """Raises Missing, NotAllowed, Invalid where no reason is given."""
    why = harmless(reason, REASON_LENGTH).strip()
    if len(why) < SHORTEST_REASON:
        raise Invalid(f"请写明查看联系方式的理由（至少{SHORTEST_REASON}个字）", field="reason")
    mine = await visible(account)
    if not await mine.filter(id=order).exists():
        raise Missing(f"没有编号为“{order}”的工单")
    async with office.database.transaction():
        loaded = await hold(office, order)
        actor = await actor_of(loaded, account)
        if not may_reveal(loaded, actor):
            raise NotAllowed(
                "只有需要回访评价人的人员可以查看联系方式",
                source=loaded.version.privacy.source if loaded.version.privacy else None,
            )
        event = Event(
            Kind.REVEALED,
            office.now(),
            actor.login,
            actor.account,
            actor.agency,
            {"reason": why},
        )
        await happen(office, loaded, (event,))
    return await _rater(office, loaded.order.evaluation_id)


async def _rater(office: Office, evaluation_id: UUID) -> Revealed:
    evaluation = await Evaluation.get(id=evaluation_id)
    contacts = await contacts_of_rater(office, evaluation)
    name = await name_of_rater(office, evaluation)
    return Revealed(name, contacts.phone, contacts.email)
