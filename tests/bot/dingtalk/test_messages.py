"""What is sent: as the platform takes it, and what cannot be slipped into it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dingtalk.messages import answer_in_chat, shown, to_group, to_person
from bot.staff.platform import Answered, Button, Card
from tests.bot.dingtalk.fake_dingtalk import TEMPLATES, check_message

LINK = "https://pj.example/staff/orders/1024"
BUTTONS = tuple(Button(f"按钮{number}", f"指令 {number}") for number in range(1, 8))
DTMD = "dtmd://dingtalkclient/sendMessage?content="


def card(buttons: int = 2, **changes: Any) -> Card:
    given: dict[str, Any] = {
        "title": "新差评工单 1024",
        "text": "户籍窗口：不满意\n办理时限：3月9日",
        "link": LINK,
        "buttons": BUTTONS[:buttons],
    }
    return Card(**{**given, **changes})


def test_a_card_to_a_person() -> None:
    key, param = to_person(card())
    assert key == "sampleActionCard3"
    assert param["title"] == "新差评工单 1024"
    assert param["text"] == "新差评工单 1024  \n  \n户籍窗口：不满意  \n办理时限：3月9日"
    assert param["actionTitle1"] == "按钮1"
    assert unquote(param["actionURL1"]) == f"{DTMD}指令 1"
    assert (param["actionTitle3"], param["actionURL3"]) == ("打开工单", LINK)


@pytest.mark.parametrize("link", [LINK, ""])
@pytest.mark.parametrize("buttons", range(8))
def test_any_number_of_buttons_fits_a_template(buttons: int, link: str) -> None:
    """What finds no room as a button stands as a command in the text."""
    key, param = to_person(card(buttons, link=link))
    assert set(param) == TEMPLATES[key]
    said = unquote(json.dumps(param, ensure_ascii=False))
    assert all(each.command in said for each in BUTTONS[:buttons])
    assert (LINK in said) == bool(link)


@pytest.mark.parametrize("buttons", range(8))
def test_any_answer_fits(buttons: int) -> None:
    answered = Answered("请选择下一步：", BUTTONS[:buttons])
    key, param = to_person(Card("", answered.text, "", answered.buttons))
    assert set(param) == TEMPLATES[key]
    assert param["title"] == "请选择下一步："
    assert param["text"].startswith("请选择下一步：")
    for group in (False, True):
        message = answer_in_chat(answered, group=group)
        check_message(message)
        said = unquote(json.dumps(message, ensure_ascii=False))
        assert all(each.command in said for each in BUTTONS[:buttons])


def test_an_answer_without_buttons_is_text_as_it_stands() -> None:
    message = answer_in_chat(Answered("*1024* 已受理"), group=False)
    assert message == {"msgtype": "text", "text": {"content": "*1024* 已受理"}}


def test_in_a_group_nothing_can_be_tapped() -> None:
    message = answer_in_chat(Answered("已受理", BUTTONS[:2]), group=True)
    content = "已受理\n可以@我回复：指令 1、指令 2"
    assert message == {"msgtype": "text", "text": {"content": content}}


@pytest.mark.parametrize("link", [LINK, ""])
def test_a_card_to_a_group_has_no_commands(link: str) -> None:
    message = to_group(card(7, link=link))
    check_message(message)
    said = json.dumps(message)
    assert "dtmd" not in said
    assert (LINK in said) == bool(link)


@pytest.mark.parametrize(
    "text",
    [
        f"[点我]({DTMD}受理)",
        f"{DTMD}1",
        "DTMD://x",
        "请点dtmd://x",
        "dingtalk://dingtalkclient/page/link?url=x",
        "<a href=x>",
        "![](https://evil.example/x.png)",
        "**粗** _斜_ `码` ~删~ |表|",
    ],
)
def test_what_a_rater_writes_is_shown_and_does_nothing(text: str) -> None:
    said = shown(text)
    assert not set(said) & set("[]<>*_`~|\\")
    assert "dtmd:" not in said.lower()
    assert "dingtalk:" not in said.lower()


def test_a_heading_is_none_but_a_number_stays() -> None:
    assert shown("# 大\n  ## 大\n工单 #1024") == "＃ 大  \n  ＃# 大  \n工单 #1024"


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), min_size=1))
def test_the_longest_text_fits(text: str) -> None:
    longest = card(7, text=text * (1 + 12_000 // len(text)))
    _, param = to_person(longest)
    assert len(json.dumps(param, ensure_ascii=False).encode()) <= 15_000
    assert len(json.dumps(to_group(longest), ensure_ascii=False).encode()) <= 20_000
