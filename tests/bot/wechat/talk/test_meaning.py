"""What a line in a chat means (bot/wechat/talk/meaning.py)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.talk.meaning import (
    Command,
    chosen,
    commanded,
    reasons,
    skips,
)
from models.ratings.given import ReasonGiven
from models.rulebooks.rating_rules import Indicator
from models.texts import harmless
from models.words import Target

LISTED = [
    (Target.STAFF, Indicator(code="s1", text="态度生硬")),
    (Target.STAFF, Indicator(code="s2", text="业务不熟")),
    (Target.ITEM, Indicator(code="i1", text="材料多")),
]
BOTH = (Target.STAFF, Target.ITEM)


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("评价", Command.RATE),
        ("我要评价", Command.RATE),
        ("“评价”", Command.RATE),
        ("评价。", Command.RATE),
        ("查询", Command.LOOK),
        ("我的评价", Command.LOOK),
        ("查询工单进度", Command.LOOK),
        ("追评", Command.FOLLOW_UP),
        ("追评 2 还是没解决", Command.FOLLOW_UP),
        ("绑定", Command.BIND),
        ("绑定手机号", Command.BIND),
        ("解绑", Command.UNBIND),
        ("取消", Command.CANCEL),
        ("算了", Command.CANCEL),
        ("退订", Command.STOP),
        ("TD", Command.STOP),
        ("订阅", Command.START),
        ("帮助", Command.HELP),
        ("你好", Command.HELP),
        ("？", Command.HELP),
    ],
)
def test_commands(words: str, command: Command) -> None:
    found = commanded(words)
    assert found is not None
    assert found.command is command


@pytest.mark.parametrize(
    "words",
    [
        "5",
        "满意",
        "不满意，评价了三次都没人理",
        "评价太难了",
        "查询不到我的材料",
        "绑定不了医保",
        "",
    ],
)
def test_what_is_said_of_the_service_is_no_command(words: str) -> None:
    assert commanded(words) is None


@pytest.mark.parametrize(
    ("words", "phone"),
    [
        ("绑定13800138000", "13800138000"),
        ("绑定 138 0013 8000", "138 0013 8000"),
        ("绑定：+86 138-0013-8000", "+86 138-0013-8000"),
        ("绑定手机号１３８００１３８０００", "13800138000"),
    ],
)
def test_a_phone_stands_behind(words: str, phone: str) -> None:
    found = commanded(words)
    assert found is not None
    assert (found.command, found.phone) == (Command.BIND, phone)


@pytest.mark.parametrize(
    ("words", "place"),
    [("1", 0), ("３", 2), ("第2个", 1), ("2号", 1), ("0", None), ("4", None), ("1 满意", None)],
)
def test_a_place_in_a_list_of_three(words: str, place: int | None) -> None:
    assert chosen(words, 3) == place


def test_skipping() -> None:
    assert skips("跳过")
    assert not skips("跳过了我的号")


@pytest.mark.parametrize(
    ("words", "codes", "said"),
    [
        ("1", {Target.STAFF: ("s1",)}, {}),
        ("1 3", {Target.STAFF: ("s1",), Target.ITEM: ("i1",)}, {}),
        ("1、2，3", {Target.STAFF: ("s1", "s2"), Target.ITEM: ("i1",)}, {}),
        ("1 1", {Target.STAFF: ("s1",)}, {}),
        ("3 还要复印三份", {Target.ITEM: ("i1",)}, {Target.ITEM: "还要复印三份"}),
        ("2小时没人理", {}, {Target.ITEM: "2小时没人理"}),
        ("3号窗口没有人", {}, {Target.ITEM: "3号窗口没有人"}),
        ("9", {}, {Target.ITEM: "9"}),
        ("等太久", {}, {Target.ITEM: "等太久"}),
    ],
)
def test_reasons(words: str, codes: dict[Target, tuple[str, ...]], said: dict[Target, str]) -> None:
    found = reasons(words, LISTED, BOTH)
    assert {target: each.indicators for target, each in found.items() if each.indicators} == codes
    assert {target: each.words for target, each in found.items() if each.words} == said


def test_one_target_gets_what_is_said_of_it() -> None:
    found = reasons("等太久", [], (Target.STAFF,))
    assert {target: each.words for target, each in found.items()} == {Target.STAFF: "等太久"}


@given(st.text(max_size=60).map(harmless))
def test_nothing_that_is_said_is_lost(words: str) -> None:
    found = reasons(words, LISTED, BOTH)
    said = "".join(each.words for each in found.values())
    numbers = sum(len(each.indicators) for each in found.values())
    assert numbers or said == ReasonGiven(words=words.strip()).words
