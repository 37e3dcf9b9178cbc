"""What a line in a chat means, beside a level (`models/ratings/heard.py`). Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from models.ratings.given import ReasonGiven
from models.ratings.heard import Wish, heard
from models.rulebooks.rating_rules import Indicator
from models.words import Target


class Command(StrEnum):
    RATE = "rate"
    LOOK = "look"
    """查询."""
    FOLLOW_UP = "follow_up"
    BIND = "bind"
    UNBIND = "unbind"
    CANCEL = "cancel"
    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Commanded:
    command: Command
    phone: str = ""
    """As it was written, behind 绑定."""


def commanded(words: str) -> Commanded | None:
    """None: no command. Takes any text."""
    plain = _plain(words)
    if (found := _BIND.fullmatch(plain)) is not None:
        return Commanded(Command.BIND, found["phone"] or "")
    for command, pattern in _COMMANDS.items():
        if pattern.fullmatch(plain):
            return Commanded(command)
    wish = heard(words).wish
    return Commanded(_WISHES[wish]) if wish is not None else None


def skips(words: str) -> bool:
    return _SKIP.fullmatch(_plain(words)) is not None


def chosen(words: str, count: int) -> int | None:
    """The place in a list of `count` lines, from 0. None: no such place."""
    found = _PLACE.fullmatch(_plain(words))
    place = int(found[1]) if found else 0
    return place - 1 if 1 <= place <= count else None


def reasons(
    words: str, listed: Sequence[tuple[Target, Indicator]], asking: Sequence[Target]
) -> dict[Target, ReasonGiven]:
    """“1 3 等了两个小时”: numbers of the list, words, or both. What is said in words only is said
    of the item, where it is asked about."""
    numbers, said = _numbered(words, len(listed))
    picked: dict[Target, list[str]] = {}
    for number in numbers:
        target, indicator = listed[number - 1]
        picked.setdefault(target, []).append(indicator.code)
    of_words = next(iter(picked), Target.ITEM if Target.ITEM in asking else asking[0])
    return {
        target: ReasonGiven(
            indicators=tuple(picked.get(target, ())),
            words=said if target is of_words else "",
        )
        for target in asking
        if target in picked or (said and target is of_words)
    }


def _numbered(words: str, count: int) -> tuple[list[int], str]:
    """The numbers that lead, each once, and what follows them; “2小时没人理” has none."""
    found = _NUMBERS.match(words)
    numbers = [int(each) for each in _NUMBER.findall(found[0])] if found else []
    if found is None or not all(1 <= each <= count for each in numbers):
        return [], words.strip()
    return list(dict.fromkeys(numbers)), words[found.end() :].strip()


def _plain(words: str) -> str:
    levelled = unicodedata.normalize("NFKC", words).strip()
    return levelled.strip("。.!！~～“”\"'「」【】[]#").strip()


_WISHES: Final = {
    Wish.STOP: Command.STOP,
    Wish.HELP: Command.HELP,
    Wish.FOLLOW_UP: Command.FOLLOW_UP,
}
_BIND: Final = re.compile(
    r"绑定(?:手机号码?|手机|号码)?[:,，： ]*(?P<phone>\+?[0-9][0-9 -]{5,24})?"
)
_COMMANDS: Final = {
    Command.RATE: re.compile(
        r"(?:我要|我想|去|进行|开始|继续)?(?:评价|评一下|打分|评分)(?:一下|服务)?"
    ),
    Command.LOOK: re.compile(
        r"查询|查看|查一下|(?:查询|查看)?(?:我的)?(?:评价|工单|办理)?(?:记录|进度|回执|结果|情况)|我的评价"
    ),
    Command.UNBIND: re.compile(r"解绑|解除绑定|取消绑定"),
    Command.CANCEL: re.compile(r"取消|算了|不评了|不评价了?|退出"),
    Command.START: re.compile(r"订阅|恢复(?:提醒|通知|订阅)?"),
    Command.HELP: re.compile(r"帮助|菜单|你好|您好|在吗"),
}
_SKIP: Final = re.compile(r"跳过|没有|无|不说了?|不填")
_PLACE: Final = re.compile(r"第?([0-9]{1,2})(?:个|项|号)?")
_NUMBERS: Final = re.compile(
    r"[ \t]*[0-9]{1,2}(?:[ \t,，、;；和]+[0-9]{1,2})*(?:[ \t,，、;；.。:：\n]+|$)", re.ASCII
)
_NUMBER: Final = re.compile(r"[0-9]{1,2}", re.ASCII)
