"""A rulebook in plain Chinese, for whoever answers for it and reads no TOML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import time
from enum import Enum

from models.rulebooks import labels
from models.rulebooks.order_rules import Ahead, OrderClass
from models.rulebooks.rating_rules import Indicator, Silence
from models.rulebooks.rule import PLATFORM, Counting, Period, Rule, Strict
from models.rulebooks.rulebook import Rulebook, Version
from models.rulebooks.shelf import Shelf
from models.words import Level, Target

SILENT = "原文无规定"


def list_lines(shelf: Shelf) -> list[str]:
    """Every rulebook with its versions; marked where the day of effect is still to be filled in."""
    lines = [*_book_lines(shelf.national, remark="（平台基准，不是辖区的规则书）")]
    for book in shelf.books():
        lines += _book_lines(book)
    return lines


def show_lines(rulebook: Rulebook, number: int) -> list[str]:
    """Every rule of one version, the silent ones too. Raises IndexError."""
    version = rulebook.version(number)
    lines = [
        f"{rulebook.jurisdiction} {rulebook.title}",
        f"第{number}版，{days(version)}（{source(version.effective_source)}）",
        f"牵头部门：{rulebook.bureau}",
    ]
    if rulebook.document:
        lines.append(f"文号：{rulebook.document}")
    if rulebook.based_on:
        lines.append(f"依据：{'、'.join(rulebook.based_on)}")
    for name in Version.rule_names():
        lines += ["", *_rule_lines(labels.RULES[name], version.rule(name))]
    return lines


def period(term: Period) -> str:
    since = labels.SINCE[term.since]
    if term.unit is Counting.AT_ONCE:
        return "当场（评价人离开前，最迟当日24:00）"
    length = f"{since}{term.count}{labels.UNITS[term.unit]}"
    if term.unit is Counting.HOURS:
        return length
    end = "末日24:00止，遇节假日顺延" if term.roll_over_holidays else "末日24:00止"
    return f"{length}（{end}）"


def days(version: Version) -> str:
    """When the version is in force."""
    if version.effective_from == "unknown":
        begin = "施行日期未知，须由辖区填写"
    else:
        begin = f"{version.effective_from}起施行"
    return begin if version.effective_until is None else f"{begin}，至{version.effective_until}为止"


def source(article: str) -> str:
    return "平台规则，非条文" if article == PLATFORM else article


def _book_lines(book: Rulebook, remark: str = "") -> Iterator[str]:
    yield f"{book.name}  {book.jurisdiction}  {book.title}{remark}"
    for number, version in enumerate(book.versions, start=1):
        mark = "！" if version.effective_from == "unknown" else "　"
        yield f"  {mark}第{number}版  {days(version)}"


def _rule_lines(label: str, rule: Rule | None) -> Iterator[str]:
    if rule is None:
        yield f"{label}：{SILENT}"
        return
    yield f"{label}（{source(rule.source)}）"
    for name, value in _said(rule):
        yield from _field_lines(_label(rule, name), value)
    if isinstance(rule, Silence) and rule.default_level is None:
        yield "  默认等级：无，标记“未评”"
    if rule.quote:
        yield f"  原文：{rule.quote}"
    if rule.reading:
        yield f"  读法：规则矩阵第{rule.reading}条"


def _field_lines(label: str, value: object) -> Iterator[str]:
    """One line, or one for each level or class beneath the label."""
    match value:
        case Mapping() if any(isinstance(inner, tuple) for inner in value.values()):
            yield f"  {label}："
            for level, inner in value.items():
                yield f"    {_text(level)}：{_text(inner)}"
        case (OrderClass(), *_):
            yield f"  {label}："
            for kind in value:
                yield f"    {_text(kind)}"
        case _:
            yield f"  {label}：{_text(value)}"


def _said(part: Strict) -> Iterator[tuple[str, object]]:
    """What the text says: a field left at an empty default is something it does not speak of."""
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        unsaid = not value and value == field.get_default(call_default_factory=True)
        if name not in Rule.model_fields and not unsaid:
            yield name, value


def _label(part: Strict, name: str) -> str:
    """By the rule and the field where the field alone means several things."""
    return labels.FIELDS.get(f"{type(part).__name__}.{name}") or labels.FIELDS[name]


def _text(value: object) -> str:
    match value:
        case Strict():
            return _part(value)
        case Mapping():
            return "、".join(f"{_text(key)}{_text(inner)}" for key, inner in value.items())
        case tuple() | AbstractSet():
            return "、".join(map(_text, _ordered(value))) or "无"
    return _word(value)


def _part(part: Strict) -> str:
    if isinstance(part, Period):
        return period(part)
    if isinstance(part, Ahead):
        return f"{part.count}{labels.UNITS[part.unit]}"
    if isinstance(part, Indicator):
        return f"{part.code} {part.text}"
    said = "；".join(f"{_label(part, name)}：{_text(value)}" for name, value in _said(part))
    if isinstance(part, Rule):
        return f"{said or '有'}（{source(part.source)}）"
    return said


def _word(value: object) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case Level() | Target():
            return value.label
        case Enum():
            return labels.VALUES[type(value)][value]
        case str():
            return labels.WORDS.get(value, value)
        case time():
            return f"{value:%H:%M}"
    return str(value)


def _ordered(values: tuple[object, ...] | AbstractSet[object]) -> list[object]:
    """A set has no order of its own: levels from the best down, the rest as their enum has them."""
    if isinstance(values, tuple):
        return list(values)
    return sorted(values, key=_rank)


def _rank(value: object) -> tuple[int, str]:
    if isinstance(value, Level):
        return -value, ""
    if isinstance(value, Enum):
        return list(type(value)).index(value), ""
    return 0, str(value)
