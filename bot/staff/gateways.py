"""The chats of staff as the outbox hands messages over: applications, which reach persons, and
group robots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote, unquote

from bot.gateways import Message, Room
from bot.several import to_several
from bot.staff.platform import Button, Card, Robot, StaffApp
from bot.staff.quota import Quota, Toll
from models.sm3 import sm3


def address(users: Iterable[tuple[str, str]]) -> str:
    """Of persons, each by application and user: what `ChatGateway` takes as `Message.to`."""
    return " ".join(sorted(f"{app}/{quote(user, safe='')}" for app, user in users))


class ChatGateway:
    """`apps`: by their names in the settings."""

    def __init__(self, apps: Mapping[str, StaffApp], quota: Quota) -> None:
        self._apps = apps
        self._quota = quota

    async def room(self, _channel: str, to: str, wanted: int) -> Room:
        tolls = []
        for name, users in _by_app(to).items():
            app = self._apps[name]
            calls = len(_portions(users, app.at_once))
            for limit in app.limits:
                if limit.each:
                    tolls += [Toll(_route(name, user), limit) for user in users]
                else:
                    tolls.append(Toll(name, limit, calls))
        return await self._quota.room(tolls, wanted)

    async def send(self, message: Message) -> str | None:
        card = _card(message)
        return await to_several(
            self._apps[name].send(portion, card)
            for name, users in _by_app(message.to).items()
            for portion in _portions(users, self._apps[name].at_once)
        )


class RobotGateway:
    """`robots`: by their names in the settings. A message is to one or more of them."""

    def __init__(self, robots: Mapping[str, Robot], quota: Quota) -> None:
        self._robots = robots
        self._quota = quota

    async def room(self, _channel: str, to: str, wanted: int) -> Room:
        tolls = [
            Toll(f"robot/{name}", limit)
            for name in to.split()
            for limit in self._robots[name].limits
        ]
        return await self._quota.room(tolls, wanted)

    async def send(self, message: Message) -> str | None:
        card = _card(message)
        return await to_several(self._robots[name].send(card) for name in message.to.split())


def _card(message: Message) -> Card:
    return Card(
        title=message.title,
        text=message.text,
        link=message.link or "",
        buttons=tuple(Button(label, command) for label, command in message.buttons),
        key=message.key,
    )


def _by_app(to: str) -> dict[str, list[str]]:
    users: dict[str, list[str]] = {}
    for each in to.split():
        app, _, user = each.partition("/")
        users.setdefault(app, []).append(unquote(user))
    return users


def _portions(users: Sequence[str], size: int) -> list[Sequence[str]]:
    return [users[start : start + size] for start in range(0, len(users), size)]


def _route(app: str, user: str) -> str:
    """No platform's user id lies in the clear, nor does one that is too long."""
    return f"{app}/{sm3(f'{app}/{user}'.encode()).hex()[:24]}"
