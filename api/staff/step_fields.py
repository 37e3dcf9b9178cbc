"""The form of a step, out of its model: which fields, what they are called, what was filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from pydantic import StringConstraints, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from api.sentences import sentence
from api.staff.forms import Form
from models.orders.steps import Step, Way

Shape = Literal["words", "date", "either", "tick", "choice", "some", "causes", "class", "agency"]

_LABELS: Final = {
    "to": "转办给",
    "note": "说明",
    "reason": "理由",
    "way": "联系方式",
    "reached": "是否联系上评价人",
    "causes": "差评成因",
    "class_name": "差评类别",
    "ground": "事由",
    "upheld": "结论",
    "methods": "复核方式",
    "until": "整改期限至",
    "granted": "是否同意延期",
    "text": "整改结果（原文发给评价人）",
    "explained": "缺乏法定依据，已向评价人解释说明",
    "passed": "审核结论",
}
_LABELS_OF: Final = {
    ("contact", "note"): "联系情况",
    ("consult", "note"): "意见",
    ("confirm_mistaken", "note"): "认定意见",
    ("reject_mistaken", "note"): "不予认定的理由",
    ("decide_appeal", "note"): "复核意见",
    ("decide_objection", "note"): "处理意见",
    ("ask_extension", "until"): "申请延期至",
}
_EITHER: Final = {
    "reached": ("已联系上", "未联系上"),
    "granted": ("同意", "不同意"),
    "passed": ("通过", "退回重办"),
}
_EITHER_OF: Final = {
    ("decide_appeal", "upheld"): ("申诉成立", "申诉不成立，继续整改"),
    ("decide_objection", "upheld"): ("异议成立，继续办理", "异议不成立，不予采纳"),
}
_BY_NAME: Final[dict[str, Shape]] = {
    "to": "agency",
    "causes": "causes",
    "methods": "some",
    "ground": "choice",
    "class_name": "class",
}
"""Fields whose choices are the rulebook's or the directory's."""


@dataclass(frozen=True, slots=True)
class StepField:
    name: str
    shape: Shape
    label: str
    required: bool
    longest: int | None
    either: tuple[str, str] | None = None
    """What true and false are called."""
    options: tuple[tuple[str, str], ...] = ()
    """Value and label, where they are the same everywhere."""
    default: str = ""
    """Of the options, where nobody has chosen."""


def fields(step: type[Step]) -> tuple[StepField, ...]:
    return tuple(_field(step.name, name, info) for name, info in step.model_fields.items())


def _field(step: str, name: str, info: FieldInfo) -> StepField:
    return StepField(
        name=name,
        shape=_BY_NAME.get(name) or _shape(info),
        label=_LABELS_OF.get((step, name)) or _LABELS[name],
        required=info.is_required(),
        longest=next(
            (each.max_length for each in info.metadata if isinstance(each, StringConstraints)), None
        ),
        either=_EITHER_OF.get((step, name)) or _EITHER.get(name),
        options=tuple((each.value, each.label) for each in Way) if info.annotation is Way else (),
        default=info.default.value if info.annotation is Way else "",
    )


def _shape(info: FieldInfo) -> Shape:
    if info.annotation is bool:
        return "either" if info.is_required() else "tick"
    if info.annotation is date:
        return "date"
    return "words" if info.annotation is str else "choice"


@dataclass(frozen=True, slots=True)
class Fault:
    field: str
    message: str


class Faulty(Exception):
    """The form is shown again, with what was typed and each fault at its field."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


def filled(step: type[Step], form: Form) -> Step:
    """Raises Faulty."""
    values = {each.name: _value(each, form) for each in fields(step)}
    try:
        # Nothing said is not the same as an empty word: required or not, the model decides.
        return step.model_validate({name: each for name, each in values.items() if each != ""})
    except ValidationError as wrong:
        found = wrong.errors(include_url=False)
        raise Faulty(Fault(str(each["loc"][0]), _message(step, each)) for each in found) from None


def _value(field: StepField, form: Form) -> str | bool | tuple[str, ...]:
    if field.shape in ("some", "causes"):
        return form.chosen(field.name)
    said = form.text(field.name)
    return said == "1" if field.shape == "tick" else said


def _message(step: type[Step], error: ErrorDetails) -> str:
    field = next(each for each in fields(step) if each.name == error["loc"][0])
    match error["type"], field.shape:
        case "missing", "words" | "agency" | "date":
            return "请填写。"
        case "missing", _:
            return "请选择。"
        case "string_too_short", _:
            return "请写清楚，至少两个字。"
        case kind, "date" if kind.startswith("date"):
            return "请填写日期，例如2026-03-09。"
        case "bool_parsing" | "enum", _:
            return "请选择。"
    return f"{sentence(error)}。"
