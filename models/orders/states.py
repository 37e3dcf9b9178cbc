"""Where an order stands. One machine for all regulations; which ways lead through it is theirs."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    OPENED = "opened"
    """At its first receiver, to be dispatched (转办)."""
    VERIFYING = "verifying"
    """With the agency that answers, to be verified (核实)."""
    FOUND = "found"
    """Found mistaken or malicious by the agency; a second party decides."""
    RECTIFYING = "rectifying"
    """Verified as true."""
    EXCLUDING = "excluding"
    """拟不予采纳: the rater is told, and may object."""
    ANSWERED = "answered"
    """The rater is told the result; the bureau reviews it."""
    CALLING_BACK = "calling_back"
    """The rater is asked whether they are satisfied."""
    EXCLUDED = "excluded"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def ended(self) -> bool:
        return self in (State.EXCLUDED, State.CLOSED)


_LABELS = {
    State.OPENED: "待转办",
    State.VERIFYING: "待核实",
    State.FOUND: "待审核认定",
    State.RECTIFYING: "整改中",
    State.EXCLUDING: "拟不予采纳",
    State.ANSWERED: "已答复，待审核",
    State.CALLING_BACK: "待评价人确认",
    State.EXCLUDED: "不予采纳",
    State.CLOSED: "已办结",
}
