"""What people say to a question of yes or no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ratings.yes_or_no import yes_or_no

YES = "是 是的 对 对。 对的 对，对，对！ 嗯 嗯，是的 没错 确认 好的 行 可以 正确 ＯＫ y 是啊"
NO = "不 不是 不是的 不对 不对，不对 否 错 错了 没有 取消 不确认 N"
NEITHER = "满意 不满意 不好 不行 不可以 是不是 对不起 是不满意 1 麒麟 ？"


@pytest.mark.parametrize("text", YES.split())
def test_yes(text: str) -> None:
    assert yes_or_no(text) is True


@pytest.mark.parametrize("text", NO.split())
def test_no(text: str) -> None:
    assert yes_or_no(text) is False


@pytest.mark.parametrize("text", ["", *NEITHER.split()])
def test_neither(text: str) -> None:
    assert yes_or_no(text) is None


@given(st.text(alphabet="是的不对确认没有错 ，yno", max_size=200))
def test_any_text_is_taken(text: str) -> None:
    assert yes_or_no(text) in {True, False, None}
