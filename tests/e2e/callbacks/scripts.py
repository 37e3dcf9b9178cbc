"""What citizens write and scan, and what must come of it. Pure.

An episode is about one case, or one place. Its parts follow one another, as from somebody who reads
the answers; within a part the platform may deliver in any order. What cannot be told apart in
another order ("1 2" before the list of reasons is asked for) stands in parts of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final, NamedTuple

from tests.bot.wechat.callbacks import event, message

HALL: Final = "H"
WINDOW: Final = "W"


class Rated(NamedTuple):
    """`number`: the case's; None: a place was rated. `chosen`: how many reasons of the list."""

    number: str | None
    ordinal: int
    level: int
    words: str
    chosen: int = 0


class Opined(NamedTuple):
    level: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing sent. `what`: text, SCAN, subscribe, unsubscribe, CLICK, image; `said`: the words,
    the key, or what is scanned: a case's number, a place, a foreign scene."""

    what: str
    said: str = ""

    @property
    def kept(self) -> bool:
        """As a message that is answered."""
        return self.what not in ("image", "unsubscribe")

    def xml(self, scenes: Mapping[str, str], sender: str, at: int, number: int) -> str:
        """`scenes`: of what is scanned."""
        written = {"FromUserName": sender, "CreateTime": str(at)}
        scene = scenes.get(self.said, self.said)
        match self.what:
            case "text":
                return message(self.said, **written, MsgId=str(number))
            case "image":
                more = {"MsgType": "image", "PicUrl": "https://example/", "MediaId": "m"}
                return message(**written, **more, MsgId=str(number))
            case "subscribe" if self.said:
                return event(self.what, f"qrscene_{scene}", **written)
            case _:
                return event(self.what, scene, **written)


Part = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Episode:
    parts: tuple[Part, ...]
    rated: tuple[Rated, ...] = ()
    opined: tuple[Opined, ...] = ()
    opted_out: bool | None = None
    """None: as before."""


@dataclass
class World:
    """`cases`: the numbers of those that somebody scans."""

    dice: Random
    cases: list[str] = field(default_factory=list)
    marks: int = 0
    wanted: Counter[Rated | Opined] = field(default_factory=Counter)

    def mark(self) -> str:
        """Words that nobody else writes, without a figure or a level in them."""
        self.marks += 1
        return "编号" + "".join("子丑寅卯辰巳午未申酉"[int(each)] for each in f"{self.marks:06}")

    def case(self) -> tuple[str, Line]:
        self.cases.append(f"C{len(self.cases):06}")
        return self.cases[-1], Line(self.dice.choice(["SCAN", "SCAN", "subscribe"]), self.cases[-1])


def text(words: str) -> Line:
    return Line("text", words)


def _well(world: World) -> Episode:
    number, scan = world.case()
    mark = world.mark()
    told, level, words = world.dice.choice(
        [
            ("5", 5, ""),
            ("很满意", 5, ""),
            ("还行", 3, ""),
            (f"4，{mark}办得快", 4, f"{mark}办得快"),
        ]
    )
    return Episode(((scan, text(told)),), (Rated(number, 1, level, words),))


def _badly(world: World) -> Episode:
    number, scan = world.case()
    words = f"等了两个小时{world.mark()}"
    told, level = world.dice.choice([("2 ", 2), ("不太满意：", 2), ("非常不满意，", 1)])
    return Episode(((scan, text(told + words)),), (Rated(number, 1, level, words),))


def _asked_why(world: World) -> Episode:
    number, scan = world.case()
    words = f"窗口一直没有人{world.mark()}"
    told, level = world.dice.choice([("2", 2), ("1", 1), ("不满意", 2)])
    return Episode(((scan, text(told), text(words)),), (Rated(number, 1, level, words),))


def _by_numbers(world: World) -> Episode:
    number, scan = world.case()
    words = f"态度很差{world.mark()}"
    parts = ((scan, text("1")), (text(f"1 2 {words}"),))
    return Episode(parts, (Rated(number, 1, 1, words, chosen=2),))


def _guessed(world: World) -> Episode:
    number, scan = world.case()
    return Episode(((scan, text("我觉得你们办得满意？"), text("是")),), (Rated(number, 1, 4, ""),))


def _guessed_wrong(world: World) -> Episode:
    number, scan = world.case()
    parts = ((scan, text("我觉得你们办得满意？")), (text("不是"),), (text("一般"),))
    return Episode(parts, (Rated(number, 1, 3, ""),))


def _again(world: World) -> Episode:
    number, scan = world.case()
    first, then = f"没人理{world.mark()}", f"第二天就办好了{world.mark()}"
    more: Part = (text(f"追评 4，{then}"),)
    if world.dice.random() < 0.5:
        more = (text("追评"), text(f"4，{then}"))
    return Episode(
        ((scan, text(f"2 {first}")), more),
        (Rated(number, 1, 2, first), Rated(number, 2, 4, then)),
    )


def _changed_mind(world: World) -> Episode:
    """The first rating counts."""
    number, scan = world.case()
    return Episode(((scan, text("5")), (text("1"),), (scan,)), (Rated(number, 1, 5, ""),))


def _newest_scan(world: World) -> Episode:
    """An answer is to the newer; the older one is not forgotten."""
    older, first = world.case()
    newer, second = world.case()
    parts = ((first, second), (text("3"),), (first, text("4")))
    return Episode(parts, (Rated(newer, 1, 3, ""), Rated(older, 1, 4, "")))


def _cancelled(world: World) -> Episode:
    _, scan = world.case()
    words = "（评价没有完成：选择了“非常不满意”，没有说明原因或确认）"
    return Episode(((scan, text("1")), (text("取消"),)), opined=(Opined(1, words),))


def _hall(world: World) -> Episode:
    words = f"服务热情{world.mark()}"
    rated = Rated(None, 1, 5, words)
    return Episode(((Line("SCAN", HALL), text(f"5 {words}")),), (rated,))


def _window(world: World) -> Episode:
    """With a level a rating, without one an opinion."""
    words, scan = f"没有老花镜{world.mark()}", Line("SCAN", WINDOW)
    if world.dice.random() < 0.5:
        return Episode(((scan, text(words)),), opined=(Opined(None, words),))
    return Episode(((scan, text(f"4 {words}")),), (Rated(None, 1, 4, words),))


def _lost(world: World) -> Episode:
    wrong = ["r/AAAAAAAAAAA.BBBBBBBBBBBB", "q/NONE", "hello", ""]
    return Episode(((Line("SCAN", world.dice.choice(wrong)), text("今天天气")),))


def _stopped(world: World) -> Episode:
    if world.dice.random() < 0.5:
        return Episode(((text("退订"),), (text("订阅"),)), opted_out=False)
    return Episode(((text("退订"),),), opted_out=True)


def _left(_world: World) -> Episode:
    return Episode(((Line("unsubscribe"), Line("subscribe")),))


KINDS: Final[dict[Callable[[World], Episode], int]] = {
    _well: 6,
    _badly: 5,
    _asked_why: 5,
    _by_numbers: 2,
    _guessed: 2,
    _guessed_wrong: 1,
    _again: 2,
    _changed_mind: 1,
    _newest_scan: 1,
    _cancelled: 1,
    _hall: 1,
    _window: 1,
    _lost: 1,
    _stopped: 1,
    _left: 1,
}
"""How often of their sum."""
_BESIDE: Final = (
    text("查询"),
    text("评价"),
    text("帮助"),
    Line("CLICK", "look"),
    Line("image"),
    Line("SCAN", "q/NONE"),
)
"""What changes nothing, whenever it comes."""


def begun(world: World) -> Episode:
    """One of them, with something beside it now and then."""
    (kind,) = world.dice.choices(list(KINDS), list(KINDS.values()))
    made = kind(world)
    world.wanted.update([*made.rated, *made.opined])
    if world.dice.random() < 0.6:
        return made
    beside = world.dice.choice(_BESIDE)
    place = world.dice.randrange(len(made.parts))
    parts = list(made.parts)
    where = world.dice.randint(0, len(parts[place]))
    parts[place] = (*parts[place][:where], beside, *parts[place][where:])
    return Episode(tuple(parts), made.rated, made.opined, made.opted_out)
