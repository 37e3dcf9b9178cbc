"""Messages as cards, in their JSON 1.0: what is shown is plain text, so nothing that people wrote
can become markup, and buttons are tappable for 30 days (2.0: 14, and from client 7.20 on).

《卡片 JSON 1.0 结构》, 《按钮组件》:
open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-json-structure
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.staff.platform import Answered, Button, Card
from models.texts import harmless

TEXT_LENGTH: Final = 2000
KEPT_LENGTH: Final = 700
TITLE_LENGTH: Final = 100
LABEL_LENGTH: Final = 20
MOST_BUTTONS: Final = 5
"""Together they keep a request below 30 KB (《发送消息》), and a robot's below 20 KB."""
TOAST_LENGTH: Final = 60
OPEN: Final = "打开"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a card says. Each of its buttons brings it back, so that a tap can renew the card and
    keep it."""

    title: str = ""
    text: str = ""
    link: str = ""


def pushed(card: Card) -> Json:
    shown = Shown(card.title, card.text, card.link)
    return _card(shown, [card.text], card.buttons)


def in_group(card: Card) -> Json:
    """Without buttons to tap: nobody would hear of it."""
    return _card(Shown(card.title, card.text, card.link), [card.text], ())


def answering(answered: Answered) -> Json:
    return _card(Shown(text=answered.text), [answered.text], answered.buttons)


def renewed(shown: Shown, answered: Answered) -> Json:
    """The card after a tap: what it said, and what came of it."""
    return _card(shown, [shown.text, answered.text], answered.buttons)


def toast(answered: Answered) -> Json:
    first = answered.text.strip().partition("\n")[0]
    return {"type": "info", "content": _cut(first, TOAST_LENGTH)}


def _card(shown: Shown, texts: Sequence[str], buttons: Sequence[Button]) -> Json:
    elements: list[Json] = []
    for text in filter(None, texts):
        elements += [{"tag": "hr"}] if elements else []
        elements.append({"tag": "div", "text": _plain(text, TEXT_LENGTH)})
    actions = [_tapped(shown, button) for button in buttons[:MOST_BUTTONS]]
    if shown.link:
        actions.append(
            {"tag": "button", "text": _plain(OPEN, LABEL_LENGTH), "type": "primary"}
            | {"url": shown.link}
        )
    if actions:
        elements.append({"tag": "action", "actions": actions})
    # What was said stays with whom it was told.
    card: Json = {"config": {"enable_forward": False, "update_multi": True}, "elements": elements}
    if shown.title:
        card["header"] = {"template": "blue", "title": _plain(shown.title, TITLE_LENGTH)}
    return card


def _tapped(shown: Shown, button: Button) -> Json:
    value = {
        "command": button.command,
        "title": _cut(shown.title, TITLE_LENGTH),
        "text": _cut(shown.text, KEPT_LENGTH),
        "link": shown.link,
    }
    label = _plain(button.label, LABEL_LENGTH)
    return {"tag": "button", "text": label, "type": "default", "value": value}


def _plain(text: str, longest: int) -> Json:
    return {"tag": "plain_text", "content": _cut(text, longest)}


def _cut(text: str, longest: int) -> str:
    kept = harmless(text, longest + 1)
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"
