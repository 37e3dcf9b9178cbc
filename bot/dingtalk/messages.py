"""The messages of DingTalk's robots.

A button is a dtmd link: the tap sends the command to the robot as the person's own message, so
that it comes back as one (《企业内部机器人实现单聊会话互动》). Interactive cards would take a
template that every organisation has to make by hand, and a callback of their own.

Sources: 《企业机器人发送消息的消息类型》, 《自定义机器人发送消息的消息类型》,
open.dingtalk.com/document/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from bot.length import cut
from bot.staff.platform import Answered, Button, Card
from models.texts import harmless

Message = dict[str, object]
Link = tuple[str, str]
"""What a button says, and the address that it opens."""

TEXT_OCTETS: Final = 6000
"""Of UTF-8. A message to a person has 15,000 octets, a group's 20,000, with buttons and all; as
JSON a text may be twice as long."""
TITLE_LENGTH: Final = 60
LABEL_LENGTH: Final = 20
MOST_BUTTONS: Final = 5
"""sampleActionCard5 is the largest."""
OPEN: Final = "打开工单"

_TAP: Final = "dtmd://dingtalkclient/sendMessage?content="
# No client promises that a backslash escapes; a full-width twin cannot be mistaken for markup.
_MARKUP: Final = str.maketrans("*_`~[]<>|\\", "＊＿｀～［］＜＞｜＼")
_LINE_MARK: Final = re.compile(r"^(\s*)#", re.MULTILINE)
_SCHEME: Final = re.compile(r"(dtmd|dingtalk):", re.IGNORECASE)


def to_person(card: Card) -> tuple[str, dict[str, str]]:
    """msgKey and msgParam."""
    opening = [(OPEN, card.link)] if card.link else []
    most = MOST_BUTTONS - len(opening)
    text = _with_commands(_headed(card), card.buttons[most:], "也可以回复：")
    return _action_card(card.title or card.text, text, [*map(_tap, card.buttons[:most]), *opening])


def to_group(card: Card) -> Message:
    """Nobody could answer the robot of a group: it has no buttons but the link."""
    said = {"title": _title(card.title), "text": shown(_headed(card))}
    if not card.link:
        return {"msgtype": "markdown", "markdown": said}
    inner = {**said, "singleTitle": OPEN, "singleURL": card.link}
    return {"msgtype": "actionCard", "actionCard": inner}


def answer_in_chat(answered: Answered, *, group: bool) -> Message:
    """In a group a tap would not mention the robot, and so not reach it: there the commands are to
    be typed."""
    if group:
        text = _with_commands(answered.text, answered.buttons, "可以@我回复：")
        return {"msgtype": "text", "text": {"content": cut(text, TEXT_OCTETS)}}
    if not answered.buttons:
        return {"msgtype": "text", "text": {"content": cut(answered.text, TEXT_OCTETS)}}
    buttons = [{"title": label, "actionURL": url} for label, url in map(_tap, answered.buttons)]
    inner = {
        "title": _title(answered.text),
        "text": shown(answered.text),
        "btnOrientation": "0",
        "btns": buttons,
    }
    return {"msgtype": "actionCard", "actionCard": inner}


def shown(text: str) -> str:
    """Plain text as Markdown that shows it, and does nothing else: whoever rates could else have a
    link of theirs pushed to staff, which by dtmd even acts in their name."""
    text = harmless(text, TEXT_OCTETS).translate(_MARKUP)
    text = _SCHEME.sub(r"\1：", _LINE_MARK.sub(r"\1＃", text))
    return cut(text.replace("\n", "  \n"), TEXT_OCTETS)


def _action_card(title: str, text: str, buttons: Sequence[Link]) -> tuple[str, dict[str, str]]:
    param = {"title": _title(title), "text": shown(text)}
    if not buttons:
        return "sampleMarkdown", param
    if len(buttons) == 1:
        ((label, url),) = buttons
        return "sampleActionCard", {**param, "singleTitle": label, "singleURL": url}
    for number, (label, url) in enumerate(buttons, 1):
        param |= {f"actionTitle{number}": label, f"actionURL{number}": url}
    return f"sampleActionCard{len(buttons)}", param


def _headed(card: Card) -> str:
    """The title shows in the list of chats only."""
    return f"{card.title}\n\n{card.text}" if card.title else card.text


def _tap(button: Button) -> Link:
    return button.label[:LABEL_LENGTH], _TAP + quote(button.command, safe="")


def _with_commands(text: str, buttons: Sequence[Button], how: str) -> str:
    return f"{text}\n{how}{'、'.join(each.command for each in buttons)}" if buttons else text


def _title(text: str) -> str:
    return text.partition("\n")[0][:TITLE_LENGTH]
