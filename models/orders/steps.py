"""What somebody may do to an order: one model a step, checked before anything is asked of the
rules. Chat, console and API fill in the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

from models.rulebooks.order_rules import ClassName
from models.texts import Code, Storable

WORDS_LENGTH: Final = 2000

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=WORDS_LENGTH), Storable
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=WORDS_LENGTH), Storable]


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: ClassVar[str]
    label: ClassVar[str]
    takes_files: ClassVar[bool] = False


class Dispatch(Step):
    """转办."""

    name = "dispatch"
    label = "转办"
    to: Code
    """An agency's code."""
    note: Note = ""


class Return(Step):
    name = "return"
    label = "退回"
    reason: Words


class Accept(Step):
    """签收: whoever takes it up says so. No clock hangs on it (reading 8)."""

    name = "accept"
    label = "受理"


class Way(StrEnum):
    """How the rater was reached."""

    PHONE = "phone"
    SMS = "sms"
    WECHAT = "wechat"
    VISIT = "visit"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _WAYS[self]


_WAYS = {
    Way.PHONE: "电话",
    Way.SMS: "短信",
    Way.WECHAT: "微信",
    Way.VISIT: "上门见面",
    Way.OTHER: "其他",
}


class Contact(Step):
    """回访: to verify, to answer, or by the hotline by hand; with the recording of the call."""

    name = "contact"
    label = "联系评价人"
    takes_files = True
    way: Way = Way.PHONE
    reached: bool
    note: Words


class Consult(Step):
    """会商: what an agency that takes part has to say."""

    name = "consult"
    label = "会商意见"
    takes_files = True
    note: Words


class Verify(Step):
    """核实属实, with its class where the regulation has classes, by cause."""

    name = "verify"
    label = "核实属实"
    class_name: ClassName | None = None
    causes: tuple[str, ...] = ()
    note: Note = ""


class FindMistaken(Step):
    """误评、恶意、不实: found by the agency, never decided by it."""

    name = "find_mistaken"
    label = "提请不予采纳"
    takes_files = True
    ground: str
    reason: Words


class ConfirmMistaken(Step):
    name = "confirm_mistaken"
    label = "审核认定"
    note: Words


class RejectMistaken(Step):
    name = "reject_mistaken"
    label = "不予认定"
    note: Words


class Appeal(Step):
    name = "appeal"
    label = "申诉"
    takes_files = True
    reason: Words


class ForwardAppeal(Step):
    """经所在机构提出 (三明三(三))."""

    name = "forward_appeal"
    label = "提交申诉"
    takes_files = True
    note: Note = ""


class DecideAppeal(Step):
    name = "decide_appeal"
    label = "复核申诉"
    takes_files = True
    upheld: bool
    methods: tuple[str, ...] = ()
    note: Words


class Object(Step):
    """The rater's: 异议."""

    name = "object"
    label = "提出异议"
    reason: Words


class DecideObjection(Step):
    name = "decide_objection"
    label = "处理异议"
    upheld: bool
    note: Words


class AskExtension(Step):
    name = "ask_extension"
    label = "申请延期"
    until: date
    """The last day."""
    reason: Words


class DecideExtension(Step):
    name = "decide_extension"
    label = "审批延期"
    granted: bool
    note: Note = ""


class EnterInLedger(Step):
    """建立台账，限期整改 (三明二(三)1)."""

    name = "enter_in_ledger"
    label = "建立台账"
    until: date
    reason: Words


class Answer(Step):
    """整改并答复. The text goes to the rater as it stands."""

    name = "answer"
    label = "整改并答复"
    takes_files = True
    text: Words
    explained: bool = False
    """缺乏法定依据、确实无法解决: 解释说明 in place of a rectification."""


class ReviewAnswer(Step):
    name = "review_answer"
    label = "审核答复"
    passed: bool
    note: Note = ""


class Confirm(Step):
    """The rater's: 满意 or 不满意."""

    name = "confirm"
    label = "确认"
    satisfied: bool
    words: Note = ""


class LeaveOut(Step):
    """得到差评人满意回复的，可不予计算 (三明二(三)1, reading 12)."""

    name = "leave_out"
    label = "不予计算"
    reason: Words


class Recheck(Step):
    """复核认定为有效评价的，责令整改 (威海临港三(一))."""

    name = "recheck"
    label = "复核认定有效"
    takes_files = True
    reason: Words


STEPS: Final[Mapping[str, type[Step]]] = MappingProxyType(
    {
        step.name: step
        for step in (
            Dispatch,
            Return,
            Accept,
            Contact,
            Consult,
            Verify,
            FindMistaken,
            ConfirmMistaken,
            RejectMistaken,
            Appeal,
            ForwardAppeal,
            DecideAppeal,
            DecideObjection,
            AskExtension,
            DecideExtension,
            EnterInLedger,
            Answer,
            ReviewAnswer,
            LeaveOut,
            Recheck,
        )
    }
)
"""Of the staff. The rater's own two, `Confirm` and `Object`, are not among them."""
