"""What happens to an order. Its state is what its events say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

SYSTEM = "system"
RATER = "rater"


class Kind(StrEnum):
    OPENED = "opened"
    CALLBACK_OPENED = "callback_opened"
    """The hotline is to call the rater back by hand (人工回访, 潮安第十四条)."""
    DISPATCHED = "dispatched"
    HANDED_ON = "handed_on"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    CONSULTED = "consulted"
    VERIFIED = "verified"
    FOUND_MISTAKEN = "found_mistaken"
    MISTAKEN_CONFIRMED = "mistaken_confirmed"
    MISTAKEN_REJECTED = "mistaken_rejected"
    APPEAL_PROPOSED = "appeal_proposed"
    APPEALED = "appealed"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_REJECTED = "appeal_rejected"
    OBJECTED = "objected"
    OBJECTION_UPHELD = "objection_upheld"
    OBJECTION_REJECTED = "objection_rejected"
    EXCLUDED = "excluded"
    RECHECKED = "rechecked"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    ENTERED_IN_LEDGER = "entered_in_ledger"
    ANSWERED = "answered"
    ANSWER_PASSED = "answer_passed"
    ANSWER_RETURNED = "answer_returned"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    LEFT_OUT = "left_out"
    REVEALED = "revealed"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.OPENED: "生成工单",
    Kind.CALLBACK_OPENED: "待人工回访",
    Kind.DISPATCHED: "转办",
    Kind.HANDED_ON: "移交",
    Kind.RETURNED: "退回",
    Kind.ACCEPTED: "受理",
    Kind.CONTACTED: "联系评价人",
    Kind.CONSULTED: "会商意见",
    Kind.VERIFIED: "核实属实",
    Kind.FOUND_MISTAKEN: "提请不予采纳",
    Kind.MISTAKEN_CONFIRMED: "审核认定",
    Kind.MISTAKEN_REJECTED: "审核不予认定",
    Kind.APPEAL_PROPOSED: "提出申诉",
    Kind.APPEALED: "申诉",
    Kind.APPEAL_UPHELD: "复核：申诉成立",
    Kind.APPEAL_REJECTED: "复核：申诉不成立",
    Kind.OBJECTED: "评价人提出异议",
    Kind.OBJECTION_UPHELD: "异议成立",
    Kind.OBJECTION_REJECTED: "异议不成立",
    Kind.EXCLUDED: "不予采纳",
    Kind.RECHECKED: "复核认定有效",
    Kind.EXTENSION_ASKED: "申请延期",
    Kind.EXTENSION_GRANTED: "同意延期",
    Kind.EXTENSION_REFUSED: "不同意延期",
    Kind.ENTERED_IN_LEDGER: "建立台账",
    Kind.ANSWERED: "答复评价人",
    Kind.ANSWER_PASSED: "审核通过",
    Kind.ANSWER_RETURNED: "审核退回",
    Kind.CONFIRMED: "评价人确认",
    Kind.UNCONFIRMED: "评价人未回复",
    Kind.LEFT_OUT: "不予计算",
    Kind.REVEALED: "查看联系方式",
    Kind.CLOSED: "办结",
}


@dataclass(frozen=True, slots=True)
class Event:
    kind: Kind
    at: datetime
    actor: str = SYSTEM
    """system, rater, or an account's login."""
    account: int | None = None
    agency: int | None = None
    """For whom the account acted."""
    details: Mapping[str, Any] = field(default_factory=dict)
