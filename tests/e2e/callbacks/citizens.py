"""People in the chats of two accounts, and how the platform delivers what they send."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from bot.wechat.incoming import read_message
from tests.e2e.callbacks.scripts import Episode, Line, Part, World, begun
from tests.e2e.callbacks.sending import Message, Sending
from tests.e2e.callbacks.service import ACCOUNTS

EPISODES: Final = 5
"""Of each of them."""
TIMES: Final = {0: 5, 1: 3, 2: 2}
"""How often a message is delivered again, and how often of their sum."""


@dataclass
class Citizen:
    """`at`: when they begin to write."""

    openid: str
    app: str
    at: int
    numbers: Iterator[int]
    episodes: list[Episode]
    sent: list[Message] = field(default_factory=list)
    follows: bool = False
    opted_out: bool = False

    async def live(self, scenes: Mapping[str, str], sending: Sending) -> None:
        """An episode after the other; what is delivered again late comes between any of them."""
        dice, late = sending.dice, list[Message]()
        for episode in self.episodes:
            for part in episode.parts:
                written = list(self._written(part, scenes, dice))
                again = [
                    message
                    for message in written
                    for _ in range(*dice.choices(list(TIMES), list(TIMES.values())))
                ]
                dice.shuffle(again)
                now = [*written, *again[: len(again) // 2], *late]
                late = again[len(again) // 2 :]
                dice.shuffle(now)
                if dice.random() < 0.5:
                    await asyncio.gather(*(sending.deliver(each) for each in now))
                else:
                    for each in now:
                        await sending.deliver(each)
                for each in written:
                    await sending.heard(each)
            self.opted_out = self.opted_out if episode.opted_out is None else episode.opted_out
        await asyncio.gather(*(sending.deliver(each) for each in late))

    def _written(self, part: Part, scenes: Mapping[str, str], dice: Random) -> Iterator[Message]:
        """At a second each; whoever has scanned may write within the same."""
        before: Line | None = None
        for line in part:
            at_once = before is not None and before.what == "SCAN" and line.what == "text"
            self.at += 0 if at_once and dice.random() < 0.2 else 1
            xml = line.xml(scenes, self.openid, self.at, next(self.numbers))
            platform = ACCOUNTS[self.app]
            once = read_message(xml, platform.app_id).once
            message = Message(self.app, platform, xml, once, line.kept)
            self.sent.append(message)
            self.follows = line.what != "unsubscribe"
            before = line
            yield message


def citizens(world: World, callbacks: int, at: int) -> list[Citizen]:
    """As many as send about so many."""
    often = 1 + sum(times * weight for times, weight in TIMES.items()) / sum(TIMES.values())
    numbers, apps = itertools.count(6_054_768_590_064_713_728), itertools.cycle(ACCOUNTS)
    people, lines = list[Citizen](), 0
    while lines * often < callbacks:
        episodes = [begun(world) for _ in range(EPISODES)]
        lines += sum(len(part) for each in episodes for part in each.parts)
        people.append(Citizen(f"o{len(people):027}", next(apps), at, numbers, episodes))
    return people
