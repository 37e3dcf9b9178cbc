"""Whether somebody may take a step now. Pure; each refusal names the state, the role or the rule
that stands against it, with its article."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from models.accounts.roles import Role
from models.calendar.beijing import spoken
from models.orders import steps
from models.orders.events import Kind
from models.orders.refusals import NotAllowed
from models.orders.scene import Actor, Scene
from models.orders.states import State
from models.rulebooks.labels import RULES
from models.rulebooks.order_rules import Party
from models.rulebooks.rule import Rule

_HANDLERS: Final = (Role.HANDLER, Role.TOWN, Role.BUREAU)
_OPEN: Final = frozenset(State) - {State.EXCLUDED, State.CLOSED}


def check(step: type[steps.Step], scene: Scene, actor: Actor) -> None:
    """Raises NotAllowed, with the article that governs the step."""
    guard = _GUARDS[step]
    try:
        _judge(guard, step, scene, actor)
    except NotAllowed as refused:
        governing = scene.version.rule(_GOVERNING[step])
        if refused.source is None and governing is not None:
            refused.source = governing.source
        raise


def _judge(guard: _Guard, step: type[steps.Step], scene: Scene, actor: Actor) -> None:
    if guard.rule is not None:
        rule_of(scene, guard.rule)
    guard.who(scene, actor)
    if scene.now.state not in guard.states:
        raise NotAllowed(_elsewhere(scene, step.label), field="state")
    if guard.also is not None:
        guard.also(scene, actor)


def check_rater(step: type[steps.Step], scene: Scene) -> None:
    """Of the rater's own steps. Raises NotAllowed."""
    now = scene.now
    if step is steps.Confirm and now.state is not State.CALLING_BACK:
        raise NotAllowed("这份差评现在不需要您确认，或者您已经确认过了。")
    if step is steps.Object:
        if now.state is not State.EXCLUDING:
            raise NotAllowed("现在不能提出异议，或者异议已经处理完毕。")
        if Kind.OBJECTED in now.moments:
            raise NotAllowed("您已经提出过异议，正在处理。" if now.objected else "异议已经处理。")


def rule_of(scene: Scene, name: str) -> Rule:
    """Raises NotAllowed where the text is silent: nothing is invented in its place."""
    rule = scene.version.rule(name)
    if rule is None:
        raise NotAllowed(f"本地规定没有“{RULES[name]}”这一环节")
    return rule


def _elsewhere(scene: Scene, what: str) -> str:
    last = f"（{scene.last}）" if scene.last else ""
    return f"工单现在是“{scene.now.state.label}”，不能{what}{last}"


# --- Who ----------------------------------------------------------------------------------------


def _dispatcher(scene: Scene, actor: Actor) -> None:
    now = scene.now
    town = actor.role is Role.TOWN and actor.agency == now.handler
    bureau = actor.role is Role.BUREAU and actor.oversees
    mine = bureau and now.holder in (actor.agency, None)
    if not (mine or town):
        rule = rule_of(scene, "dispatch")
        raise NotAllowed("只有持有工单的主管部门、区政府或镇（场）可以转办", source=rule.source)


def _handler(scene: Scene, actor: Actor) -> None:
    if actor.role not in _HANDLERS or actor.agency != scene.now.handler:
        raise NotAllowed("这一步由承办单位办理")
    if actor.rated:
        raise NotAllowed("被评价人不能办理对自己的差评", source=scene.version.second_party.source)


def _verifier(scene: Scene, actor: Actor) -> None:
    rule = scene.version.verification
    jointly = rule is not None and Party.BUREAU in rule.by
    if not (jointly and actor.role is Role.BUREAU and actor.oversees and not actor.rated):
        _handler(scene, actor)


def _second_party(scene: Scene, actor: Actor) -> None:
    """恶意差评的认定权: never who was rated, nor who answers for it (reading 14)."""
    rule = scene.version.second_party
    if actor.role is not Role.BUREAU or not actor.oversees:
        raise NotAllowed("这一步由主管部门办理", source=rule.source)
    if actor.agency in (scene.now.rated, scene.now.handler):
        raise NotAllowed("被评价单位不能认定对自己的差评，请上级主管部门办理", source=rule.source)


def _bureau(scene: Scene, actor: Actor) -> None:
    town = actor.role is Role.TOWN and actor.agency == scene.now.dispatcher
    if not town and (actor.role is not Role.BUREAU or not actor.oversees):
        raise NotAllowed("这一步由主管部门办理")
    if actor.account in scene.now.acted:
        raise NotAllowed("办理人不能审核自己的办理结果")


def _caller(scene: Scene, actor: Actor) -> None:
    if actor.role in (Role.CALLBACK, Role.BUREAU) and actor.oversees and not actor.rated:
        return
    _handler(scene, actor)


def _part_taker(scene: Scene, actor: Actor) -> None:
    if not (actor.takes_part and actor.role in _HANDLERS):
        _handler(scene, actor)


def _many(scene: Scene, _actor: Actor) -> None:
    """会商 is of several: of a joint matter, or of a class that the regulation has discussed."""
    kinds = scene.version.classes.kinds if scene.version.classes else ()
    discussed = {kind.name for kind in kinds if kind.by_consultation}
    if not scene.joint and scene.now.class_name not in discussed:
        raise NotAllowed("这份工单不涉及其他单位，不需要会商")


def _appellant(scene: Scene, actor: Actor) -> None:
    """綦江: the member of staff; 三明: the same, through the agency; 威海临港, 天津: the agency."""
    rule = scene.version.appeal
    if rule is None:
        return
    in_person = rule.by is Party.STAFF and actor.role is Role.STAFF and actor.rated
    agency = Party.AGENCY in (rule.by, rule.through)
    for_agency = agency and actor.role in _HANDLERS and actor.agency == scene.now.handler
    if not (in_person or for_agency):
        who = "被评价的工作人员" if rule.by is Party.STAFF else "承办单位"
        through = "，经所在机构" if rule.through is Party.AGENCY else ""
        raise NotAllowed(f"申诉由{who}{through}提出", source=rule.source)


def _forwarder(scene: Scene, actor: Actor) -> None:
    if actor.role not in _HANDLERS or actor.agency != scene.now.handler:
        raise NotAllowed("申诉由被评价人所在机构提交")


# --- What else ----------------------------------------------------------------------------------


def _may_dispatch(scene: Scene, actor: Actor) -> None:
    """镇(场) pass on what they were given (潮安第二条); a bureau what stands with it."""
    town = actor.role is Role.TOWN
    if scene.now.state is not (State.VERIFYING if town else State.OPENED):
        raise NotAllowed(_elsewhere(scene, steps.Dispatch.label), field="state")


def _may_return(scene: Scene, _actor: Actor) -> None:
    rule_of(scene, "dispatch")
    if scene.bureau is None and scene.now.dispatcher is None:
        raise NotAllowed("没有可以退回的主管部门")


def _not_accepted(scene: Scene, _actor: Actor) -> None:
    if scene.now.accepted_by is not None:
        raise NotAllowed(f"工单已经受理（{scene.last}）" if scene.last else "工单已经受理")


def _no_appeal_open(scene: Scene, _actor: Actor) -> None:
    if scene.now.appeal in (Kind.APPEAL_PROPOSED, Kind.APPEALED):
        raise NotAllowed("申诉正在复核，等待复核结论")


def _rater_spoken_with(scene: Scene, _actor: Actor) -> None:
    """经区政务服务数据管理局回访确认 (潮安第二十三条)."""
    rule = scene.version.exclusion
    others = scene.now.reached_by - {scene.now.rated, scene.now.handler}
    if rule is not None and rule.confirmed_with_rater and not others:
        raise NotAllowed("须先由主管部门回访评价人，联系到本人后才能认定", source=rule.source)


def _may_appeal(scene: Scene, _actor: Actor) -> None:
    rule = scene.version.appeal
    if rule is None:
        return
    if scene.now.appeal is not None:
        raise NotAllowed("这份工单已经申诉过", source=rule.source)
    if scene.level not in rule.levels:
        raise NotAllowed(f"“{scene.level.label}”的评价不在申诉范围内", source=rule.source)
    if scene.now.state is State.RECTIFYING and not rule.while_rectifying:
        raise NotAllowed("整改中不能申诉", source=rule.source)
    clock = scene.clock("appeal")
    if clock is not None and scene.at >= clock.deadline.due:
        due = spoken(clock.deadline.due)
        raise NotAllowed(f"申诉期限已过（{due}截止）", source=rule.source)


def _proposed(scene: Scene, _actor: Actor) -> None:
    if scene.now.appeal is not Kind.APPEAL_PROPOSED:
        raise NotAllowed("没有等待提交的申诉")


def _appealed(scene: Scene, _actor: Actor) -> None:
    if scene.now.appeal is not Kind.APPEALED:
        raise NotAllowed("没有等待复核的申诉")


def _objected(scene: Scene, _actor: Actor) -> None:
    if not scene.now.objected:
        raise NotAllowed("评价人没有提出异议")


def _may_extend(scene: Scene, _actor: Actor) -> None:
    rule = scene.version.extension
    if rule is None:
        return
    now = scene.now
    if now.asked is not None:
        raise NotAllowed("已经申请延期，等待审批", source=rule.source)
    if now.extended >= rule.times:
        raise NotAllowed(f"只能延期{rule.times}次", source=rule.source)
    if now.class_name is not None and now.class_name not in rule.classes:
        raise NotAllowed("这一类差评不能延期", source=rule.source)
    if rule.before_due:
        _before_due(scene, rule)


def _may_enter(scene: Scene, _actor: Actor) -> None:
    rule = scene.version.rectification
    if rule is None or not rule.complex_in_ledger:
        raise NotAllowed("本地规定没有“建立台账、限期整改”这一环节")
    if scene.now.in_ledger:
        raise NotAllowed("已经建立台账", source=rule.source)
    _before_due(scene, rule)


def _before_due(scene: Scene, rule: Rule) -> None:
    clock = scene.clock("rectify")
    if clock is not None and scene.at >= clock.deadline.due:
        due = spoken(clock.deadline.due)
        raise NotAllowed(f"应在到期之前提出（{due}已到期）", source=rule.source)


def _extension_asked(scene: Scene, _actor: Actor) -> None:
    if scene.now.asked is None:
        raise NotAllowed("没有等待审批的延期申请")


def called_by_hand(scene: Scene) -> None:
    """对“不满意”“非常不满意”的评价进行人工回访 (潮安第十四条). Raises NotAllowed."""
    rule = scene.version.hotline
    if scene.now.by_hand and rule is not None:
        raise NotAllowed("热线人工回访尚未完成，不能审核办结", source=rule.source)


def _may_leave_out(scene: Scene, _actor: Actor) -> None:
    """The rater's own word, by link; nobody's else (reading 12)."""
    rule = scene.version.callback
    if rule is None or not rule.satisfied_may_be_left_out:
        raise NotAllowed("本地规定没有“满意回复的可不予计算”")
    if scene.now.satisfied is not True:
        raise NotAllowed("评价人本人没有经链接确认满意", source=rule.source)
    if not scene.now.counted:
        raise NotAllowed("已经不予计算", source=rule.source)


def _may_recheck(scene: Scene, _actor: Actor) -> None:
    rule = scene.version.exclusion
    if rule is None or not rule.bureau_may_recheck:
        raise NotAllowed("本地规定没有对无效评价的抽查复核")


@dataclass(frozen=True, slots=True)
class _Guard:
    who: Callable[[Scene, Actor], None]
    states: frozenset[State]
    rule: str | None = None
    also: Callable[[Scene, Actor], None] | None = None


def _in(*states: State) -> frozenset[State]:
    return frozenset(states)


_AT_WORK = _in(State.VERIFYING, State.RECTIFYING)
_GUARDS: Final[Mapping[type[steps.Step], _Guard]] = {
    steps.Dispatch: _Guard(
        _dispatcher, _in(State.OPENED, State.VERIFYING), "dispatch", _may_dispatch
    ),
    steps.Return: _Guard(_handler, _in(State.VERIFYING), "dispatch", _may_return),
    steps.Accept: _Guard(_handler, _in(State.VERIFYING), None, _not_accepted),
    steps.Contact: _Guard(_caller, _OPEN),
    steps.Consult: _Guard(
        _part_taker, _in(State.VERIFYING, State.FOUND, State.RECTIFYING), None, _many
    ),
    steps.Verify: _Guard(_verifier, _in(State.VERIFYING)),
    steps.FindMistaken: _Guard(_handler, _in(State.VERIFYING), "exclusion", _no_appeal_open),
    steps.ConfirmMistaken: _Guard(_second_party, _in(State.FOUND), "exclusion", _rater_spoken_with),
    steps.RejectMistaken: _Guard(_second_party, _in(State.FOUND), "exclusion"),
    steps.Appeal: _Guard(_appellant, _AT_WORK, "appeal", _may_appeal),
    steps.ForwardAppeal: _Guard(
        _forwarder, _OPEN - {State.FOUND, State.EXCLUDING}, "appeal", _proposed
    ),
    steps.DecideAppeal: _Guard(
        _second_party,
        frozenset(State) - {State.FOUND, State.EXCLUDING, State.EXCLUDED},
        "appeal",
        _appealed,
    ),
    steps.DecideObjection: _Guard(_second_party, _in(State.EXCLUDING), None, _objected),
    steps.AskExtension: _Guard(_handler, _in(State.RECTIFYING), "extension", _may_extend),
    steps.DecideExtension: _Guard(_bureau, _in(State.RECTIFYING), "extension", _extension_asked),
    steps.EnterInLedger: _Guard(_handler, _in(State.RECTIFYING), "rectification", _may_enter),
    steps.Answer: _Guard(_handler, _in(State.RECTIFYING)),
    # That an answer has passed waits for the hotline's call; that it goes back does not.
    steps.ReviewAnswer: _Guard(_bureau, _in(State.ANSWERED)),
    steps.LeaveOut: _Guard(_second_party, _in(State.CLOSED), "callback", _may_leave_out),
    steps.Recheck: _Guard(_second_party, _in(State.EXCLUDED), "exclusion", _may_recheck),
}
_GOVERNING: Final[Mapping[type[steps.Step], str]] = {
    steps.Dispatch: "dispatch",
    steps.Return: "dispatch",
    steps.Accept: "verification",
    steps.Contact: "verification",
    steps.Consult: "classes",
    steps.Verify: "verification",
    steps.FindMistaken: "exclusion",
    steps.ConfirmMistaken: "exclusion",
    steps.RejectMistaken: "exclusion",
    steps.Appeal: "appeal",
    steps.ForwardAppeal: "appeal",
    steps.DecideAppeal: "review",
    steps.DecideObjection: "second_party",
    steps.AskExtension: "extension",
    steps.DecideExtension: "extension",
    steps.EnterInLedger: "rectification",
    steps.Answer: "answer",
    steps.ReviewAnswer: "report_up",
    steps.LeaveOut: "callback",
    steps.Recheck: "exclusion",
}
"""The rule by which a step is taken, whoever is refused it."""
