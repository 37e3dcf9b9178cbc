"""Decisions with their grounds: what `explain` answers (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from models.calendar.beijing import spoken
from models.calendar.deadline import Deadline, explain_lines
from models.orders.clocks import CLOCKS
from models.rulebooks.labels import RULES
from models.rulebooks.rule import PLATFORM, Rule
from models.rulebooks.rulebook import Version


@dataclass(frozen=True, slots=True)
class Because:
    """One decision. `rule` is its name in the rulebook, or that of a clock of orders; `days` the
    count of its deadline."""

    what: str
    rule: str
    source: str
    quote: str | None = None
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    rulebook: str
    title: str
    version: int | None
    judged_at: datetime | None
    """The completion, or the first visit while there is none; of an order, when what was rated
    could be rated."""
    because: tuple[Because, ...]


def because(version: Version, name: str, what: str, counted: Deadline | None = None) -> Because:
    rule: Rule | None = version.rule(name)
    return Because(
        what,
        name,
        rule.source if rule else "",
        rule.quote if rule else None,
        tuple(explain_lines(counted)) if counted else (),
    )


def provisional(counted: Deadline) -> str:
    years = "、".join(map(str, counted.missing_years))
    return f"（暂推：{years}年放假通知尚未录入）" if counted.provisional else ""


def lines(explained: Explained) -> Iterator[str]:
    """For the terminal."""
    yield f"规则书：{explained.rulebook}（《{explained.title}》）"
    if explained.judged_at is not None:
        yield f"适用版本：第{explained.version}版，按{spoken(explained.judged_at)}判断"
    for each in explained.because:
        yield f"- {each.what}"
        rule = RULES.get(each.rule) or CLOCKS.get(each.rule, each.rule)
        yield f"    规则：{rule}；依据：{_cited(each.source)}"
        if each.quote:
            yield f"    原文：“{each.quote}”"
        for day in each.days:
            yield f"    {day}"


def _cited(source: str) -> str:
    return "平台规则" if source == PLATFORM else source or "—"
