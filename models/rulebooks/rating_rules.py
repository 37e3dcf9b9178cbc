"""Rules of the rating itself: levels, reasons, what may be rated when, time (matrix §1 to §3)."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from models.rulebooks.rule import LevelWord, Period, Rule, Strict
from models.words import Level, Target

Score = Annotated[Decimal, Field(ge=0, le=10)]


class Levels(Rule):
    """等级. `positive` is None where the text defines no 好评."""

    negative: frozenset[LevelWord]
    positive: frozenset[LevelWord] | None = None


class Scores(Rule):
    """分值."""

    points: dict[LevelWord, Score]

    @model_validator(mode="after")
    def _every_level(self) -> Self:
        if missing := [level.label for level in Level if level not in self.points]:
            raise ValueError(f"缺少等级：{'、'.join(missing)}")
        return self


class Reason(Rule):
    """理由: what a rating must bring. Indicators may always be chosen and words always written."""

    negative_needs_indicator_or_words: bool
    positive_needs_nothing: bool = True
    other_needs_words: bool = True
    """“其他” says nothing by itself: it asks for words (Tianjin's table, chosen reading)."""


class Indicator(Strict):
    """评价指标. `national` is the State's code for the same words, where it has one."""

    code: str = Field(min_length=1, max_length=20)
    text: str = Field(min_length=1, max_length=60)
    national: str | None = None
    other: bool = False


ByLevel = dict[LevelWord, tuple[Indicator, ...]]


class Indicators(Rule):
    """评价指标, by what is rated and the level. A level that is absent has none to choose."""

    version: str
    item: ByLevel = Field(default_factory=dict)
    staff: ByLevel = Field(default_factory=dict)
    platform: ByLevel = Field(default_factory=dict)
    agency: ByLevel = Field(default_factory=dict)
    hall: ByLevel = Field(default_factory=dict)
    retired: frozenset[str] = frozenset()
    """Codes that are read in old data and taken from nobody any more."""

    def choices(self, target: Target, level: Level) -> tuple[Indicator, ...]:
        by_level: ByLevel = getattr(self, target.value)
        return by_level.get(level, ())

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        for target in Target:
            by_level: ByLevel = getattr(self, target.value)
            codes = [indicator.code for choices in by_level.values() for indicator in choices]
            if twice := {code for code in codes if codes.count(code) > 1}:
                raise ValueError(f"{target.label}的指标代码重复：{'、'.join(sorted(twice))}")
            if dead := self.retired.intersection(codes):
                raise ValueError(f"指标代码已停用：{'、'.join(sorted(dead))}")
        return self


class IndicatorScope(Rule):
    """指标对象: what the text wants indicators for, and who it says draws them up."""

    targets: tuple[Target, ...]
    aspects: tuple[str, ...] = ()
    set_by: str | None = None


class ItemNode(Rule):
    """全程网办, 自助终端: what is rated once, at completion."""

    completion: tuple[Target, ...]


class WindowNode(Rule):
    """窗口或线上线下结合: what every visit opens, and what completion opens."""

    visit: tuple[Target, ...]
    completion: tuple[Target, ...]


class Mode(StrEnum):
    OVERALL = "overall"
    SEPARATE = "separate"


class Batch(Rule):
    """批量: the same item applied for several times at once. One rating is valid for all."""

    min_cases: int = Field(ge=2)
    visit: tuple[Target, ...]
    completion: tuple[Target, ...]
    negative_names_each_target: bool
    """差评须分别选择服务人员和服务事项的具体内容."""


class Theme(Rule):
    """主题式、一件事: different items, one declaration."""

    min_items: int = Field(ge=2)
    modes: frozenset[Mode]
    negative_names_each_target: bool = False


class Parallel(Rule):
    """并联、联合审批: several departments, one counter."""

    modes: frozenset[Mode]
    visit: tuple[Target, ...]
    completion: tuple[Target, ...]
    negative_names_each_target: bool


class LeadDepartment(Rule):
    """跨层级跨部门事项的评价结果归集到牵头部门."""

    only_across_departments: bool = True


class Consultation(Rule):
    """咨询查询: what is rated, by where it was answered."""

    online: tuple[Target, ...]
    hall: tuple[Target, ...]


class Hotline(Rule):
    """热线: the call itself, and the case handed on to an agency."""

    call: tuple[Target, ...]
    transferred: tuple[Target, ...] = ()
    voice_prompt: bool = False
    transferred_by_sms: bool = False
    negative_called_back_by_hand: bool = False
    reason_optional: bool = False
    """On the telephone a negative level counts by itself, whatever `reason` asks for."""
    desk_records_additions: bool = False
    """补充内容由专席接听并记录."""


class OverallReview(Rule):
    """综合点评, of the whole and bound to no case."""

    targets: tuple[Target, ...]


class OncePerNode(Rule):
    """评价次数: one rating per case, node and target, whoever gives it (reading 22)."""

    times: int = Field(ge=1, le=1)


class FollowUp(Rule):
    """追加评价: adds to the first human rating and never replaces it (reading 19)."""

    within: Period
    times: int = Field(ge=1, le=1)
    counted_in_score: bool = False
    negative_opens_order: bool = True


class InvitationSms(Rule):
    """评价短信 at steps of the handling, not a reminder."""

    at: tuple[str, ...]


class Reminder(Rule):
    """催评. `sent`: a jurisdiction may leave an optional reminder out (reading 29)."""

    after: Period
    channels: tuple[str, ...]
    mandatory: bool
    sent: bool = True

    @model_validator(mode="after")
    def _duty_is_done(self) -> Self:
        if self.mandatory and not self.sent:
            raise ValueError("提醒是义务（mandatory），不能关闭（sent = false）")
        return self


class Silence(Rule):
    """沉默的后果: a default level, or the mark 未评 where `default_level` is None."""

    after: Period
    default_level: LevelWord | None = None


class LateRating(Rule):
    """晚到的评价: never refused, marked late (reading 18)."""

    accepted: bool
    replaces_default_in_figures: bool


class Link(Rule):
    """评价链接 is a credential, and a credential ends."""

    valid: Period


class QuietHours(Rule):
    """静默时段 shift a message, never a legal clock (reading 28)."""

    begin: time
    end: time


class Questionnaire(Rule):
    """评价问询表单: answered freely, never required."""

    required: bool = False
    questions: tuple[str, ...] = ()


class Raters(Rule):
    """谁能评."""

    who: str
