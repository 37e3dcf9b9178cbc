"""Steps of orders, taken by the bureau's own office system for one of its accounts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from api.endpoints import Call, Endpoint, Nothing
from api.problems import Incomplete
from api.v1.order_answers import OrderAnswer, order_answers
from api.v1.owned_orders import owned_order
from models.directory.lookup import Lookup
from models.handling.acting import act
from models.handling.evidence import MOST
from models.orders.steps import STEPS, Step
from models.ratings.attachments import proof
from models.refusals import Forbidden, UnknownReference
from models.tables import Account
from models.texts import Code


def _known(name: str) -> str:
    if name not in STEPS:
        raise ValueError(f"可用的值：{'、'.join(STEPS)}")
    return name


class StepGiven(BaseModel):
    """`by`: the login of the account. `seen`: the order's `sequence` as it was when this was
    decided; whoever finds another one has been outrun (409). The other fields are those of the
    step."""

    model_config = ConfigDict(extra="allow", frozen=True)

    by: Code
    step: Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(STEPS)})]
    seen: Annotated[int, Field(ge=1)] | None = None

    @property
    def taken(self) -> Step:
        """Raises Incomplete."""
        try:
            return STEPS[self.step].model_validate(self.model_extra or {})
        except ValidationError as fault:
            raise Incomplete("body", fault) from None


async def take_step(call: Call[StepGiven, Nothing]) -> OrderAnswer:
    """办理. `by` may do here what it may do on the console, and nothing else; the history says
    through which system it was done. As JSON, or, with evidence (up to 9 pictures or recordings of
    8 MB, 32 MB together), as a form of `step`, the JSON, and `file`s. The rater's own two, 满意 or
    不满意 and an objection, nobody takes for them.

    - `dispatch` (转办): `to`, an agency's code, `note`
    - `return` (退回): `reason`
    - `accept` (受理)
    - `contact` (联系评价人): `way`: phone, sms, wechat, visit, other; `reached`, `note`, files
    - `consult` (会商意见): `note`, files
    - `verify` (核实属实): `class_name`: simple, general, complex, or `causes`; `note`
    - `find_mistaken` (提请不予采纳): `ground`, `reason`, files
    - `confirm_mistaken`, `reject_mistaken` (审核认定、不予认定): `note`
    - `appeal` (申诉): `reason`, files; `forward_appeal` (提交申诉): `note`, files
    - `decide_appeal` (复核申诉): `upheld`, `methods`, `note`, files
    - `decide_objection` (处理异议): `upheld`, `note`
    - `ask_extension` (申请延期): `until`, a day, `reason`
    - `decide_extension` (审批延期): `granted`, `note`
    - `enter_in_ledger` (建立台账): `until`, a day, `reason`
    - `answer` (整改并答复): `text`, which the rater reads, `explained`, files
    - `review_answer` (审核答复): `passed`, `note`
    - `leave_out` (不予计算): `reason`
    - `recheck` (复核认定有效): `reason`, files
    """
    order = await owned_order(call)
    account = await _account(call)
    step = call.body.taken
    files = [await proof(file) for file in call.files]
    done = await act(
        call.office,
        order.id,
        step,
        account,
        seen=call.body.seen,
        files=files,
        via=call.integrator.name,
    )
    return (await order_answers([done]))[0]


async def _account(call: Call[StepGiven, Nothing]) -> Account:
    """Raises UnknownReference, Forbidden."""
    account = await Account.get_or_none(login=call.body.by).select_related("agency")
    if account is None:
        raise UnknownReference("没有这个账号", field="by")
    if account.agency is None:
        raise Forbidden("运维账号不办理工单", field="by")
    await Lookup(call.integrator).must_own(account.agency.region_id, field="by")
    if account.disabled_at is not None:
        raise Forbidden("账号已停用", field="by")
    return account


STEP: Final = Endpoint(
    "POST",
    "/api/v1/orders/{number}/steps",
    take_step,
    "Take a step of a work order",
    "orders",
    OrderAnswer,
    body=StepGiven,
    part="step",
    files=MOST,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
