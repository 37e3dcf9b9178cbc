from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import get_args

import pytest
from pydantic import BaseModel

from models.rulebooks import labels
from models.rulebooks.rule import Counting, Period, Rule, Since
from models.rulebooks.rulebook import Rulebook, Version
from models.rulebooks.shelf import Shelf
from models.rulebooks.showing import list_lines, period, show_lines
from models.words import Level, Target


@pytest.fixture(scope="module")
def national() -> Rulebook:
    return Shelf.load().national


def parts(annotation: object) -> Iterator[type]:
    """Every model and enum that a version is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel | Enum):
        yield annotation
        if issubclass(annotation, BaseModel):
            for field in annotation.model_fields.values():
                yield from parts(field.annotation)
    for inner in get_args(annotation):
        yield from parts(inner)


def test_every_rule_has_a_chinese_name_of_its_own() -> None:
    assert set(labels.RULES) == set(Version.rule_names())
    assert len(set(labels.RULES.values())) == len(labels.RULES)


def test_every_field_and_value_has_a_chinese_name() -> None:
    elsewhere = {"Version", "Period", "Ahead", "Indicator", *vars(Rule)}
    for part in set(parts(Version)):
        if issubclass(part, Enum):
            if part not in {Level, Target, Counting, Since}:
                assert set(labels.VALUES[part]) == set(part)
        elif issubclass(part, BaseModel) and part.__name__ not in elsewhere:
            for name in part.model_fields.keys() - Rule.model_fields.keys():
                assert name in labels.FIELDS, (part, name)
    assert set(labels.SINCE) == set(Since)


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (
            Period(count=7, unit=Counting.NATURAL_DAYS, since=Since.COMPLETION),
            "办结后7个自然日（末日24:00止）",
        ),
        (
            Period(
                count=60,
                unit=Counting.NATURAL_DAYS,
                since=Since.EVALUATION,
                roll_over_holidays=True,
            ),
            "评价后60个自然日（末日24:00止，遇节假日顺延）",
        ),
        (
            Period(count=5, unit=Counting.WORKING_DAYS, since=Since.RECEIVED),
            "收到工单后5个工作日（末日24:00止）",
        ),
        (Period(count=24, unit=Counting.HOURS, since=Since.COMPLETION), "办结后24小时"),
        (
            Period(count=0, unit=Counting.AT_ONCE, since=Since.RECEIVED),
            "当场（评价人离开前，最迟当日24:00）",
        ),
    ],
)
def test_periods_in_words(term: Period, words: str) -> None:
    assert period(term) == words


def test_a_rule_is_shown_with_values_source_and_reading(national: Rulebook) -> None:
    text = "\n".join(show_lines(national, 1))
    assert (
        "逾期未评（平台规则，非条文）\n"
        "  时间：办结后7个自然日（末日24:00止）\n"
        "  默认等级：无，标记“未评”\n"
        "  读法：规则矩阵第4条\n"
    ) in text
    assert "  分值：非常满意10、满意8、基本满意6、不满意3、非常不满意0\n" in text
    assert "  开始：21:00\n" in text
    assert "    非常满意：510 一窗受理一次办结、511 可以先受理后补材料、" in text
    assert "    类型：简易；名称：立整立改（简易）类；现场当场处理：是；回访：" in text


def test_sets_are_shown_in_one_order(national: Rulebook) -> None:
    assert "  评价方式：总体评价、分别评价" in show_lines(national, 1)
    assert "  适用等级：不满意、非常不满意" in show_lines(national, 1)


def test_silent_rules_are_shown_as_silent(national: Rulebook) -> None:
    silent = national.version(1).model_copy(update={"follow_up": None})
    book = national.model_copy(update={"versions": (silent,)})
    assert "追加评价：原文无规定" in show_lines(book, 1)


def test_articles_and_quotes_are_shown() -> None:
    text = "\n".join(show_lines(Shelf.load().book("chaoan"), 1))
    assert "第1版，施行日期未知，须由辖区填写（第二十八条）" in text
    assert "等级分值（第六条）" in text
    assert "  原文：" in text


@pytest.mark.parametrize("number", [0, 2])
def test_there_is_no_such_version(national: Rulebook, number: int) -> None:
    with pytest.raises(IndexError):
        show_lines(national, number)


def test_the_list_marks_what_has_no_date() -> None:
    lines = list_lines(Shelf.load())
    assert lines[0].startswith("national  全国  ")
    assert lines[0].endswith("（平台基准，不是辖区的规则书）")
    assert "  ！第1版  施行日期未知，须由辖区填写" in lines
    assert "  　第1版  2021-08-01起施行" in lines
