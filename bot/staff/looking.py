"""An order, and what waits, as lines in a chat. Never who has rated."""

from __future__ import annotations

from typing import Final

from bot.staff.commands import Do, Lacking, Show, written
from bot.staff.forms import FORMS, Choice, Form
from bot.staff.platform import Answered, Button
from bot.staff.turn import Turn
from models.calendar.beijing import spoken
from models.handling.viewing import possible, seen_by
from models.handling.views import ClockView, OrderView
from models.handling.visible import waiting
from models.orders.states import State
from models.tables import WorkOrder
from models.words import Level

SHOWN: Final = 10
BUTTONS: Final = 6
"""No more fit on a card of any of the platforms."""


async def todo(turn: Turn) -> Answered:
    """待办, the most urgent first."""
    mine = await waiting(turn.account)
    count = await mine.count()
    if not count:
        return Answered("目前没有待办的差评工单。")
    timed = mine.filter(due_at__not_isnull=True).order_by("due_at", "id")
    found = await timed.limit(SHOWN).select_related("evaluation", "agency")
    if len(found) < SHOWN:
        others = mine.filter(due_at=None).order_by("id").limit(SHOWN - len(found))
        found += await others.select_related("evaluation", "agency")
    lines = [f"待办差评工单{count}件：", *(_line(turn, each) for each in found)]
    if count > len(found):
        lines.append(f"还有{count - len(found)}件，请在工作台查看：{turn.base_url}/staff/orders")
    buttons = tuple(Button(f"工单{each.id}", written(Show(each.id))) for each in found[:BUTTONS])
    return Answered("\n".join(lines), buttons)


async def look(turn: Turn, order: int) -> Answered:
    """Raises Missing."""
    view = await seen_by(turn.office, order, turn.account)
    link = f"{turn.base_url}/staff/orders/{order}"
    return Answered("\n".join([*_lines(view), link]), await buttons(turn, order))


async def buttons(turn: Turn, order: int) -> tuple[Button, ...]:
    """What may be done next. What takes words asks for them. Raises Missing."""
    steps = {step.name for step in await possible(turn.office, order, turn.account)}
    judged = await WorkOrder.get(id=order)
    version = turn.office.shelf.book(judged.rulebook).version(judged.version)
    # 解释说明 only where the regulation has it.
    forms = [form for form in FORMS if version.explanation or "explained" not in form.fixed]
    found = [each for form in forms if form.step in steps for each in _buttons(form, order)]
    return tuple(found[:BUTTONS])


def _buttons(form: Form, order: int) -> list[Button]:
    """审核 is two of them."""
    word = form.words[0]
    match form.parts:
        case ():
            return [Button(word, written(Do(order, form, {})))]
        case (Choice(optional=False) as choice, *rest) if all(_optional(part) for part in rest):
            return [Button(f"{word}{name}", f"{word} {order} {name}") for name in choice.words]
        case _:
            return [Button(word, written(Lacking(form, order)))]


def _optional(part: object) -> bool:
    return getattr(part, "optional", False)


def _line(turn: Turn, order: WorkOrder) -> str:
    parts = [str(order.id), Level(order.evaluation.level).label, State(order.state).label]
    if order.due_at is not None:
        late = order.due_at <= turn.office.now()
        parts.append(f"{spoken(order.due_at)}{'已逾期' if late else '前'}")
    return f"{' '.join(parts)}（{order.agency.name}）"


def _lines(view: OrderView) -> list[str]:
    lines = [
        f"差评工单 {view.number}：{view.state.label}",
        f"评价：{view.level.label}",
        f"对象：{view.subject}（{view.agency}）",
    ]
    if view.class_label is not None:
        lines.append(f"类别：{view.class_label}")
    if view.handler is not None:
        lines.append(f"承办：{view.handler}")
    lines += [_clock(each) for each in view.clocks if each.met_at is None and each.void_at is None]
    lines += [f"{target}：{words}" for target, words in view.said]
    last = view.history[-1]
    return [*lines, f"最近办理：{spoken(last.at)} {last.who} {last.label}"]


def _clock(clock: ClockView) -> str:
    late = "，已逾期" if clock.overdue_at is not None else ""
    estimate = "（暂推）" if clock.provisional else ""
    return f"{clock.label}时限：{spoken(clock.due_at)}{estimate}{late}"
