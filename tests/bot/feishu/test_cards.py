"""What is shown (bot/feishu/cards.py), held against the fake's reading of the documentation."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feishu import cards
from bot.feishu.cards import Shown
from bot.staff.platform import Answered, Button, Card
from tests.bot.feishu import fake_cards

LINK = "https://pj.example/staff/orders/1024"
CARD = Card("新差评", "办理时间太长\n限2月9日前", LINK, [Button("受理", "受理 1024")], key="n1")
COSTLY = st.text(st.sampled_from('"\\\n😀汉'), min_size=1, max_size=3).map(lambda each: each * 2500)
"""What grows most when it is written as JSON within JSON."""


def test_a_push_is_text_its_buttons_and_its_link() -> None:
    card = cards.pushed(CARD)
    fake_cards.check(card)
    assert card["header"]["title"]["content"] == "新差评"
    text, action = card["elements"]
    assert text["text"] == {"tag": "plain_text", "content": "办理时间太长\n限2月9日前"}
    take, link = action["actions"]
    assert take["value"]["command"] == "受理 1024"
    assert link["url"] == LINK


def test_a_group_hears_of_no_tap() -> None:
    card = cards.in_group(CARD)
    fake_cards.check(card, in_group=True)
    (link,) = card["elements"][-1]["actions"]
    assert link["url"] == LINK


def test_a_tap_keeps_what_the_card_said() -> None:
    value = cards.pushed(CARD)["elements"][-1]["actions"][0]["value"]
    shown = Shown(value["title"], value["text"], value["link"])
    card = cards.renewed(shown, Answered("已受理", [Button("整改", "整改 1024")]))
    fake_cards.check(card)
    assert card["header"]["title"]["content"] == "新差评"
    first, line, second, action = card["elements"]
    assert first["text"]["content"] == "办理时间太长\n限2月9日前"
    assert line == {"tag": "hr"}
    assert second["text"]["content"] == "已受理"
    again = action["actions"][0]["value"]
    assert (again["command"], again["text"]) == ("整改 1024", "办理时间太长\n限2月9日前")


def test_a_toast_is_one_line() -> None:
    assert cards.toast(Answered("已受理 1024。\n限2月9日前答复。")) == {
        "type": "info",
        "content": "已受理 1024。",
    }


@settings(max_examples=25, deadline=None)
@given(COSTLY, COSTLY)
def test_however_long_it_fits(text: str, answer: str) -> None:
    buttons = [Button("整改" * 20, f"整改 {number}") for number in range(9)]
    card = Card(text, text, LINK, buttons)
    answered = Answered(answer, buttons)
    for sent in (cards.pushed(card), cards.answering(answered)):
        assert _octets(sent) < 29_000
    kept = cards.pushed(card)["elements"][-1]["actions"][0]["value"]
    shown = Shown(kept["title"], kept["text"], kept["link"])
    assert len(json.dumps(cards.renewed(shown, answered), ensure_ascii=False).encode()) < 29_000
    assert len(json.dumps(cards.in_group(card), ensure_ascii=False).encode()) < 19_000


def _octets(card: cards.Json) -> int:
    """As `content` of a request: JSON within JSON."""
    inner = json.dumps(card, ensure_ascii=False)
    return len(json.dumps(inner, ensure_ascii=False).encode())
