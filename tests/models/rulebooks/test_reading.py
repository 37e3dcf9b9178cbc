from __future__ import annotations

import re
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rulebooks.faults import Fault, RulebookFaults
from models.rulebooks.reading import read
from models.rulebooks.rulebook import Version
from models.words import Level

BASE = read(files("models.rulebooks").joinpath("national.toml").read_text("utf-8"), None).version(1)

TOWN = """\
name = "town"
title = "甲镇办法"
jurisdiction = "甲镇"
based_on = ["省办法"]
bureau = "甲镇政务办"

[[version]]
effective_from = 2024-01-01
effective_until = 2024-12-31
effective_source = "第九条"
reminder = "platform"

[version.levels]
source = "第二条"
quote = "“不满意”“非常不满意”为差评"
negative = ["不满意", "非常不满意"]

[version.scores]
source = "第三条"
points = { "非常满意" = 10, "满意" = 8.5, "基本满意" = 6, "不满意" = 3, "非常不满意" = 0 }

[version.order_opening]
source = "二(三)1"
automatic = true

[version.first_receiver]
source = "第四条、第五条(二)"
party = "bureau"

[version.indicators]
source = "附表"
version = "2024"
item."满意" = [
    { code = "1", text = "快" },
    { code = "2", text = "好" },
]

[version.quiet_hours]
source = "第六条"
begin = 22:00:00
end = 07:00:00

[version.channels]
source = "第七条"
sms = "platform"

[[version]]
effective_from = 2025-01-01
effective_source = "第九条"
levels = "platform"
order_opening = "platform"
first_receiver = "platform"
"""


def faults(text: str, base: Version | None = BASE) -> list[tuple[int, str, str]]:
    with pytest.raises(RulebookFaults) as caught:
        read(text, base, "town.toml")
    return [(fault.line, fault.key, fault.message) for fault in caught.value.faults]


def test_a_valid_text() -> None:
    version = read(TOWN, BASE).version(1)
    assert version.effective_until == date(2024, 12, 31)
    assert version.scores.points[Level.SATISFIED] * 2 == 17
    assert version.levels.negative == {Level.DISSATISFIED, Level.VERY_DISSATISFIED}


def test_platform_switches_a_rule_on_as_the_base_has_it() -> None:
    version = read(TOWN, BASE).version(1)
    assert version.reminder == BASE.reminder
    assert version.reminder is not None
    assert not version.reminder.statutory


def test_platform_switches_a_channel_on_within_the_rule() -> None:
    channels = read(TOWN, BASE).version(1).channels
    assert channels is not None
    assert channels.sms is not None
    assert (channels.source, channels.sms.source) == ("第七条", "platform")


def test_what_the_text_does_not_say_is_silent() -> None:
    version = read(TOWN, BASE).version(1)
    assert version.silence is None
    assert version.appeal is None


def test_the_base_supplies_what_figures_and_forms_need() -> None:
    version = read(TOWN, BASE).version(2)
    for name in ("scores", "reason", "indicators", "once", "late", "link", "quiet_hours"):
        assert version.rule(name) == BASE.rule(name)
    assert version.second_party == BASE.second_party


MISTAKES = [
    ('bureau = "甲镇政务办"', 'burau = "x"', 5, "burau", "没有这个键，是否应为bureau"),
    ('based_on = ["省办法"]', "versions = []", 4, "versions", "没有这个键，是否应为version"),
    ('"town"', '"Town 1"', 1, "name", "只能用小写字母、数字和下划线，以字母开头"),
    ('"甲镇办法"', "7", 2, "title", "应为文字，写在引号里"),
    ('["省办法"]', '"省办法"', 4, "based_on", "应为数组，写在方括号里"),
    ('reminder = "pl', 'remindr = "pl', 11, "version[1].remindr", "没有这个键，是否应为reminder"),
    ('reminder = "pl', 'zzz = "pl', 11, "version[1].zzz", "没有这个键"),
    (
        '"platform"',
        '"是"',
        11,
        "version[1].reminder",
        '应为一张表；文字只能写"platform"，照用平台基准',
    ),
    ('"platform"', "true", 11, "version[1].reminder", "应为一张表"),
    (
        "2024-01-01",
        '"立即"',
        8,
        "version[1].effective_from",
        '应为日期，如2021-08-01，或"unknown"',
    ),
    ("2024-12-31", "7", 9, "version[1].effective_until", "应为日期，如2021-08-01"),
    (
        "2024-12-31",
        "2023-12-31",
        9,
        "version[1].effective_until",
        "effective_until 早于 effective_from",
    ),
    (
        "2024-12-31",
        "2025-01-01",
        48,
        "version[2].effective_from",
        "版本重叠：前一版本到2025-01-01为止，这一版本从2025-01-01开始",
    ),
    (
        "effective_until = 2024-12-31",
        "",
        48,
        "version[2].effective_from",
        "版本重叠：前一版本没有写 effective_until",
    ),
    (
        "2025-01-01",
        '"unknown"',
        48,
        "version[2].effective_from",
        "只有最早的版本可以没有施行日期",
    ),
    (
        'effective_source = "第九条"',
        "",
        7,
        "version[1].effective_source",
        "缺少条文出处 effective_source",
    ),
    ('source = "第二条"', "", 13, "version[1].levels.source", "缺少条文出处 source"),
    (
        '"第二条"',
        '"总则"',
        14,
        "version[1].levels.source",
        "缺少条文出处：“总则”不是条文（如第十九条、二(三)1），也不是platform",
    ),
    (
        '"第二条"',
        '""',
        14,
        "version[1].levels.source",
        "缺少条文出处：“”不是条文（如第十九条、二(三)1），也不是platform",
    ),
    ('["不满意",', '["差",', 16, "version[1].levels.negative[1]", "“差”不是五个评价等级之一"),
    ('["不满意",', "[2,", 16, "version[1].levels.negative[1]", "“2”不是五个评价等级之一"),
    ("= 10", "= 11", 20, "version[1].scores.points.非常满意", "不能大于10"),
    ("= 10", "= -1", 20, "version[1].scores.points.非常满意", "不能小于0"),
    ("= 10", '= "多"', 20, "version[1].scores.points.非常满意", "应为数字"),
    ('"非常满意" = 10, ', "", 18, "version[1].scores", "缺少等级：非常满意"),
    (
        "automatic = true",
        "automatic = 1",
        24,
        "version[1].order_opening.automatic",
        "应为true或false",
    ),
    ("automatic = true", "", 22, "version[1].order_opening.automatic", "缺少automatic"),
    (
        "[version.order_opening]",
        "[version.spot_check]",
        7,
        "version[1].order_opening",
        "缺少order_opening",
    ),
    (
        '"bureau"',
        '"office"',
        28,
        "version[1].first_receiver.party",
        "“office”不可用，可用的有：bureau、agency、town、district、staff、hotline、supervisor",
    ),
    ('code = "2"', 'code = "1"', 30, "version[1].indicators", "服务事项的指标代码重复：1"),
    ('text = "快"', 'text = ""', 33, "version[1].indicators.item.满意[1].text", "不能为空"),
    ("22:00:00", '"晚上"', 40, "version[1].quiet_hours.begin", "应为时刻，如21:00:00"),
    (
        'sms = "platform"',
        'smss = "platform"',
        45,
        "version[1].channels.smss",
        "没有这个键，是否应为sms",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "line", "key", "message"), MISTAKES)
def test_a_mistake_is_found_with_its_key_and_line(
    right: str, wrong: str, line: int, key: str, message: str
) -> None:
    assert right in TOWN
    assert (line, key, message) in faults(TOWN.replace(right, wrong, 1))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a = 1\na = 2\n\nb = 3", 2, "同一个键写了两次（第6列）"),
        ("[v]\n[v]\nb = 1", 2, "同一张表写了两次（第3列）"),
        ('a = 1\nb = "x', 2, "引号没有闭合（直到文件末尾）"),
        ("a b", 1, "键后面应为等号（第3列）"),
        ("{", 1, "这里读不懂（第1列）"),
    ],
)
def test_bad_toml_is_one_fault(text: str, line: int, message: str) -> None:
    assert faults(text) == [(line, "TOML", f"格式错误：{message}")]


def test_an_empty_file_lacks_everything() -> None:
    assert [key for _, key, _ in faults("")] == [
        "name",
        "title",
        "jurisdiction",
        "bureau",
        "version",
    ]


@pytest.mark.parametrize("version", ["version = 3", "[version]\nscores = 1"])
def test_a_version_is_an_array_of_tables(version: str) -> None:
    assert (1, "version", "至少要有一个版本，写成[[version]]") in faults(version)


def test_platform_needs_a_base() -> None:
    wanting = BASE.model_copy(update={"reminder": None})
    assert faults(TOWN, wanting) == [
        (11, "version[1].reminder", '平台基准没有这一条，不能写"platform"')
    ]


def test_platform_is_for_whole_rules() -> None:
    """A part of it would pass under the article that the rest comes from."""
    text = TOWN.replace("[version.quiet_hours]", "[version.silence]").replace(
        "begin = 22:00:00", ""
    )
    text = text.replace("end = 07:00:00", 'after = "platform"')
    assert [key for _, key, _ in faults(text)] == ["version[1].silence.after"]


def test_all_faults_of_a_file_at_once_in_the_order_of_its_lines() -> None:
    text = TOWN
    for right, wrong in [
        ("burea", "bure"),
        ("2025-01-01", "2024-06-01"),
        ("= 10", "= 12"),
        ('"第四条、第五条(二)"', '"见上"'),
    ]:
        text = text.replace(right, wrong, 1)
    assert [(line, key) for line, key, _ in faults(text)] == [
        (1, "bureau"),
        (5, "bureu"),
        (20, "version[1].scores.points.非常满意"),
        (27, "version[1].first_receiver.source"),
        (48, "version[2].effective_from"),
    ]


def test_faults_print_one_a_line_with_the_file() -> None:
    with pytest.raises(RulebookFaults) as caught:
        read(TOWN.replace("= 10", "= 12"), BASE, "town.toml")
    assert str(caught.value) == "town.toml:20 version[1].scores.points.非常满意 不能大于10"


@pytest.mark.parametrize(
    "source",
    [
        "第十九条",
        "第二条第一款",
        "第十条(二)",
        "二(三)1",
        "三(二)",
        "一",
        "附件",
        "附表2",
        "第一条、附表",
    ],
)
def test_articles(source: str) -> None:
    levels = read(TOWN.replace("第二条", source), BASE).version(1).levels
    assert levels.source == source
    assert levels.statutory


def test_the_example_of_the_readme_is_sound() -> None:
    readme = files("models.rulebooks").joinpath("README.md").read_text("utf-8")
    example = readme.split("```toml\n")[1].split("```")[0]
    assert read(example, BASE).name == "jiazhen"
    assert all(f"| `{name}` |" in readme for name in Version.rule_names())


def tried(text: str) -> tuple[Fault, ...]:
    """Empty for a text that is sound; any other exception fails the test."""
    try:
        read(text, BASE)
    except RulebookFaults as found:
        return found.faults or (Fault("", 0, "no fault at all"),)
    return ()


def in_chinese(fault: Fault) -> bool:
    english = re.search("[Ii]nput|should|[Vv]alue", fault.message)
    return english is None and re.search("[一-龥]", fault.message) is not None


@given(st.sets(st.integers(0, TOWN.count("\n") - 1), min_size=1, max_size=4))
def test_lines_left_out_raise_nothing_but_faults(gone: set[int]) -> None:
    rows = TOWN.splitlines()
    text = "\n".join(row for number, row in enumerate(rows) if number not in gone)
    for fault in tried(text):
        assert in_chinese(fault)
        assert 1 <= fault.line <= len(rows)


VALUES = ["7", "-1.5", "nan", '""', '"x"', "true", "[]", "[[]]", "{}", "2024-01-01", "10:00:00"]
VALUES += ['"platform"', '"unknown"', "2024-01-01T00:00:00Z", '[{ code = 1 }, "x"]']
ASSIGNMENTS = [n for n, row in enumerate(TOWN.splitlines()) if re.fullmatch(r"\w+ = [^\[].*", row)]


@given(
    st.dictionaries(st.sampled_from(ASSIGNMENTS), st.sampled_from(VALUES), min_size=1, max_size=6)
)
def test_values_of_any_kind_raise_nothing_but_faults(swaps: dict[int, str]) -> None:
    rows = TOWN.splitlines()
    for number, value in swaps.items():
        rows[number] = f"{rows[number].split(' = ')[0]} = {value}"
    assert all(map(in_chinese, tried("\n".join(rows))))
