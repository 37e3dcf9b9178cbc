"""Whether somebody may take a step now. Pure; each refusal names the state, the role or the rule
that stands against it, with its article."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from models.accounts.roles import Role
from models.calendar.beijing import spoken
from models.orders import steps, who
from models.orders.events import Kind
from models.orders.refusals import NotAllowed
from models.orders.scene import Actor, Scene
from models.orders.states import State
from models.rulebooks.rule import Rule

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
        who.rule_of(scene, guard.rule)
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


def _elsewhere(scene: Scene, what: str) -> str:
    last = f"（{scene.last}）" if scene.last else ""
    return f"工单现在是“{scene.now.state.label}”，不能{what}{last}"


# --- What else ----------------------------------------------------------------------------------


def _may_dispatch(scene: Scene, actor: Actor) -> None:
    """镇(场) pass on what they were given (潮安第二条); a bureau what stands with it."""
    town = actor.role is Role.TOWN
    if scene.now.state is not (State.VERIFYING if town else State.OPENED):
        raise NotAllowed(_elsewhere(scene, steps.Dispatch.label), field="state")


def _may_return(scene: Scene, _actor: Actor) -> None:
    who.rule_of(scene, "dispatch")
    if scene.bureau is None and scene.now.dispatcher is None:
        raise NotAllowed("没有可以退回的主管部门")


def _not_accepted(scene: Scene, _actor: Actor) -> None:
    if scene.now.accepted_by is not None:
        raise NotAllowed(f"工单已经受理（{scene.last}）" if scene.last else "工单已经受理")


def _decidable(scene: Scene, _actor: Actor) -> None:
    """Nobody is asked to decide in their own case, and no rating waits for a decision for ever."""
    if scene.second is None:
        source = scene.version.second_party.source
        raise NotAllowed("没有可以审核的另一个主管部门，请核实后整改", source=source)


def _may_find(scene: Scene, _actor: Actor) -> None:
    _decidable(scene, _actor)
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
    _decidable(scene, _actor)
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
        who.dispatcher, _in(State.OPENED, State.VERIFYING), "dispatch", _may_dispatch
    ),
    steps.Return: _Guard(who.handler, _in(State.VERIFYING), "dispatch", _may_return),
    steps.Accept: _Guard(who.handler, _in(State.VERIFYING), None, _not_accepted),
    steps.Contact: _Guard(who.caller, _OPEN),
    steps.Consult: _Guard(
        who.part_taker, _in(State.VERIFYING, State.FOUND, State.RECTIFYING), None, who.many
    ),
    steps.Verify: _Guard(who.verifier, _in(State.VERIFYING)),
    steps.FindMistaken: _Guard(who.handler, _in(State.VERIFYING), "exclusion", _may_find),
    steps.ConfirmMistaken: _Guard(
        who.second_party, _in(State.FOUND), "exclusion", _rater_spoken_with
    ),
    steps.RejectMistaken: _Guard(who.second_party, _in(State.FOUND), "exclusion"),
    steps.Appeal: _Guard(who.appellant, _AT_WORK, "appeal", _may_appeal),
    steps.ForwardAppeal: _Guard(
        who.forwarder, _OPEN - {State.FOUND, State.EXCLUDING}, "appeal", _proposed
    ),
    steps.DecideAppeal: _Guard(
        who.second_party,
        frozenset(State) - {State.FOUND, State.EXCLUDING, State.EXCLUDED},
        "appeal",
        _appealed,
    ),
    steps.DecideObjection: _Guard(who.second_party, _in(State.EXCLUDING), None, _objected),
    steps.AskExtension: _Guard(who.handler, _in(State.RECTIFYING), "extension", _may_extend),
    steps.DecideExtension: _Guard(who.bureau, _in(State.RECTIFYING), "extension", _extension_asked),
    steps.EnterInLedger: _Guard(who.handler, _in(State.RECTIFYING), "rectification", _may_enter),
    steps.Answer: _Guard(who.handler, _in(State.RECTIFYING)),
    # That an answer has passed waits for the hotline's call; that it goes back does not.
    steps.ReviewAnswer: _Guard(who.bureau, _in(State.ANSWERED)),
    steps.LeaveOut: _Guard(who.second_party, _in(State.CLOSED), "callback", _may_leave_out),
    steps.Recheck: _Guard(who.second_party, _in(State.EXCLUDED), "exclusion", _may_recheck),
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
