"""Anybody tries anything at any time, under each of the five rulebooks: no walk leads an order
where the regulation forbids it to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.accounts.roles import Role
from models.calendar.working_days import WorkingDays
from models.orders.clocks import RIGHTS, clocks_of
from models.orders.course import after, standing
from models.orders.deciding import Given, To, decide, decide_rater, excluded, unconfirmed
from models.orders.events import Event, Kind
from models.orders.guards import check
from models.orders.opening import Holders, open_order
from models.orders.refusals import NotAllowed
from models.orders.scene import Actor, Scene
from models.orders.standing import Standing
from models.orders.states import State
from models.orders.steps import STEPS, Confirm, Object, Step
from models.refusals import Invalid
from models.rulebooks.rulebook import Version
from models.rulebooks.shelf import Shelf
from models.words import Level

DAYS = WorkingDays()
SHELF = Shelf.load()
START = datetime(2026, 2, 10, 2, tzinfo=UTC)
AGENCY, BUREAU, DISTRICT, SECOND, TOWN, HIGHER, FOREIGN = range(1, 8)
REGULATIONS = ("chaoan", "sanming", "qijiang", "lingang", "tianjin")


def _person(
    number: int,
    role: Role,
    agency: int | None,
    *,
    oversees: bool = False,
    rated: bool = False,
    part: bool = False,
) -> Actor:
    return Actor(number, f"login-{number}", role, agency, oversees, rated, part)


PEOPLE = {
    "handler": _person(1, Role.HANDLER, AGENCY),
    "colleague": _person(2, Role.HANDLER, AGENCY),
    "rated handler": _person(3, Role.HANDLER, AGENCY, rated=True),
    "rated": _person(4, Role.STAFF, AGENCY, rated=True),
    "other staff": _person(5, Role.STAFF, AGENCY),
    "second": _person(6, Role.HANDLER, SECOND, part=True),
    "town": _person(7, Role.TOWN, TOWN),
    "bureau": _person(8, Role.BUREAU, BUREAU, oversees=True),
    "district": _person(9, Role.BUREAU, DISTRICT, oversees=True),
    "higher": _person(10, Role.BUREAU, HIGHER, oversees=True),
    "foreign": _person(11, Role.BUREAU, FOREIGN),
    "desk": _person(12, Role.CALLBACK, BUREAU, oversees=True),
    "auditor": _person(13, Role.AUDITOR, BUREAU, oversees=True),
    "operator": _person(14, Role.OPERATOR, None),
    "own bureau": _person(15, Role.BUREAU, AGENCY, oversees=True),
}
TARGETS = (
    To(AGENCY, "市场监管局", "agency", within=True),
    To(SECOND, "税务局", "agency", within=True),
    To(TOWN, "某镇", "town", within=True),
    To(FOREIGN, "邻市政务局", "bureau", within=False),
    To(99, "邻市民政局", "agency", within=False),
)
WAYS: dict[State, set[State]] = {
    # By hand: what may follow what, under any of the five.
    State.OPENED: {State.VERIFYING, State.RECTIFYING, State.EXCLUDING},
    State.VERIFYING: {State.OPENED, State.FOUND, State.RECTIFYING, State.EXCLUDING},
    State.FOUND: {State.VERIFYING, State.EXCLUDING},
    State.RECTIFYING: {State.ANSWERED, State.CALLING_BACK, State.CLOSED, State.EXCLUDING},
    State.ANSWERED: {State.RECTIFYING, State.CALLING_BACK, State.CLOSED, State.EXCLUDING},
    State.CALLING_BACK: {State.CLOSED, State.EXCLUDING},
    # Should the objection be upheld, back to where it was.
    State.EXCLUDING: set(State) - {State.FOUND},
    State.EXCLUDED: {State.OPENED, State.VERIFYING, State.RECTIFYING},
    State.CLOSED: {State.EXCLUDING},
}
NEVER: dict[str, set[Kind]] = {
    # By hand from the texts: 潮安 knows no appeal, no class, no extension, no call-back …
    "chaoan": {
        Kind.APPEALED,
        Kind.EXTENSION_ASKED,
        Kind.ENTERED_IN_LEDGER,
        Kind.CONFIRMED,
        Kind.LEFT_OUT,
        Kind.RECHECKED,
    },
    "sanming": {Kind.EXTENSION_ASKED, Kind.RECHECKED, Kind.ANSWER_PASSED},
    "qijiang": {
        Kind.EXTENSION_ASKED,
        Kind.ENTERED_IN_LEDGER,
        Kind.LEFT_OUT,
        Kind.RECHECKED,
        Kind.ANSWER_PASSED,
    },
    "lingang": {Kind.ENTERED_IN_LEDGER, Kind.CONFIRMED, Kind.LEFT_OUT},
    "tianjin": {
        Kind.EXTENSION_ASKED,
        Kind.ENTERED_IN_LEDGER,
        Kind.LEFT_OUT,
        Kind.RECHECKED,
        Kind.ANSWER_PASSED,
    },
}


@dataclass
class Walk:
    name: str
    version: Version
    at: datetime = START
    events: list[Event] = field(default_factory=list)
    now: Standing = field(init=False)

    def begin(self, *, by_hotline: bool) -> None:
        holders = Holders(AGENCY, BUREAU, DISTRICT, municipal=False)
        new = open_order(self.version, holders, self.at, DAYS, by_hotline=by_hotline)
        self.events = list(new.events)
        self.now = new.standing

    @property
    def scene(self) -> Scene:
        return Scene(
            version=self.version,
            now=self.now,
            clocks=clocks_of(self.version, self.now, DAYS),
            level=Level.DISSATISFIED,
            at=self.at,
            bureau=BUREAU,
            second=BUREAU,
        )

    def happen(self, events: tuple[Event, ...]) -> None:
        before = self.now.state
        for event in events:
            self.now = after(self.now, event)
            self.events.append(event)
        state = self.now.state
        assert state == before or state in WAYS[before], (before, state, events)

    def time(self) -> None:
        """What the sweep of the rater's days does."""
        theirs = {"objection": State.EXCLUDING, "callback": State.CALLING_BACK}
        for clock in self.scene.clocks:
            over = clock.open and clock.deadline.due <= self.at
            if over and theirs.get(clock.kind) is self.now.state:
                ends = excluded if clock.kind == "objection" else unconfirmed
                self.happen(ends(self.scene))


def _said(model: type[Step], walk: Walk, chance: Random) -> Step:
    """What somebody might fill in: mostly what the regulation knows, sometimes not."""
    version = walk.version
    kinds = version.classes.kinds if version.classes else ()
    causes = [cause for kind in kinds for cause in kind.causes]
    until = (walk.at + timedelta(days=chance.randint(-5, 90))).date()
    grounds = version.exclusion.grounds if version.exclusion else ()
    choices: dict[str, list[Any]] = {
        "to": ["code"],
        "note": ["情况属实"],
        "reason": ["不是本单位的事"],
        "text": ["已经改正"],
        "words": ["还可以"],
        "reached": [True, True, False],
        "class_name": [None, *(kind.name for kind in kinds), "general"],
        "causes": [(), *((cause,) for cause in causes), ("没有这个成因",)],
        "ground": [*grounds, "看不惯"],
        "upheld": [True, False],
        "methods": [(), ("调取录像",), ("占卜",)],
        "until": [until],
        "granted": [True, False],
        "explained": [False, False, True],
        "passed": [True, True, False],
        "satisfied": [True, False],
        "way": ["phone", "visit"],
    }
    return model.model_validate({name: chance.choice(choices[name]) for name in model.model_fields})


@pytest.mark.parametrize("name", REGULATIONS)
@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
    # A walk of forty steps takes minutes to make smaller.
    phases=[Phase.reuse, Phase.generate],
)
@given(chance=st.randoms(use_true_random=False))
def test_no_walk_leads_where_the_rulebook_forbids(name: str, chance: Random) -> None:
    walk = Walk(name, SHELF.book(name).versions[0])
    walk.begin(by_hotline=chance.random() < 0.5)
    _look(walk)
    for _ in range(40):
        match chance.choice(["anything", "likely", "likely", "likely", "rater", "time"]):
            case "time":
                walk.at += timedelta(hours=chance.choice([1, 20, 200, 800]))
                walk.time()
            case "rater":
                theirs: list[type[Step]] = [Confirm, Object]
                _rater(walk, _said(chance.choice(theirs), walk, chance))
            case "anything":
                who, model = chance.choice(list(PEOPLE)), chance.choice(list(STEPS.values()))
                _try(walk, who, _said(model, walk, chance), chance)
            case "likely":
                _likely(walk, chance)
        _look(walk)


def _likely(walk: Walk, chance: Random) -> None:
    """One that is possible, so that walks get far."""
    scene = walk.scene
    open_to: dict[type[Step], list[str]] = {}
    for model in STEPS.values():
        able = [who for who, actor in PEOPLE.items() if _may(model, scene, actor)]
        if able:
            open_to[model] = able
    if open_to:
        model = chance.choice(list(open_to))
        _try(walk, chance.choice(open_to[model]), _said(model, walk, chance), chance)


def _may(model: type[Step], scene: Scene, actor: Actor) -> bool:
    try:
        check(model, scene, actor)
    except NotAllowed:
        return False
    return True


def _try(walk: Walk, who: str, step: Step, chance: Random) -> None:
    with_it = Given(files=chance.choice([1, 1, 0]), to=chance.choice(TARGETS))
    try:
        events = decide(step, walk.scene, PEOPLE[who], with_it)
    except (NotAllowed, Invalid):
        return
    assert all(event.account == PEOPLE[who].account for event in events if event.account)
    walk.happen(events)


def _rater(walk: Walk, step: Step) -> None:
    assert isinstance(step, Confirm | Object)
    try:
        events = decide_rater(step, walk.scene)
    except NotAllowed:
        return
    walk.happen(events)


def _look(walk: Walk) -> None:
    """What no regulation lets happen."""
    now, events = walk.now, walk.events
    assert standing(AGENCY, events) == now
    kinds = [event.kind for event in events]
    assert not NEVER[walk.name] & set(kinds)
    by = {event.kind: event for event in events}
    for event in events:
        match event.kind:
            case Kind.ANSWERED | Kind.FOUND_MISTAKEN | Kind.RETURNED | Kind.EXTENSION_ASKED:
                assert event.account not in (PEOPLE["rated handler"].account, None)
            case Kind.MISTAKEN_CONFIRMED | Kind.APPEAL_UPHELD | Kind.OBJECTION_REJECTED:
                # 恶意差评的认定权: another party, of another agency.
                assert event.agency not in (AGENCY, None)
            case Kind.CONFIRMED | Kind.OBJECTED:
                assert event.account is None
    if not now.counted:
        _set_aside_by_two(walk, kinds)
    if now.state is State.CLOSED:
        assert Kind.ANSWERED in kinds
        assert not now.by_hand
    if Kind.MISTAKEN_CONFIRMED in by and walk.name == "chaoan":
        assert any(e.kind is Kind.CONTACTED and e.details["reached"] for e in events)
    _clocks(walk)


def _set_aside_by_two(walk: Walk, kinds: list[Kind]) -> None:
    if Kind.LEFT_OUT in kinds and Kind.EXCLUDED not in kinds:
        assert walk.now.satisfied is True
        return
    asked = {Kind.FOUND_MISTAKEN, Kind.APPEALED} & set(kinds)
    granted = {Kind.MISTAKEN_CONFIRMED, Kind.APPEAL_UPHELD} & set(kinds)
    assert asked
    assert granted
    # The rater had their days, or was heard.
    told = max(e.at for e in walk.events if e.kind in granted)
    ended = max(e.at for e in walk.events if e.kind is Kind.EXCLUDED)
    assert ended > told or Kind.OBJECTION_REJECTED in kinds


def _clocks(walk: Walk) -> None:
    clocks = {clock.kind: clock for clock in walk.scene.clocks}
    assert all(clock.deadline.due >= clock.deadline.start for clock in clocks.values())
    ended = walk.now.state.ended
    pending = walk.now.appeal is Kind.APPEALED
    assert all(kind == "review" and pending for kind, clock in clocks.items() if clock.open) or (
        not ended
    )
    duties = [c for c in clocks.values() if c.open and c.kind not in RIGHTS]
    if walk.now.state is State.RECTIFYING:
        assert duties, "what is rectified has a due day"
    received = [e.at for e in walk.events if e.kind is Kind.DISPATCHED]
    if received and Kind.RECHECKED not in walk.now.moments:
        assert walk.now.received_at is not None
        assert walk.now.received_at <= min(received)
