"""Rules of figures, publication and assessment (matrix §6)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from models.rulebooks.rule import Rule


class ScoreBasis(StrEnum):
    ALL_EVALUATIONS = "all_evaluations"
    """机构收到的所有评价的平均分."""
    ITEM_EVALUATIONS = "item_evaluations"


class AgencyScore(Rule):
    basis: ScoreBasis
    counts_defaults: bool = False
    both_readings_shown: bool = True


class ItemScore(Rule):
    """服务事项评价得分."""

    basis: ScoreBasis


class Denominator(StrEnum):
    ALL_CASES = "all_cases"
    RATED_AND_TIMED_OUT = "rated_and_timed_out"
    """主动评价次数与超时“未评”次数之和."""
    ALL_ITEM_ORDERS = "all_item_orders"
    VALID_NEGATIVES = "valid_negatives"
    RECTIFIED = "rectified"


class Participation(Rule):
    """参评率、主动评价率: cases that a person rated, over `denominator`."""

    denominator: Denominator
    counts_invalidated_as_unrated: bool = False


class RectificationRate(Rule):
    """整改率."""

    only_items: bool
    denominator: Denominator
    leaves_out_excluded: bool


class SatisfactionRate(Rule):
    """整改回访满意率."""

    denominator: Denominator


class Composite(Rule):
    """综合评分, in per cent."""

    quality: Decimal = Field(ge=0, le=100)
    participation: Decimal = Field(ge=0, le=100)
    rectification: Decimal = Field(ge=0, le=100)
    satisfaction: Decimal = Field(ge=0, le=100)
    adjustable: bool = False

    @model_validator(mode="after")
    def _hundred(self) -> Self:
        total = self.quality + self.participation + self.rectification + self.satisfaction
        if total != 100:
            raise ValueError(f"权重合计应为100，实为{total}")
        return self


class Publication(Rule):
    """公开."""

    to_public: bool | None = None
    """None: the text does not say whether the public is told."""
    where: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    bulletin: bool = False


class Assessment(Rule):
    """考核."""

    agency: bool
    staff: bool
    excusable: bool = False
    """容错纠错."""


class SpotCheck(Rule):
    """抽查、回访调查."""

    what: str
