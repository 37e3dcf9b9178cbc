"""Who handles the orders of a town: an account for each role, and the steps in short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from models.accounts.roles import Role
from models.handling.acting import act, act_as_rater
from models.orders.steps import STEPS, Confirm, Object
from models.ratings.attachments import Proof, proof
from models.ratings.given import Rating, ReasonGiven
from models.ratings.submit import submit
from models.tables import Account, Agency, Invitation, OrderEvent, Staff, WorkOrder
from models.words import Channel, Credential, Level, Node, Target
from tests.models.town import Town, case, done, visit

PICTURE = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9") + bytes(64)
EVIDENCE = "照片或录音为证"


@dataclass
class Desk:
    """`who` by role: staff (the one rated), handler, bureau, callback, auditor, operator, town."""

    town: Town
    who: dict[str, Account]

    @classmethod
    async def of(cls, town: Town) -> Desk:
        agency = await Agency.get(code="agency")
        bureau = await Agency.get(code="bureau")
        staff = await Staff.get(code="staff-1")
        office = await Agency.create(code="town", name="某镇", region=town.region, party="town")
        where = {
            Role.STAFF: agency,
            Role.HANDLER: agency,
            Role.TOWN: office,
            Role.BUREAU: bureau,
            Role.CALLBACK: bureau,
            Role.AUDITOR: bureau,
            Role.OPERATOR: None,
        }
        who = {
            role.value: await Account.create(
                login=f"{role.value}-1",
                name=f"{role.label}甲",
                role=role.value,
                agency=at,
                staff=staff if role is Role.STAFF else None,
                created_at=town.office.now(),
            )
            for role, at in where.items()
        }
        return cls(town, who)

    async def rated(
        self, level: Level = Level.DISSATISFIED, *, target: Target = Target.STAFF
    ) -> int:
        """A bad rating of a visit or of the item; the number of its order."""
        number = uuid4().hex[:12]
        node = Node.VISIT if target is Target.STAFF else Node.COMPLETION
        hour, now = timedelta(hours=1), self.town.office.now()
        taken = await self.town.report(
            case(number), visit(number, at=now - 2 * hour), done(number, at=now - hour)
        )
        found = Invitation.filter(case__number=number, node=node.value)
        invitation = await found.first()
        assert invitation is not None, taken
        stored = await submit(
            self.town.office,
            invitation,
            Rating(
                submission=uuid4().hex,
                level=level,
                channel=Channel.LINK,
                credential=Credential.LINK,
                reasons={target: ReasonGiven(words="等了两个小时")},
                rater_name="欧阳小明",
                rater_phone="+8613800138000",
            ),
        )
        assert stored.order is not None
        return stored.order

    async def step(
        self, order: int, by: str, name: str, *, files: Sequence[Proof] = (), **said: Any
    ) -> WorkOrder:
        step = STEPS[name].model_validate(said)
        return await act(self.town.office, order, step, self.who[by], files=files)

    async def confirm(self, order: int, *, satisfied: bool) -> WorkOrder:
        return await act_as_rater(self.town.office, order, Confirm(satisfied=satisfied))

    async def object(self, order: int) -> WorkOrder:
        return await act_as_rater(self.town.office, order, Object(reason="我说的是事实"))

    async def kinds(self, order: int) -> list[str]:
        rows = await OrderEvent.filter(order_id=order).order_by("sequence")
        return [row.kind for row in rows]

    def in_days(self, days: int) -> date:
        return (self.town.office.now() + timedelta(days=days)).date()


async def picture() -> Proof:
    return await proof(PICTURE)
