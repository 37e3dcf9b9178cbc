"""What a person wrote, in a text message, a mail, a chat, and what they mean by it. Pure.

Whoever leads with a level has told it: “2，等了两个小时”, “不太满意”. A level found further in is
only guessed, and so is one that is asked (“满意？”) or contradicted (“5，不满意”).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from models.ratings.sayings import SAYS_NOTHING
from models.ratings.telling import FIGURES, SAYING, any_of, level_told
from models.words import Level


class Wish(StrEnum):
    """What is asked for beside, or instead of, a rating."""

    STOP = "stop"
    FOLLOW_UP = "follow_up"
    """追评, with what follows it as level and words."""
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Heard:
    """`words`: what is said beside the level, as it was written; the whole text where no level was
    told or it is only guessed. `sure` is False for a guess: to be confirmed, or kept as opinion."""

    level: Level | None
    words: str
    sure: bool
    wish: Wish | None = None


def heard(text: str) -> Heard:
    """Takes any text."""
    plain, places = _plain(text)
    if _HELP.fullmatch(plain):
        return Heard(None, "", sure=True, wish=Wish.HELP)
    if stop := _STOP.match(plain):
        return Heard(None, _trimmed(text[places[stop.end()] :]), sure=True, wish=Wish.STOP)
    if begins := _FOLLOW_UP.match(plain):
        return _read(text, plain, places, begins.end(), Wish.FOLLOW_UP)
    return _read(text, plain, places, 0)


def _read(
    text: str, plain: str, places: Sequence[int], start: int, wish: Wish | None = None
) -> Heard:
    level, end, sure = level_told(plain, start)
    words = _trimmed(text[places[end] :]) if sure else text[places[start] :].strip()
    return Heard(level, words, sure, wish)


def _plain(text: str) -> tuple[str, list[int]]:
    """Width, case and traditional characters levelled, marks that are not seen left out; and for
    every character of it, and its end, the place in `text`."""
    kept = [
        (each, place)
        for place, character in enumerate(text)
        for each in unicodedata.normalize("NFKC", character).casefold().translate(_SIMPLIFIED)
        if unicodedata.category(each) not in ("Mn", "Me", "Cf")
    ]
    while kept and kept[-1][0].isspace():
        kept.pop()
    plain = "".join(" " if each.isspace() else each for each, _ in kept)
    plain = _TWO.sub("二", plain)
    # No letter of a level, and no break either.
    plain = _SAYS_NOTHING.sub(lambda found: "x" * len(found[0]), plain)
    return plain, [*(place for _, place in kept), len(text)]


def _trimmed(words: str) -> str:
    """What holds no letter and no figure is no word: “5👍”."""
    words = words.strip().lstrip(_STOPS + _CLOSING).rstrip(_STOPS)
    return words if any(each.isalnum() for each in words) else ""


_STOPS: Final = " \t\n\r\f\v\u3000,.;:!，。；：！、~～…-—=|·"
_CLOSING: Final = "”’\"')）]】}」』》>"
_SIMPLIFIED: Final = str.maketrans(
    "滿沒極還較評訂點個麼們說談覺稱實體總給選擇回復錯爛糕將",
    "满没极还较评订点个么们说谈觉称实体总给选择回复错烂糕将",
)
_TWO: Final = re.compile("两(?=[分颗星])")
"""两分, as people say 二分."""
_SAYS_NOTHING: Final = re.compile(any_of(SAYS_NOTHING.split()))
_STOP: Final = re.compile(
    r"[\W_]*(?:(?:请|我要|回复)?(?:退订|td|取消订阅)+(?:短信|信息|消息|吧|了)?|unsubscribe|stop)(?!\w)"
    r"|[\W_]*[tn退][\W_]*$"
)
_HELP: Final = re.compile(r"[\W_]*(?:帮助|help)[\W_]*|[^\w?]*\?[\W_]*")
# Not 追加材料: something was added there, nothing is.
_FOLLOW_UP: Final = re.compile(
    rf"[\W_]*(?:追评|追加评价|追加(?=[\W_{FIGURES}]|$|{SAYING.pattern}))[\W_]*"
)
