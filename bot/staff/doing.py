"""A command is done as a step of the order, with the rights of who has said it."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from bot.staff import evidence
from bot.staff.commands import Do, Lacking, written
from bot.staff.looking import buttons
from bot.staff.platform import Answered, Button
from bot.staff.turn import Turn, drop_draft, keep_draft
from models.calendar.beijing import spoken
from models.handling.acting import act
from models.handling.viewing import seen_by, targets
from models.orders.states import State
from models.orders.steps import STEPS, Dispatch, Step, Verify
from models.refusals import Invalid, Refused
from models.tables import WorkOrder

LISTED: Final = 5


async def do(turn: Turn, command: Do) -> Answered:
    """Raises Refused. Where evidence is asked for the command waits for it."""
    step = await _step(turn, command)
    files = await evidence.for_command(turn) if step.takes_files else ()
    try:
        order = await act(turn.office, command.order, step, turn.account, files=files)
    except Refused as refused:
        if refused.field == "files" and step.takes_files and not files:
            await keep_draft(turn, written(command), "picture")
            return Answered(f"{refusal(refused)}\n{_SEND_PICTURE}", _CANCEL)
        if isinstance(step, Verify) and refused.field in ("causes", "class_name"):
            return Answered(refusal(refused), await _classes(turn, command.order))
        raise
    await drop_draft(turn)
    if files:
        await evidence.use(turn)
    return Answered(_done(order, step, len(files)), await buttons(turn, command.order))


async def ask(turn: Turn, command: Lacking) -> Answered:
    """For what is missing. With its number the command waits for it."""
    if command.order is None:
        return Answered(f"请写成：{command.form.usage()}")
    # Whoever may not see the order need write nothing.
    await seen_by(turn.office, command.order, turn.account)
    await keep_draft(turn, written(command), "words")
    return Answered(
        f"请接着发送“{command.form.words[0]} {command.order}”后面的内容，"
        f"例如：{command.form.example}\n发送“取消”放弃。",
        _CANCEL,
    )


def refusal(refused: Refused) -> str:
    """In words, with the article."""
    by = refused.source
    return f"{refused.message}（依据：{by}）" if by and by != "platform" else refused.message


async def _step(turn: Turn, command: Do) -> Step:
    """Raises Invalid, Missing."""
    fields: dict[str, Any] = command.fields
    kind = STEPS[command.form.step]
    if kind is Dispatch:
        fields["to"] = await _target(turn, command.order, fields["to"])
    if kind is Verify and fields.get("note"):
        fields["causes"] = await _causes(turn, command.order, fields["note"])
    try:
        return kind.model_validate(fields)
    except ValidationError:
        usage = command.form.usage(command.order)
        raise Invalid(f"内容太短或太长，没有办理。请写成：{usage}") from None


async def _target(turn: Turn, order: int, named: str) -> str:
    """An agency by its code, its name, or a part of it that no other has. Raises Refused."""
    theirs = await targets(turn.office, order, turn.account)
    for field in ("code", "name", "name__icontains"):
        found = await theirs.filter(**{field: named}).order_by("code").limit(LISTED)
        if len(found) == 1:
            return str(found[0].code)
        if found:
            listed = "\n".join(f"{each.code} {each.name}" for each in found)
            raise Invalid(f"有多个机构符合“{named}”，请用机构代码：\n{listed}", field="to")
    # Perhaps one to which it must not go: the step says so.
    return named


async def _causes(turn: Turn, order: int, note: str) -> tuple[str, ...]:
    """Those of the regulation that the note names."""
    view = await seen_by(turn.office, order, turn.account)
    return tuple(
        cause for _, _, causes in view.choices.classes for cause in causes if cause in note
    )


async def _classes(turn: Turn, order: int) -> tuple[Button, ...]:
    view = await seen_by(turn.office, order, turn.account)
    return tuple(
        Button(f"核实{_SHORT[name]}", f"核实 {order} {_SHORT[name]}")
        for name, _, _ in view.choices.classes
    )


def _done(order: WorkOrder, step: Step, files: int) -> str:
    state = State(order.state)
    with_files = f"，附{files}个文件" if files else ""
    lines = [f"工单{order.id}：已{step.label}{with_files}。", f"当前环节：{state.label}"]
    if order.due_at is not None:
        lines.append(f"最近时限：{spoken(order.due_at)}")
    return "\n".join(lines)


_SHORT: Final = {"simple": "简易", "general": "一般", "complex": "复杂"}
_SEND_PICTURE: Final = "请在30分钟内发送照片，收到后即办理。发送“取消”放弃。"
_CANCEL: Final = (Button("取消", "取消"),)
