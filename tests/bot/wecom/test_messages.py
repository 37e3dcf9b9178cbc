"""Whatever a citizen has written, a message is one that the platform takes, and no markup."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.staff.platform import Answered, Button, Card
from bot.wecom.messages import (
    MARKDOWN_OCTETS,
    ROBOT_MARKDOWN_OCTETS,
    Body,
    button_card,
    markdown,
    replies,
    settled,
    task_of,
    text_card,
)
from tests.bot.wecom.conftest import BUTTONS, LINK
from tests.bot.wecom.fake_bodies import Message, RobotMessage, Update

FEW = settings(max_examples=60, deadline=None)
WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.sampled_from(["差" * 3000, "a" * 3000, "一行\n" * 900, "<a href='http://x'>点我</a>"]),
).map(lambda words: f"诉{words}")
CARDS = st.builds(
    Card,
    title=WORDS,
    text=st.one_of(st.just(""), WORDS),
    link=st.just(LINK),
    buttons=st.lists(
        st.builds(Button, label=WORDS, command=st.integers(1, 9).map("受理 {}".format)), max_size=9
    ),
)


def taken(body: Body) -> None:
    whole = {"touser": "zhangsan", "agentid": 218, **body}
    Message.model_validate_json(json.dumps(whole, ensure_ascii=False))


@FEW
@given(CARDS)
def test_cards(card: Card) -> None:
    taken(text_card(card))
    taken(markdown(card, MARKDOWN_OCTETS))
    body = markdown(card, ROBOT_MARKDOWN_OCTETS)
    RobotMessage.model_validate_json(json.dumps(body, ensure_ascii=False))
    assert f"[打开]({LINK})" in str(body["markdown"])
    if card.buttons:
        taken(button_card(card.title, card.text, card.buttons, task_of("", ["a"]), LINK))


@FEW
@given(WORDS, st.booleans())
def test_answers(words: str, tappable: bool) -> None:
    for body in replies(Answered(words, BUTTONS if tappable else ()), task_of("1", ["a"])):
        taken(body)


@pytest.mark.parametrize(
    "words",
    [
        "[点我](http://evil.example)",
        "<@zhangsan>",
        '<font color="warning">',
        "**大**",
        "`x`",
        "# 大",
    ],
)
def test_a_citizens_words_are_no_markdown(words: str) -> None:
    card = Card(words, words, LINK)
    told = json.dumps(markdown(card, MARKDOWN_OCTETS), ensure_ascii=False)
    assert words not in told
    assert told.count("](") == 1


def test_a_line_of_a_citizens_words_cannot_leave_its_quotation() -> None:
    body = markdown(Card("工单", "一\n二\r\n三", LINK), MARKDOWN_OCTETS)
    assert "\n> 一\n> 二\n> 三\n[" in str(body["markdown"]["content"])  # type: ignore[index]


def test_a_card_without_a_key_is_never_another_one() -> None:
    assert task_of("", ["a"]) != task_of("", ["a"])
    assert task_of("77", ["a"]) == task_of("77", ["a"]) != task_of("77", ["b"])


@pytest.mark.parametrize("command", ["受理 1024", "一个非常长的指令名称 1024", "x" * 200])
def test_what_the_buttons_become(command: str) -> None:
    name = settled(command)
    Update.model_validate(
        {
            "userids": ["a"],
            "agentid": 1,
            "response_code": "c",
            "button": {"replace_name": name},
        }
    )
