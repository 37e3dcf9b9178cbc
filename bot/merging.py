"""What goes out as one message: a notice, or all that wait for one chat whose platform takes no
more of them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.gateways import Limited, Post
from bot.letter import Letter
from bot.staff.digest import digest
from bot.staff.messages import LATE
from bot.ways import Way
from models.tables import Notice

DIGEST = "digest"
"""What the message of several notices is called, as they are by their kinds."""
URGENT = ("overdue", "warning")
"""Named first."""


@dataclass(frozen=True, slots=True)
class Parcel:
    notices: tuple[Notice, ...]
    way: Way
    letter: Letter

    @property
    def once(self) -> str:
        """The same for the same notices."""
        return " ".join(notice.once for notice in self.notices)

    @property
    def kind(self) -> str:
        return self.notices[0].kind if len(self.notices) == 1 else DIGEST


@dataclass(frozen=True, slots=True)
class Held:
    """Not yet."""

    notices: tuple[Notice, ...]
    wait: timedelta


async def packed(post: Post, parcels: Sequence[Parcel]) -> list[Parcel | Held]:
    """Every notice in exactly one of them. As long as the platform takes them, each by itself; an
    answer always, since somebody waits for it."""
    going: list[Parcel | Held] = []
    chats: dict[Way, tuple[Limited, list[Parcel]]] = {}
    for parcel in parcels:
        gateway = post.gateways[parcel.way.channel]
        if isinstance(gateway, Limited) and parcel.kind != LATE:
            chats.setdefault(parcel.way, (gateway, []))[1].append(parcel)
        else:
            going.append(parcel)
    for way, (limited, waiting) in chats.items():
        room = await limited.room(way.channel, way.to, len(waiting))
        if room.messages >= len(waiting):
            going += waiting
        elif room.messages:
            going.append(_merged(post, waiting))
        else:
            going += [Held(parcel.notices, room.wait) for parcel in waiting]
    return going


def _merged(post: Post, group: Sequence[Parcel]) -> Parcel:
    ordered = sorted(group, key=_urgency)
    notices = tuple(notice for parcel in ordered for notice in parcel.notices)
    kinds = {notice.kind for notice in notices}
    letter = digest(post.base_url, [parcel.letter for parcel in ordered], kinds)
    return Parcel(notices, ordered[0].way, letter)


def _urgency(parcel: Parcel) -> tuple[int, str]:
    kind = parcel.notices[0].kind
    place = URGENT.index(kind) if kind in URGENT else len(URGENT)
    return place, parcel.letter.fields.get("due", "")
