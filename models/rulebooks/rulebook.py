"""A rulebook: one regulation, in its versions. Pure data; asked one question at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Literal, Self, cast

from pydantic import Field, model_validator

from models.calendar.beijing import beijing_date
from models.rulebooks import conduct_rules as conduct
from models.rulebooks import figure_rules as figures
from models.rulebooks import order_rules as orders
from models.rulebooks import rating_rules as rating
from models.rulebooks.rule import Rule, Source, Strict

Span = tuple[date | Literal["unknown"], date | None]
"""The first and the last day in force."""


class Version(Strict):
    """The rules as they stood from one day until another. None: the text is silent, nothing is
    done. A rule without `| None` is one that figures and forms cannot do without."""

    effective_from: date | Literal["unknown"]
    """`unknown`: the text gives no day (reading 33); the jurisdiction fills it in."""
    effective_until: date | None = None
    """The last day in force."""
    effective_source: Source

    levels: rating.Levels
    scores: rating.Scores
    reason: rating.Reason
    indicators: rating.Indicators
    once: rating.OncePerNode
    late: rating.LateRating
    link: rating.Link
    quiet_hours: rating.QuietHours
    second_party: orders.SecondParty
    supervision: orders.Supervision

    indicator_scope: rating.IndicatorScope | None = None
    raters: rating.Raters | None = None
    online: rating.ItemNode | None = None
    terminal: rating.ItemNode | None = None
    window: rating.WindowNode | None = None
    batch: rating.Batch | None = None
    theme: rating.Theme | None = None
    parallel: rating.Parallel | None = None
    lead_department: rating.LeadDepartment | None = None
    consultation: rating.Consultation | None = None
    hotline: rating.Hotline | None = None
    overall_review: rating.OverallReview | None = None
    questionnaire: rating.Questionnaire | None = None
    invitation_sms: rating.InvitationSms | None = None
    reminder: rating.Reminder | None = None
    silence: rating.Silence | None = None
    follow_up: rating.FollowUp | None = None

    channels: conduct.Channels | None = None
    reporting: conduct.Reporting | None = None
    real_name: conduct.RealName | None = None
    privacy: conduct.Privacy | None = None
    invitation: conduct.Invitation | None = None
    fraud: conduct.Fraud | None = None
    retaliation: conduct.Retaliation | None = None
    data_safety: conduct.DataSafety | None = None

    order_opening: orders.OrderOpening
    first_receiver: orders.FirstReceiver
    dispatch: orders.Dispatch | None = None
    verification: orders.Verification | None = None
    classes: orders.Classes | None = None
    rectification: orders.Rectification | None = None
    explanation: orders.Explanation | None = None
    extension: orders.Extension | None = None
    exclusion: orders.Exclusion | None = None
    appeal: orders.Appeal | None = None
    review: orders.Review | None = None
    answer: orders.Answer | None = None
    callback: orders.Callback | None = None
    report_up: orders.ReportUp | None = None
    hard_targets: orders.HardTargets | None = None

    agency_score: figures.AgencyScore | None = None
    item_score: figures.ItemScore | None = None
    participation: figures.Participation | None = None
    rectification_rate: figures.RectificationRate | None = None
    satisfaction_rate: figures.SatisfactionRate | None = None
    composite: figures.Composite | None = None
    publication: figures.Publication | None = None
    assessment: figures.Assessment | None = None
    spot_check: figures.SpotCheck | None = None

    @classmethod
    def rule_names(cls) -> tuple[str, ...]:
        return tuple(name for name in cls.model_fields if not name.startswith("effective_"))

    def rule(self, name: str) -> Rule | None:
        return cast("Rule | None", getattr(self, name))

    def in_force(self, day: date) -> bool:
        begun = self.effective_from == "unknown" or self.effective_from <= day
        return begun and (self.effective_until is None or day <= self.effective_until)


def misplaced(spans: Sequence[Span]) -> Iterator[tuple[int, str, str]]:
    """The versions whose days are wrong: which (from 0), in which field, and why."""
    for place, (begin, end) in enumerate(spans):
        if begin != "unknown" and end is not None and end < begin:
            yield place, "effective_until", "effective_until 早于 effective_from"
    for place, ((_, end), (begin, _)) in enumerate(pairwise(spans), start=1):
        if begin == "unknown":
            yield place, "effective_from", "只有最早的版本可以没有施行日期"
        elif end is None:
            yield place, "effective_from", "版本重叠：前一版本没有写 effective_until"
        elif begin <= end:
            yield place, "effective_from", f"版本重叠：前一版本到{end}为止，这一版本从{begin}开始"


class NotInForce(LookupError):
    """No version of the rulebook was in force on the day."""

    def __init__(self, rulebook: str, day: date) -> None:
        super().__init__(f"规则书“{rulebook}”在{day.isoformat()}没有生效的版本")
        self.rulebook = rulebook
        self.day = day


class Rulebook(Strict):
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    """The regulation's own title."""
    jurisdiction: str
    document: str | None = None
    """文号."""
    based_on: tuple[str, ...] = ()
    bureau: str
    """The department that leads (牵头)."""
    versions: tuple[Version, ...] = Field(min_length=1)

    def version_at(self, moment: datetime) -> Version:
        """The version that judges what was completed at `moment` (aware). Raises NotInForce."""
        day = beijing_date(moment)
        for version in self.versions:
            if version.in_force(day):
                return version
        raise NotInForce(self.name, day)

    def number_of(self, version: Version) -> int:
        """1 for the oldest; what an evaluation stores beside the rulebook's name."""
        return self.versions.index(version) + 1

    def version(self, number: int) -> Version:
        """Raises IndexError."""
        if number < 1:
            raise IndexError(number)
        return self.versions[number - 1]

    @model_validator(mode="after")
    def _versions_apart(self) -> Self:
        spans = [(version.effective_from, version.effective_until) for version in self.versions]
        for _, _, why in misplaced(spans):
            raise ValueError(why)
        return self
