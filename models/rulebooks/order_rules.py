"""Rules of the work order: who receives, verifies, answers, reviews, by when (matrix §5)."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from models.rulebooks.rule import Counting, LevelWord, Period, Rule, Strict


class Party(StrEnum):
    """Who acts on an order."""

    BUREAU = "bureau"
    """政务服务主管部门: 政数局, 政管办, 政务办, 管委会."""
    AGENCY = "agency"
    """业务办理单位、承办部门."""
    TOWN = "town"
    """镇(场)公共服务办公室."""
    DISTRICT = "district"
    """区人民政府, which passes the order on."""
    STAFF = "staff"
    HOTLINE = "hotline"
    SUPERVISOR = "supervisor"
    """审改办、效能办 (三明): told, never acting on an order."""


class OrderOpening(Rule):
    """差评工单的生成. 三明, 綦江, 威海临港 ask only that every negative rating is dealt with: that
    its order opens by itself is the platform's way there."""

    automatic: bool


class FirstReceiver(Rule):
    party: Party
    jointly_with: Party | None = None
    municipal_agencies_directly: bool = False
    """天津第十八条: a municipal department is told at once; a district's goes by its government."""


class Dispatch(Rule):
    """转办. `within` is None where the text gives no term; `internal_line` is the platform's own
    line, shown as such (reading 8)."""

    principle: str | None = None
    to: tuple[Party, ...]
    within: Period | None = None
    internal_line: Period | None = None


class Verification(Rule):
    """核实."""

    within: Period | None = None
    on_site_at_once: bool = False
    contact_actively: bool = False
    by: tuple[Party, ...]


class ClassName(StrEnum):
    SIMPLE = "simple"
    GENERAL = "general"
    COMPLEX = "complex"


class OrderClass(Strict):
    """差评的一类, with its clocks. `first_contact` is 回访, `answer` the result."""

    name: ClassName
    label: str
    causes: tuple[str, ...] = ()
    on_site_at_once: bool = False
    first_contact: Period | None = None
    answer: Period | None = None
    by_consultation: bool = False
    """会商: the agency leads, the others take part."""


class Classes(Rule):
    kinds: tuple[OrderClass, ...] = Field(min_length=1)


class Rectification(Rule):
    """整改 where the text has one term for all. Complex matters go to a ledger with a term of
    their own (三明)."""

    within: Period
    complex_in_ledger: bool = False
    reason_when_impossible: bool = False


class Explanation(Rule):
    """缺乏法定依据、确实无法解决: 做好解释说明."""

    required: bool


class Extension(Rule):
    """延期: before the due day, with reason and new term, told to the rater and the bureau."""

    before_due: bool
    told_to_rater: bool
    reported_to: Party
    times: int = Field(ge=1)
    needs_approval: bool
    classes: frozenset[ClassName] = frozenset(ClassName)
    """Which classes may be extended (威海临港: not the simple one)."""


class ExclusionEffect(StrEnum):
    EXCLUDED = "excluded"
    INVALID = "invalid"
    UNRATED = "unrated"
    """归集为“未评” (天津)."""


class Exclusion(Rule):
    """误评、恶意、不实: who finds it, who confirms it, what becomes of the rating."""

    grounds: tuple[str, ...]
    found_by: Party
    confirmed_by: Party
    within: Period | None = None
    """For the finding."""
    withdrawal_within: Period | None = None
    """For the bureau's part after the finding (三明: 差评撤销核实)."""
    confirmed_with_rater: bool = False
    effect: ExclusionEffect
    in_unrated_rate: bool = False
    reported_to: tuple[Party, ...] = ()
    bureau_may_recheck: bool = False


class SecondParty(Rule):
    """Two parties of different agencies, evidence, and the rater told (reading 14)."""

    required: bool
    rater_told: bool
    objection: Period | None = None


class Ahead(Strict):
    """So long before something is due. In working days: at nine in the morning."""

    count: int = Field(ge=1, le=365)
    unit: Literal[Counting.WORKING_DAYS, Counting.HOURS]


class Supervision(Rule):
    """督办: when the holder is warned, when a bureau above the supervising one is told of what is
    overdue, and for how long the rater may say what they think of the answer."""

    before: tuple[Ahead, ...]
    higher_after: Ahead
    confirmable: Period


class Appeal(Rule):
    """申诉."""

    by: Party
    through: Party | None = None
    to: Party
    within: Period | None = None
    evidence: bool
    levels: frozenset[LevelWord]
    while_rectifying: bool = False
    """Its term reaches into the rectification (reading 10)."""


class ReviewSheet(Rule):
    """复核单: the form that the text prints (附件), with its notes to the letter."""

    title: str
    notes: tuple[str, ...] = ()


class Review(Rule):
    """复核. `internal_line` is the platform's (reading 11); the rectification clock runs on."""

    methods: tuple[str, ...] = ()
    within: Period | None = None
    internal_line: Period | None = None
    stops_clock: bool = False
    sheet: ReviewSheet | None = None


class Answer(Rule):
    """反馈评价人."""

    to_rater: bool
    by: tuple[str, ...] = ()
    recorded: bool = False


class Callback(Rule):
    """整改后的回访: only the rater says whether they are satisfied."""

    by: Party
    choices: tuple[str, ...] = ("满意", "不满意")
    dissatisfied_reopens: bool = False
    dissatisfied_reported_to: Party | None = None
    satisfied_may_be_left_out: bool = False
    """三明: 得到差评人满意回复的，可不予计算 (reading 12)."""


class ReportUp(Rule):
    """上报审核、备案."""

    reviewed_by: Party | None = None
    filed_with: tuple[str, ...] = ()


class HardTargets(Rule):
    """硬指标, in per cent, of real-name negative ratings."""

    callback_rate: int | None = None
    rectification_rate: int | None = None
