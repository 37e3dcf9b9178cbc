"""What becomes of a rating: one pure decision from the subject, the rules and the time.

The answer is plain rows; `models/ratings/store.py` writes them, so that many decisions can share
a commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.calendar.deadline import deadline
from models.calendar.working_days import WorkingDays
from models.ledger import FORM, leaf
from models.orders.opening import NewOrder, open_order
from models.ratings.given import Rating
from models.ratings.refusals import (
    AlreadyRated,
    IndicatorUnfit,
    LinkExpired,
    LinkUnknown,
    OtherNeedsWords,
    RealNameMissing,
    ReasonMissing,
)
from models.ratings.subject import Slot, Subject
from models.refusals import Invalid
from models.rulebooks.conduct_rules import RealNameMode
from models.rulebooks.rulebook import Version
from models.words import Channel, Ordinal, Provenance, Target

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """The rows of one evaluation. Personal data is not among them: it is sealed when stored."""

    evaluation: Row
    coverage: tuple[Row, ...]
    leaf: Row
    order: NewOrder | None
    subject: Subject
    follow_up_until: datetime | None
    """追加评价 is possible until then, once (reading 19)."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the moment adds to a rating: who it is by keyed hash, a fresh id, the time."""

    id: UUID
    now: datetime
    rater_hash: str | None
    ordinal: Ordinal = Ordinal.FIRST
    keyed_by: str | None = None
    """The member of staff who keyed it in from paper or a call; None: the person's own."""


def decide(
    subject: Subject, rating: Rating, version: Version, days: WorkingDays, given: Given
) -> Decision:
    """Raises AlreadyRated, LinkUnknown, LinkExpired, RealNameMissing, IndicatorUnfit,
    ReasonMissing, OtherNeedsWords, Invalid."""
    slots = subject.slots(given.ordinal, rating.submission)
    for slot in slots:
        if slot.name in subject.taken:
            raise AlreadyRated(subject.taken[slot.name])
    if subject.superseded:
        raise LinkUnknown
    if subject.until is not None and given.now >= subject.until:
        raise LinkExpired(subject.until)
    _check_reasons(subject, rating, version)
    _check_name(subject, rating, version)
    late = subject.silent or (
        subject.timely_until is not None and given.now >= subject.timely_until
    )
    evaluation: Row = {
        "id": given.id,
        "provenance": (Provenance.PROXY if given.keyed_by else Provenance.PERSON).value,
        "ordinal": int(given.ordinal),
        "region_id": subject.region,
        "invitation_id": subject.invitation,
        "submission": rating.submission,
        "rulebook": subject.rulebook,
        "version": subject.version,
        "level": int(rating.level),
        "reasons": {
            target.value: reason.model_dump(mode="json")
            for target, reason in sorted(rating.reasons.items())
            if not reason.empty
        },
        "answers": {question: words for question, words in rating.answers.items() if words},
        "channel": rating.channel.value,
        "credential": rating.credential.value,
        "keyed_by": given.keyed_by,
        "real_name": subject.named or _names_themselves(rating),
        "rater_hash": given.rater_hash,
        "late": late and given.ordinal is Ordinal.FIRST,
        "at": given.now,
    }
    negative = rating.level in version.levels.negative
    order = None
    if negative and version.order_opening.automatic and _opens_order(version, given.ordinal):
        if subject.holders is None:
            raise ValueError("a negative rating needs to know who could receive its order")
        by_hotline = subject.rule == "hotline"
        order = open_order(version, subject.holders, given.now, days, by_hotline=by_hotline)
    return Decision(
        evaluation=evaluation,
        coverage=tuple(coverage(subject, slot, evaluation, version) for slot in slots),
        leaf=leaf_row(evaluation, slots),
        order=order,
        subject=subject,
        follow_up_until=_follow_up_until(subject, version, days, given),
    )


def leaf_row(evaluation: Row, slots: Sequence[Slot]) -> Row:
    return {
        "evaluation_id": evaluation["id"],
        "form": FORM,
        "hash": leaf(evaluation, [slot.name for slot in slots]),
    }


def _follow_up_until(
    subject: Subject, version: Version, days: WorkingDays, given: Given
) -> datetime | None:
    if version.follow_up is None or given.ordinal is not Ordinal.FIRST:
        return None
    return deadline(given.now, version.follow_up.within, days).due if subject.invitation else None


def _check_reasons(subject: Subject, rating: Rating, version: Version) -> None:
    for target, reason in rating.reasons.items():
        if reason.empty:
            continue
        if target not in subject.targets:
            raise Invalid(f"这次评价不包括{target.label}。", field=f"reasons.{target}")
        _check_indicators(target, rating, version)
    if rating.level not in version.levels.negative:
        return
    if not version.reason.negative_needs_indicator_or_words:
        return
    hotline = version.hotline
    if rating.channel is Channel.HOTLINE and hotline is not None and hotline.reason_optional:
        return
    empty = [target for target in subject.targets if rating.reason(target).empty]
    each = names_each_target(version, subject.rule)
    if each and empty:
        raise ReasonMissing(
            version.rule(subject.rule or "reason") or version.reason, empty[0], each=True
        )
    if len(empty) == len(subject.targets):
        raise ReasonMissing(version.reason, empty[0], each=False)


def names_each_target(version: Version, rule: str | None) -> bool:
    """差评须分别选择服务人员和服务事项的具体内容 (天津第十二、十三条)."""
    return rule is not None and bool(
        getattr(version.rule(rule), "negative_names_each_target", False)
    )


def _check_indicators(target: Target, rating: Rating, version: Version) -> None:
    chosen = rating.reason(target)
    choices = {each.code: each for each in version.indicators.choices(target, rating.level)}
    for code in chosen.indicators:
        if code in version.indicators.retired:
            raise IndicatorUnfit(f"评价指标{code}已停用。", field=f"reasons.{target}.indicators")
        if code not in choices:
            raise IndicatorUnfit(
                f"“{rating.level.label}”没有代码为“{code}”的{target.label}评价指标。",
                field=f"reasons.{target}.indicators",
            )
    other = any(choices[code].other for code in chosen.indicators)
    if other and version.reason.other_needs_words and not chosen.words:
        raise OtherNeedsWords(version.reason, target)


def _check_name(subject: Subject, rating: Rating, version: Version) -> None:
    rule = version.real_name
    if rule is None or rule.mode is not RealNameMode.REQUIRED:
        return
    if not subject.named and not _names_themselves(rating):
        raise RealNameMissing(rule)


def _names_themselves(rating: Rating) -> bool:
    return bool(rating.rater_name and rating.rater_phone)


def _opens_order(version: Version, ordinal: Ordinal) -> bool:
    if ordinal is not Ordinal.FOLLOW_UP:
        return True
    return version.follow_up is not None and version.follow_up.negative_opens_order


def coverage(subject: Subject, slot: Slot, evaluation: Row, version: Version) -> Row:
    covered = slot.covered
    across = len({each.agency for each in subject.covers}) > 1
    # 跨部门事项的评价结果归集到牵头部门 (三明二(二)1); elsewhere each agency has its own.
    own = covered is not None and not (across and version.lead_department is not None)
    return {
        "slot": slot.name,
        "evaluation_id": evaluation["id"],
        "ordinal": evaluation["ordinal"],
        "level": evaluation["level"],
        "target": slot.target.value,
        "agency_id": covered.agency if covered and own else subject.agency,
        "case_id": covered.case if covered else None,
        "call_id": subject.call,
        "item_id": covered.item if covered and slot.target is Target.ITEM else None,
        "staff_id": subject.staff if slot.target is Target.STAFF else None,
        "hall_id": subject.hall if slot.target is Target.HALL else None,
        "platform_id": subject.platform if slot.target is Target.PLATFORM else None,
    }
