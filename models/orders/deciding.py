"""A step becomes events. Pure: who may is in `guards.py`; here is what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from models.accounts.roles import Role
from models.calendar.beijing import beijing_date
from models.orders import steps
from models.orders.classing import class_of
from models.orders.events import RATER, Event, Kind
from models.orders.guards import called_by_hand, check, check_rater
from models.orders.refusals import NotAllowed
from models.orders.scene import Actor, Scene
from models.orders.states import State
from models.refusals import Invalid
from models.rulebooks.order_rules import OrderClass, Party
from models.rulebooks.rule import Counting

Events = tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class To:
    """Where an order is dispatched to."""

    agency: int
    name: str
    party: str
    within: bool
    """In the region of who dispatches, or below."""


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a step from outside."""

    files: int = 0
    to: To | None = None
    via: str | None = None
    """The system that acted for the account."""


@dataclass(frozen=True, slots=True)
class _Act:
    scene: Scene
    actor: Actor
    given: Given

    def event(self, kind: Kind, source: str | None = None, **details: object) -> Event:
        """`source`: the article that asks for it."""
        if source is not None:
            details["source"] = source
        if self.given.via is not None:
            details["via"] = self.given.via
        actor = self.actor
        return Event(kind, self.scene.at, actor.login, actor.account, actor.agency, details)


def decide(step: steps.Step, scene: Scene, actor: Actor, given: Given) -> Events:
    """Raises NotAllowed, and Invalid where what was given with the step does not fit the rules."""
    check(type(step), scene, actor)
    return _DECISIONS[type(step)](step, _Act(scene, actor, given))


def decide_rater(step: steps.Confirm | steps.Object, scene: Scene) -> Events:
    """The rater's own. Raises NotAllowed."""
    check_rater(type(step), scene)
    if isinstance(step, steps.Object):
        source = scene.version.second_party.source
        return (Event(Kind.OBJECTED, scene.at, RATER, details=_of(step, source)),)
    rule = scene.version.callback
    reopens = rule is not None and rule.dissatisfied_reopens and not step.satisfied
    details = {**_of(step, rule.source if rule else None), "reopens": reopens}
    confirmed = Event(Kind.CONFIRMED, scene.at, RATER, details=details)
    return (confirmed,) if reopens else (confirmed, Event(Kind.CLOSED, scene.at))


def excluded(scene: Scene) -> Events:
    """What follows when nobody has objected in time, or the objection was not upheld."""
    rule = scene.version.exclusion or scene.version.appeal
    effect = scene.version.exclusion.effect.value if scene.version.exclusion else "excluded"
    source = rule.source if rule else None
    return (Event(Kind.EXCLUDED, scene.at, details={"source": source, "effect": effect}),)


def unconfirmed(scene: Scene) -> Events:
    """The rater has left the question unanswered for as long as it stood open."""
    return (Event(Kind.UNCONFIRMED, scene.at), Event(Kind.CLOSED, scene.at))


def _of(step: steps.Step, source: str | None) -> dict[str, Any]:
    said = {name: value for name, value in step.model_dump(mode="json").items() if value != ""}
    return said if source is None else {**said, "source": source}


def _plain(kind: Kind, rule: str | None = None) -> Callable[[Any, _Act], Events]:
    """What the step says is what has happened."""

    def decision(step: steps.Step, act: _Act) -> Events:
        found = act.scene.version.rule(rule) if rule else None
        return (act.event(kind, found.source if found else None, **_of(step, None)),)

    return decision


def _dispatch(step: steps.Dispatch, act: _Act) -> Events:
    rule, to = act.scene.version.dispatch, act.given.to
    if rule is None or to is None:
        raise Invalid("没有这个机构", field="to")
    details = {"to": to.agency, "to_name": to.name, "note": step.note}
    if to.party in (Party.BUREAU, Party.DISTRICT) and to.agency != act.actor.agency:
        if act.scene.now.state is not State.OPENED or to.agency == act.scene.now.holder:
            raise Invalid("只能移交给另一地区的主管部门", field="to")
        return (act.event(Kind.HANDED_ON, rule.source, **details),)
    if not to.within:
        raise Invalid("该机构不在本地区，请移交给所在地区的主管部门", field="to")
    if to.agency == act.scene.now.handler:
        raise Invalid("工单已经在这个机构", field="to")
    return (act.event(Kind.DISPATCHED, rule.source, **details),)


def _return(step: steps.Return, act: _Act) -> Events:
    now = act.scene.now
    to = now.dispatcher if now.dispatcher not in (None, now.handler) else act.scene.bureau
    if to is None or to == now.handler:
        raise NotAllowed("没有可以退回的主管部门")
    return (act.event(Kind.RETURNED, to=to, reason=step.reason),)


def _contact(step: steps.Contact, act: _Act) -> Events:
    by_hand = act.scene.now.by_hand and act.actor.agency != act.scene.now.handler
    rule = act.scene.version.hotline if by_hand else act.scene.version.verification
    source = rule.source if rule else None
    return (act.event(Kind.CONTACTED, source, by_hand=by_hand, **_of(step, None)),)


def _verify(step: steps.Verify, act: _Act) -> Events:
    classes = act.scene.version.classes
    if classes is None:
        if step.class_name is not None or step.causes:
            raise Invalid("本地规定不对差评分类", field="class_name")
        rule = act.scene.version.verification
        return (act.event(Kind.VERIFIED, rule.source if rule else None, note=step.note),)
    kind = class_of(step, classes.kinds)
    _still_at_once(kind, act)
    return (
        act.event(
            Kind.VERIFIED,
            classes.source,
            class_name=kind.name.value,
            class_label=kind.label,
            causes=list(step.causes),
            note=step.note,
        ),
    )


def _still_at_once(kind: OrderClass, act: _Act) -> None:
    """当场解决 (綦江第十六条) is over with the day on which it came in (reading 30)."""
    clock = act.scene.now.restarted_at or act.scene.now.received_at
    at_once = kind.answer is not None and kind.answer.unit is Counting.AT_ONCE
    if at_once and clock is not None and beijing_date(act.scene.at) > beijing_date(clock):
        raise Invalid(f"“{kind.label}”应当场解决，当日已过，请按其他类别办理", field="class_name")


def _find_mistaken(step: steps.FindMistaken, act: _Act) -> Events:
    rule = act.scene.version.exclusion
    if rule is not None and step.ground not in rule.grounds:
        raise Invalid(f"事由应为：{'、'.join(rule.grounds)}", field="ground")
    _evidence(act)
    source = rule.source if rule else None
    details = {"ground": step.ground, "reason": step.reason, "to": act.scene.second}
    return (act.event(Kind.FOUND_MISTAKEN, source, **details),)


def _evidence(act: _Act) -> None:
    if not act.given.files:
        raise Invalid("请附上证据（照片或录音）", field="files")


def _confirm_mistaken(step: steps.ConfirmMistaken, act: _Act) -> Events:
    scene = act.scene
    source = scene.version.exclusion.source if scene.version.exclusion else None
    confirmed = act.event(Kind.MISTAKEN_CONFIRMED, source, note=step.note)
    return (confirmed, *_unless_objectable(scene))


def _unless_objectable(scene: Scene) -> Events:
    return () if scene.version.second_party.objection else excluded(scene)


def _appeal(step: steps.Appeal, act: _Act) -> Events:
    rule = act.scene.version.appeal
    if rule is not None and rule.evidence:
        _evidence(act)
    through = rule is not None and rule.through is Party.AGENCY
    proposed = through and act.actor.role is Role.STAFF
    kind = Kind.APPEAL_PROPOSED if proposed else Kind.APPEALED
    return (act.event(kind, rule.source if rule else None, reason=step.reason),)


def _decide_appeal(step: steps.DecideAppeal, act: _Act) -> Events:
    rule = act.scene.version.review
    known = rule.methods if rule else ()
    for method in step.methods:
        if method not in known:
            raise Invalid(f"复核方式应为：{'、'.join(known) or '（未规定）'}", field="methods")
    kind = Kind.APPEAL_UPHELD if step.upheld else Kind.APPEAL_REJECTED
    details = {"methods": list(step.methods), "note": step.note}
    decided = act.event(kind, rule.source if rule else None, **details)
    return (decided, *(_unless_objectable(act.scene) if step.upheld else ()))


def _decide_objection(step: steps.DecideObjection, act: _Act) -> Events:
    kind = Kind.OBJECTION_UPHELD if step.upheld else Kind.OBJECTION_REJECTED
    decided = act.event(kind, act.scene.version.second_party.source, note=step.note)
    return (decided,) if step.upheld else (decided, *excluded(act.scene))


def _ask_extension(step: steps.AskExtension, act: _Act) -> Events:
    rule = act.scene.version.extension
    _later(step.until, act)
    source = rule.source if rule else None
    details = {"until": step.until.isoformat(), "reason": step.reason}
    asked = act.event(Kind.EXTENSION_ASKED, source, **details)
    if rule is not None and rule.needs_approval:
        return (asked,)
    return (asked, act.event(Kind.EXTENSION_GRANTED, source, **details))


def _later(until: date, act: _Act) -> None:
    """After the day that stands, and not out of sight."""
    clock = act.scene.clock("rectify")
    stands = clock.deadline.due if clock else act.scene.at
    if until < beijing_date(stands):
        raise Invalid("新的期限应晚于现在的期限", field="until")
    if (until - beijing_date(act.scene.at)).days > _LONGEST:
        raise Invalid("新的期限不能超过一年", field="until")


_LONGEST: Final = 366


def _decide_extension(step: steps.DecideExtension, act: _Act) -> Events:
    rule, asked = act.scene.version.extension, act.scene.now.asked
    source = rule.source if rule else None
    if not step.granted:
        return (act.event(Kind.EXTENSION_REFUSED, source, note=step.note),)
    if asked is None or asked.until < beijing_date(act.scene.at):
        raise Invalid("申请的期限已过，不能再同意", field="granted")
    details = {"until": asked.until.isoformat(), "reason": asked.reason, "note": step.note}
    return (act.event(Kind.EXTENSION_GRANTED, source, **details),)


def _enter_in_ledger(step: steps.EnterInLedger, act: _Act) -> Events:
    rule = act.scene.version.rectification
    _later(step.until, act)
    details = {"until": step.until.isoformat(), "reason": step.reason}
    return (act.event(Kind.ENTERED_IN_LEDGER, rule.source if rule else None, **details),)


def _answer(step: steps.Answer, act: _Act) -> Events:
    version, now = act.scene.version, act.scene.now
    if step.explained and version.explanation is None:
        raise Invalid("本地规定没有以解释说明代替整改的情形", field="explained")
    rule = version.explanation if step.explained else version.answer
    report = version.report_up
    reviewed = report is not None and report.reviewed_by is Party.BUREAU
    to = (now.dispatcher or act.scene.bureau) if reviewed else act.scene.bureau
    state = State.CALLING_BACK if not reviewed and version.callback else State.ANSWERED
    details = {"text": step.text, "explained": step.explained, "to": to, "leads_to": state.value}
    answered = act.event(Kind.ANSWERED, rule.source if rule else None, **details)
    if reviewed or version.callback:
        return (answered,)
    return (answered, Event(Kind.CLOSED, act.scene.at))


def _review_answer(step: steps.ReviewAnswer, act: _Act) -> Events:
    version = act.scene.version
    source = version.report_up.source if version.report_up else None
    if not step.passed:
        if not step.note:
            raise Invalid("请写明退回的理由", field="note")
        return (act.event(Kind.ANSWER_RETURNED, source, note=step.note),)
    called_by_hand(act.scene)
    state = State.CALLING_BACK if version.callback else State.ANSWERED
    details = {"note": step.note, "to": act.actor.agency, "leads_to": state.value}
    passed = act.event(Kind.ANSWER_PASSED, source, **details)
    return (passed,) if version.callback else (passed, Event(Kind.CLOSED, act.scene.at))


_DECISIONS: Final[Mapping[type[steps.Step], Callable[[Any, _Act], Events]]] = {
    steps.Dispatch: _dispatch,
    steps.Return: _return,
    steps.Accept: _plain(Kind.ACCEPTED),
    steps.Contact: _contact,
    steps.Consult: _plain(Kind.CONSULTED),
    steps.Verify: _verify,
    steps.FindMistaken: _find_mistaken,
    steps.ConfirmMistaken: _confirm_mistaken,
    steps.RejectMistaken: _plain(Kind.MISTAKEN_REJECTED, "exclusion"),
    steps.Appeal: _appeal,
    steps.ForwardAppeal: _plain(Kind.APPEALED, "appeal"),
    steps.DecideAppeal: _decide_appeal,
    steps.DecideObjection: _decide_objection,
    steps.AskExtension: _ask_extension,
    steps.DecideExtension: _decide_extension,
    steps.EnterInLedger: _enter_in_ledger,
    steps.Answer: _answer,
    steps.ReviewAnswer: _review_answer,
    steps.LeaveOut: _plain(Kind.LEFT_OUT, "callback"),
    steps.Recheck: _plain(Kind.RECHECKED, "exclusion"),
}
