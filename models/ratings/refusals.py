"""Why a rating is not taken."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from models.calendar.beijing import spoken
from models.refusals import Conflict, Invalid, Refused
from models.rulebooks.rule import Rule
from models.words import Target


def by(rule: Rule) -> str:
    """（依据第七条）; nothing where the platform asks by itself."""
    return f"（依据{rule.source}）" if rule.statutory else ""


class AlreadyRated(Conflict):
    """`evaluation` counts. `follow_up_until`: until when the rater may add to it, if at all."""

    code = "already_rated"

    def __init__(self, evaluation: UUID, follow_up_until: datetime | None = None) -> None:
        more = f"您可以在{spoken(follow_up_until)}前追加评价。" if follow_up_until else ""
        super().__init__(f"这次服务已经评价过了，以第一次评价为准。{more}")
        self.evaluation = evaluation
        self.follow_up_until = follow_up_until


class LinkExpired(Refused):
    code = "link_expired"

    def __init__(self, until: datetime) -> None:
        super().__init__(f"评价链接已于{spoken(until)}失效。")
        self.until = until


class LinkUnknown(Refused):
    code = "link_unknown"

    def __init__(self) -> None:
        super().__init__("没有找到这条评价邀请，可能已被取消或已由新的链接代替。")


class ReasonMissing(Invalid):
    code = "reason_missing"

    def __init__(self, rule: Rule, target: Target, *, each: bool) -> None:
        what = f"对{target.label}" if each else ""
        super().__init__(
            f"评价为“不满意”或“非常不满意”时，请{what}选择对应的评价指标或填写不满意的原因{by(rule)}。",
            field=f"reasons.{target}",
            source=rule.source,
        )
        self.target = target
        self.each = each
        """Every target has to have its own."""


class OtherNeedsWords(Invalid):
    code = "other_needs_words"

    def __init__(self, rule: Rule, target: Target) -> None:
        super().__init__(
            "选择“其他”时，请写明具体情况。", field=f"reasons.{target}.words", source=rule.source
        )
        self.target = target


class IndicatorUnfit(Invalid):
    """Unknown, retired, or of another level or target."""

    code = "indicator_unfit"


class RealNameMissing(Invalid):
    code = "real_name_missing"

    def __init__(self, rule: Rule) -> None:
        super().__init__(
            f"本地“好差评”实行实名制，请填写姓名和手机号{by(rule)}。",
            field="rater_name",
            source=rule.source,
        )


class FollowUpClosed(Conflict):
    code = "follow_up_closed"
