"""An order on its way, without a database: who there is, and what each does when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.accounts.roles import Role
from models.calendar.beijing import BEIJING
from models.calendar.working_days import WorkingDays
from models.orders.clocks import OrderClock, clocks_of
from models.orders.course import after
from models.orders.deciding import Events, Given, To, decide, decide_rater, excluded, unconfirmed
from models.orders.events import Event, Kind
from models.orders.opening import Holders, open_order
from models.orders.scene import Actor, Scene
from models.orders.standing import Standing
from models.orders.steps import STEPS, Confirm, Object
from models.rulebooks.rulebook import Version
from models.words import Level

AGENCY, BUREAU, DISTRICT, SECOND, TOWN = 1, 2, 3, 4, 5
DAYS = WorkingDays()
MORNING = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
PLACES = {
    "agency": To(AGENCY, "市场监管局", "agency", within=True),
    "agency-2": To(SECOND, "税务局", "agency", within=True),
    "agency-x": To(99, "邻市民政局", "agency", within=False),
    "town": To(TOWN, "某镇", "town", within=True),
    "bureau": To(BUREAU, "政务服务局", "bureau", within=True),
    "bureau-x": To(98, "邻市政务局", "bureau", within=False),
    "government": To(DISTRICT, "区人民政府", "district", within=True),
}


def person(
    role: Role,
    agency: int | None,
    account: int = 1,
    *,
    oversees: bool = False,
    rated: bool = False,
    takes_part: bool = False,
) -> Actor:
    return Actor(account, f"{role}-{account}", role, agency, oversees, rated, takes_part)


ROLES = {
    "staff": person(Role.STAFF, AGENCY, 1, rated=True),
    "handler": person(Role.HANDLER, AGENCY, 2),
    "town": person(Role.TOWN, TOWN, 3),
    "bureau": person(Role.BUREAU, BUREAU, 4, oversees=True),
    "callback": person(Role.CALLBACK, BUREAU, 5, oversees=True),
    "auditor": person(Role.AUDITOR, BUREAU, 6, oversees=True),
    "operator": person(Role.OPERATOR, None, 7),
}


@dataclass
class Course:
    version: Version
    at: datetime = MORNING
    days: WorkingDays = DAYS
    municipal: bool = True
    by_hotline: bool = False
    joint: bool = False
    level: Level = Level.DISSATISFIED
    events: list[Event] = field(default_factory=list)
    now: Standing = field(init=False)

    def __post_init__(self) -> None:
        holders = Holders(AGENCY, BUREAU, DISTRICT, self.municipal)
        new = open_order(self.version, holders, self.at, self.days, by_hotline=self.by_hotline)
        self.events, self.now = list(new.events), new.standing

    @property
    def scene(self) -> Scene:
        now, clocks = self.now, self.clocks
        return Scene(
            self.version, now, clocks, self.level, self.at, BUREAU, second=BUREAU, joint=self.joint
        )

    @property
    def clocks(self) -> tuple[OrderClock, ...]:
        return clocks_of(self.version, self.now, self.days)

    def clock(self, kind: str) -> OrderClock:
        (found,) = [each for each in self.clocks if each.kind == kind]
        return found

    def take(
        self, by: str | Actor, name: str, *, files: int = 1, via: str | None = None, **said: Any
    ) -> Events:
        actor = ROLES[by] if isinstance(by, str) else by
        to = PLACES.get(said.get("to", ""))
        step = STEPS[name].model_validate(said)
        return self.happen(decide(step, self.scene, actor, Given(files, to, via)))

    def object(self) -> Events:
        return self.happen(decide_rater(Object(reason="我说的是事实"), self.scene))

    def confirm(self, *, satisfied: bool) -> Events:
        return self.happen(decide_rater(Confirm(satisfied=satisfied), self.scene))

    def days_over(self) -> Events:
        """The rater has neither objected nor confirmed in time."""
        objection = self.now.state == "excluding"
        return self.happen(excluded(self.scene) if objection else unconfirmed(self.scene))

    def happen(self, events: Events) -> Events:
        for event in events:
            self.now = after(self.now, event)
        self.events += events
        return events

    @property
    def kinds(self) -> list[Kind]:
        return [event.kind for event in self.events]
