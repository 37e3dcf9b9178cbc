"""Messages as WeCom takes them: cut to what it shows, and without anything in them that it would
take for markup, since they quote what citizens wrote.

“发送应用消息”, developer.work.weixin.qq.com/document/path/90236; “消息推送配置说明” (群机器人),
91770.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Final

from bot.length import cut
from bot.staff.platform import Answered, Button, Card
from models.texts import harmless

Body = Mapping[str, object]

TEXT_OCTETS: Final = 2048
MARKDOWN_OCTETS: Final = 2048
ROBOT_MARKDOWN_OCTETS: Final = 4096
MOST_BUTTONS: Final = 6

_TITLE_OCTETS: Final = 128
_DESCRIPTION_OCTETS: Final = 512
_LINES: Final = 12
_MAIN_TITLE: Final = 36
_SUB_TITLE: Final = 160
_LABEL: Final = 10
"""In characters. A card's words may be longer by the documentation, and then are not shown."""
_LONGEST: Final = 5000

_NO_TAGS: Final = str.maketrans("<>", "＜＞")
_NO_MARKDOWN: Final = str.maketrans("<>[]*`#", "＜＞［］＊｀＃")


def text(words: str) -> Body:
    return {"msgtype": "text", "text": {"content": plain(words)}}


def plain(words: str) -> str:
    """A text may hold links (<a>)."""
    return cut(harmless(words, _LONGEST).translate(_NO_TAGS), TEXT_OCTETS)


def text_card(card: Card) -> Body:
    title = _line(card.title)
    # It may not be empty, and takes <br> for the end of a line, which is three octets more.
    words = "\n".join((plain(card.text) or title).splitlines()[:_LINES])
    words = cut(words, _DESCRIPTION_OCTETS - 3 * words.count("\n"))
    shown = {
        "title": cut(title, _TITLE_OCTETS),
        "description": words.replace("\n", "<br>"),
        "url": card.link,
        "btntxt": "打开",
    }
    return {"msgtype": "textcard", "textcard": shown}


def button_card(
    title: str, words: str, buttons: Sequence[Button], task: str, link: str | None = None
) -> Body:
    """按钮交互型. `task`: no two cards of an application may have the same."""
    # Keys may not be there twice.
    keyed = {button.command: button.label for button in buttons}
    shown: dict[str, object] = {
        "card_type": "button_interaction",
        "main_title": {"title": _short(_line(title), _MAIN_TITLE)},
        "task_id": task,
        "button_list": [
            {"text": _short(_line(label), _LABEL), "style": 1, "key": key}
            for key, label in list(keyed.items())[:MOST_BUTTONS]
        ],
    }
    if words:
        shown["sub_title_text"] = _short(plain(words), _SUB_TITLE)
    if link is not None:
        shown["card_action"] = {"type": 1, "url": link}
    return {"msgtype": "template_card", "template_card": shown}


def markdown(card: Card, octets: int) -> Body:
    """Its buttons as what can be answered. The link is never cut."""
    tail = f"\n[打开]({card.link})"
    if card.buttons:
        commands = "、".join(button.command for button in card.buttons)
        tail += f"\n可回复：{commands}".translate(_NO_MARKDOWN)
    room = octets - len(tail.encode())
    body = "\n".join(f"> {line}" for line in _unmarked(card.text).splitlines())
    content = cut(f"**{_unmarked(_line(card.title))}**\n{body}", room) + tail
    return {"msgtype": "markdown", "markdown": {"content": content}}


def replies(answered: Answered, task: str) -> list[Body]:
    """In their order: one message, unless there are buttons below more than a card shows."""
    if not answered.buttons:
        return [text(answered.text)]
    title, _, rest = answered.text.partition("\n")
    if len(title) <= _MAIN_TITLE and len(rest) <= _SUB_TITLE:
        return [button_card(title, rest, answered.buttons, task)]
    return [text(answered.text), button_card("请选择：", "", answered.buttons, task)]


def task_of(key: str, users: Sequence[str]) -> str:
    """The same at every attempt; without a key, one of its own."""
    told = "|".join([key or secrets.token_hex(), *users])
    return hashlib.sha256(told.encode()).hexdigest()


def settled(command: str) -> str:
    """What the buttons of a card become, once one was tapped; what came of it is told in words."""
    return _short(f"已选：{command.partition(' ')[0]}", _LABEL)


def _line(words: str) -> str:
    return " ".join(harmless(words, _LONGEST).translate(_NO_TAGS).split())


def _short(words: str, characters: int) -> str:
    return words if len(words) <= characters else words[: characters - 1] + "…"


def _unmarked(words: str) -> str:
    return harmless(words, _LONGEST).translate(_NO_MARKDOWN)
