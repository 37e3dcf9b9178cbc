"""pydantic's findings in Chinese: for bodies, for settings, for the command line."""

from __future__ import annotations

import re

from pydantic_core import ErrorDetails

_SENTENCES = {
    "missing": "缺少这个字段",
    "extra_forbidden": "没有这个字段",
    "string_type": "应为文字",
    "string_too_short": "太短",
    "string_too_long": "不能超过{max_length}个字",
    "string_pattern_mismatch": "格式不对",
    "string_unicode": "含有不能保存的字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "int_from_float": "应为整数",
    "bool_type": "应为true或false",
    "bool_parsing": "应为true或false",
    "enum": "可用的值：{expected}",
    "literal_error": "可用的值：{expected}",
    "greater_than_equal": "不能小于{ge}",
    "less_than_equal": "不能大于{le}",
    "too_long": "最多{max_length}项",
    "too_short": "至少{min_length}项",
    "list_type": "应为数组",
    "tuple_type": "应为数组",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "timezone_aware": "时间要带时区，如2026-03-02T09:00:00+08:00",
    "url_type": "应为网址，如https://example.gov.cn",
    "url_parsing": "应为网址，如https://example.gov.cn",
    "url_scheme": "应为网址，如https://example.gov.cn",
    "path_type": "应为文件夹或文件的路径",
    "date_type": "应为日期，如2026-03-02",
    "date_parsing": "应为日期，如2026-03-02",
    "date_from_datetime_parsing": "应为日期，如2026-03-02",
    "date_from_datetime_inexact": "应为日期，如2026-03-02",
    "time_delta_type": "应为时长，如PT24H",
    "time_delta_parsing": "应为时长，如PT24H",
    "value_error": "{error}",
}


def sentence(error: ErrorDetails) -> str:
    """pydantic's error in Chinese, for whoever connects a system."""
    kind = error["type"]
    if kind.startswith(("datetime", "time", "date")) and kind not in _SENTENCES:
        return "应为带时区的时间，如2026-03-02T09:00:00+08:00"
    context = dict(error.get("ctx", {}))
    if "expected" in context:
        # pydantic enumerates in English: 'person', 'default' or 'proxy'.
        context["expected"] = "、".join(re.findall(r"'([^']*)'", context["expected"]))
    return _SENTENCES.get(kind, "写法不对").format_map(context)
