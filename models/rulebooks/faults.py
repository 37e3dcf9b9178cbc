"""What is wrong with a rulebook's file, said to whoever wrote it: a jurist, not a programmer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pydantic_core import ErrorDetails

from models.rulebooks.rule import PLATFORM


@dataclass(frozen=True, slots=True)
class Fault:
    key: str
    """As people count: version[2].scores.points.满意."""
    line: int
    message: str
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.key} {self.message}"


class RulebookFaults(ValueError):
    """Every fault of a file, or of several."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line)))
        super().__init__("\n".join(map(str, self.faults)))

    def in_file(self, file: str) -> RulebookFaults:
        return RulebookFaults(replace(fault, file=file) for fault in self.faults)


_SENTENCES = {
    "missing": "缺少{key}",
    "value_error": "{error}",
    "enum": "“{value}”不可用，可用的有：{choices}",
    "literal_error": '应为日期，如2021-08-01，或"{choices}"',
    "string_type": "应为文字，写在引号里",
    "string_too_short": "不能为空",
    "string_too_long": "不能超过{max_length}个字",
    "string_pattern_mismatch": "只能用小写字母、数字和下划线，以字母开头",
    "bool_type": "应为true或false",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "greater_than_equal": "不能小于{ge}",
    "less_than_equal": "不能大于{le}",
    "tuple_type": "应为数组，写在方括号里",
    "frozen_set_type": "应为数组，写在方括号里",
    "too_short": "至少要有{min_length}项",
    "dict_type": "应为表",
    "date_type": "应为日期，如2021-08-01",
    "date_parsing": "应为日期，如2021-08-01",
    "date_from_datetime_parsing": "应为日期，如2021-08-01",
    "date_from_datetime_inexact": "应为日期，如2021-08-01",
    "time_type": "应为时刻，如21:00:00",
    "time_parsing": "应为时刻，如21:00:00",
}


def sentence(error: ErrorDetails) -> str:
    """pydantic's error in Chinese."""
    kind, key, value = error["type"], error["loc"][-1:], error["input"]
    if kind == "missing" and key in {("source",), ("effective_source",)}:
        return f"缺少条文出处 {key[0]}"
    if kind == "model_type":
        return _not_a_table(value)
    context = error.get("ctx", {})
    # pydantic lists what it expects as 'a', 'b' or 'c'.
    choices = "、".join(re.findall(r"'([^']*)'", str(context.get("expected"))))
    words = {**context, "key": "".join(map(str, key)), "value": value, "choices": choices}
    # A kind that no rule has needed so far: its English would help nobody.
    return _SENTENCES.get(kind, "写法不对").format_map(words)


def _not_a_table(value: object) -> str:
    if value == PLATFORM:
        return f'平台基准没有这一条，不能写"{PLATFORM}"'
    if isinstance(value, str):
        return f'应为一张表；文字只能写"{PLATFORM}"，照用平台基准'
    return "应为一张表"


_TOML = {
    "Cannot overwrite a value": "同一个键写了两次",
    "Cannot declare": "同一张表写了两次",
    "Duplicate inline table key": "同一个键写了两次",
    "Expected '=' after a key": "键后面应为等号",
    "Unclosed array": "方括号没有闭合",
    "Unclosed inline table": "花括号没有闭合",
    "Unterminated string": "引号没有闭合",
    "Expected newline or end of document": "一行里写了多余的内容",
    "Invalid date or datetime": "没有这个日期或时刻",
}


def not_toml(error: ValueError, text: str) -> Fault:
    """tomllib puts the place at the end of its sentence, or says that the file ended too soon."""
    said = str(error)
    why = next((why for begin, why in _TOML.items() if said.startswith(begin)), "这里读不懂")
    place = re.search(r"at line (\d+), column (\d+)\)$", said)
    if place is None:
        return Fault("TOML", text.rstrip("\n").count("\n") + 1, f"格式错误：{why}（直到文件末尾）")
    line, column = place.groups()
    return Fault("TOML", int(line), f"格式错误：{why}（第{column}列）")
