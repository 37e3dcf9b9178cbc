"""Where in a text a level is told, and whether it is sure. Pure; the text is as `heard.py` makes
it plain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from models.ratings.sayings import (
    APPLIED,
    LEAD_INS,
    MODIFIERS,
    ONLY_MODIFIED,
    VERY,
    WORDS,
)
from models.words import Level


@dataclass(frozen=True, slots=True)
class _Told:
    level: Level
    end: int
    sure: bool = True
    figure: bool = False
    bare: bool = False
    """A figure and nothing with it: “2，…”. It may be many things."""

    @property
    def good(self) -> bool:
        return self.level >= Level.BASICALLY_SATISFIED


def level_told(plain: str, start: int) -> tuple[Level | None, int, bool]:
    """The level, where what belongs to it ends, and whether it is sure."""
    lead = _end(_LEAD_IN, plain, start)
    run = list(_run(plain, lead))
    if not run:
        guesses = {told.level for told in _anywhere(plain, start)}
        return (guesses.pop() if len(guesses) == 1 else None), start, False
    first = run[0]
    exact = next((told for told in run if told.figure and told.sure), first)
    level = exact.level if exact.good == first.good else first.level
    sure = first.sure and len({told.good for told in run}) == 1
    end = first.end
    for told in run[1:]:
        if told.level != level:
            break
        end = told.end
    return level, end, sure


def _run(plain: str, at: int) -> Iterator[_Told]:
    """Levels told one after the other: “5非常满意”, “好评，5分”."""
    told = _told(plain, at)
    while told is not None:
        yield told
        told = _told(plain, _end(_BREAKS, plain, told.end))
        if told is not None and told.bare and told.end < len(plain):
            return


def _told(plain: str, at: int) -> _Told | None:
    return _saying(plain, at) or _stars(plain, at) or _figure(plain, at)


def _saying(plain: str, at: int) -> _Told | None:
    found = SAYING.match(plain, at)
    if found is None:
        return None
    kinds = [MODIFIERS[each] for each in _MODIFIER.findall(found["modifiers"])]
    word = found["word"]
    if word in ONLY_MODIFIED and not kinds:
        return None
    level = WORDS[word]
    for kind in reversed(kinds):
        level = APPLIED[kind].get(level, level)
    end = _word_end(plain, found.end(), strong="满意" in word or "不满" in word, very=VERY in kinds)
    return None if end is None else _Told(level, end, sure=not plain.startswith("?", end))


def _word_end(plain: str, at: int, *, strong: bool, very: bool) -> int | None:
    """差 is a level in “差，没人理”, not in 差不多; 不满意 is one whatever follows."""
    if closed := _PARTICLES.match(plain, at):
        return closed.end()
    if very and plain.startswith("了", at):
        return at + 1
    return at if strong and not _OTHERWISE.match(plain, at) else None


def _stars(plain: str, at: int) -> _Told | None:
    found = _STARS.match(plain, at)
    if found is None:
        return None
    full, all_of_them = len(found[1]), len(found[0])
    if all_of_them > len(Level) or (found[2] and all_of_them < len(Level)):
        return None
    # One star may be a bullet.
    sure = all_of_them > 1 or found.end() == len(plain)
    return _Told(Level(full), found.end(), sure=sure, figure=True)


def _figure(plain: str, at: int) -> _Told | None:
    """A figure counts by itself, before a break, or with 分 or 星. Not the 3 of 3号窗口, of 3.5, of
    a telephone number."""
    found = _FIGURE.match(plain, at)
    if found is None:
        return None
    level = Level(FIGURES.index(found["figure"]) % len(Level) + 1)
    end = _end(_FINAL, plain, found.end())
    if plain[end : end + 1].isalnum():
        same = _saying(plain, end) is not None
        if not same and not found["unit"]:
            return None
        return _Told(level, found.end(), sure=same, figure=True)
    if _PART_OF_MORE.match(plain, end):
        return None
    # “1、…… 2、……” is a list of complaints.
    doubtful = _MORE_FIGURES.match(plain, end) or (level == 1 and _SECOND.search(plain, end))
    return _Told(level, end, sure=not doubtful, figure=True, bare=not found["unit"])


def _anywhere(plain: str, start: int) -> Iterator[_Told]:
    for found in SAYING.finditer(plain, start):
        if "满" in found["word"] or "评" in found["word"]:
            told = _saying(plain, found.start())
            if told is not None:
                yield told
    for given in _GIVEN.finditer(plain, start):
        told = _figure(plain, given.end())
        if told is not None and not told.bare:
            yield told


def _end(pattern: re.Pattern[str], plain: str, at: int) -> int:
    found = pattern.match(plain, at)
    return found.end() if found else at


def any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_STAR: Final = "★⭐🌟"
FIGURES: Final = "12345一二三四五"
_MODIFIER: Final = re.compile(any_of(MODIFIERS))
# At most six: 不是 can also be read as 不 and 是, and backtracking must come to an end.
SAYING: Final = re.compile(
    rf"(?P<modifiers>(?:(?:{any_of(MODIFIERS)}) *){{0,6}}?)(?P<word>{any_of(WORDS)})"
)
_PARTICLES: Final = re.compile(r"[的了吧啊呀哦哈啦嘛呢哟噢哒]*(?!\w)")
_FINAL: Final = re.compile(r"[吧啊呀哦哈啦嘛呢哟噢哒]*")
_OTHERWISE: Final = re.compile(r"了?[吗么度率不才个就或]|的(?:地方|是|有|话|方面|原因|点|事)")
_BREAKS: Final = re.compile(rf"[^\w{_STAR}]*")
_LEAD_IN: Final = re.compile(
    rf"[^\w.+\-{_STAR}]*(?:(?:{any_of(LEAD_INS.split())})[^\w.+\-{_STAR}]*)*"
)
_STARS: Final = re.compile(rf"([{_STAR}]+)(☆*)")
_FIGURE: Final = re.compile(
    rf"(?P<figure>[{FIGURES}])(?P<unit> *(?:分(?![钟之钱])|颗?星(?!期)))?(?!\d| *(?:分|星))"
)
_PART_OF_MORE: Final = re.compile(rf"[.:/~、·+*-] *[{FIGURES}\d]|[%‰°#@&$€¥£'\"*^]")
_MORE_FIGURES: Final = re.compile(
    r"[\W_]*\d|\?| +[号个楼层天日月年点时小次回位张份元块名间台家趟周岁米万千百十条种件]"
)
_SECOND: Final = re.compile(r"(?<!\d)[2二] *[.、,:)]")
_GIVEN: Final = re.compile(r"[给打评]个?(?=[1-5一二三四五])")
