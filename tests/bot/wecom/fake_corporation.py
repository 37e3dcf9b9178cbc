"""A corporation (企业) in WeCom with one application: its members, its groups, and what became of
what was sent to them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.bot.wecom import fake_bodies as bodies

Json = dict[str, Any]

LIFE = timedelta(seconds=7200)
CODE_LIFE = timedelta(minutes=5)
CARD_LIFE = timedelta(hours=72)
OK: Json = {"errcode": 0, "errmsg": "ok"}


class Says(Exception):
    """An errcode and its errmsg, as the platform writes them."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(code, words)
        more = f"hint: [1650959319156053778662262], from ip: 203.0.113.7, more info at ?e={code}"
        self.body: Json = {"errcode": code, "errmsg": f"{words}, {more}"}


@dataclass
class Member:
    """`visible`: in the application's range. `got`: the messages that reached them."""

    user: str
    visible: bool = True
    licensed: bool = True
    got: list[Json] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)


@dataclass
class Robot:
    """`got`: what its group was told."""

    got: list[Json] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)


@dataclass
class Corporation:
    """`knows_cards`: old private deployments do not, nor Markdown. `settled`: the cards that were
    changed."""

    now: Callable[[], datetime]
    corp_id: str = "wx5823bf96d3bd56c7"
    agent_id: int = 218
    secret: str = "s" * 43
    knows_cards: bool = True
    members: dict[str, Member] = field(default_factory=dict)
    robots: dict[str, Robot] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    settled: list[Json] = field(default_factory=list)
    _tokens: list[tuple[str, datetime]] = field(default_factory=list)
    _codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _cards: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _tasks: set[str] = field(default_factory=set)
    _sent: dict[tuple[str, str], datetime] = field(default_factory=dict)

    # What people do

    def member(self, user: str, **what: Any) -> Member:
        return self.members.setdefault(user.lower(), Member(user, **what))

    def robot(self, key: str) -> Robot:
        return self.robots.setdefault(key, Robot())

    def sign_in(self, user: str | None) -> str:
        """What the browser brings back. None: somebody of elsewhere."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = user or "", self.now() + CODE_LIFE
        return code

    def tap(self, user: str) -> str:
        """The ResponseCode of a button that they tapped."""
        code = secrets.token_urlsafe(48)
        self._cards[code] = user, self.now() + CARD_LIFE
        return code

    def revoke(self) -> None:
        """The token ends before its time, as the platform reserves to itself."""
        self._tokens.clear()

    # What is answered

    def token(self, corp_id: str, secret: str) -> Json:
        if corp_id != self.corp_id:
            raise Says(40013, "invalid corpid")
        if secret != self.secret:
            raise Says(40001, "invalid credential")
        now = self.now()
        if not self._tokens or self._tokens[-1][1] <= now:
            self._tokens.append((secrets.token_urlsafe(160), now + LIFE))
        token, until = self._tokens[-1]
        seconds = int((until - now).total_seconds())
        return {**OK, "access_token": token, "expires_in": seconds}

    def check_token(self, given: str) -> None:
        if not given:
            raise Says(41001, "access_token missing")
        for token, until in self._tokens:
            if secrets.compare_digest(token, given):
                if until <= self.now():
                    raise Says(42001, "access_token expired")
                return
        raise Says(40014, "invalid access_token")

    def send(self, message: bodies.Message) -> Json:
        self._check_agent(message.agentid)
        if message.template_card is not None:
            self._check_card(message.template_card)
        users = message.touser.split("|")
        named = {user: self.members.get(user.lower()) for user in users}
        invalid = [user for user, member in named.items() if not (member and member.visible)]
        unlicensed = [user for user, member in named.items() if member and not member.licensed]
        if len(invalid) == len(users):
            raise Says(81013, "user & party & tag all invalid")
        for user, member in named.items():
            if member is not None and user not in (*invalid, *unlicensed):
                self._deliver(member, message)
        said: Json = {
            **OK,
            "msgid": secrets.token_hex(16),
            "invaliduser": "|".join(user.lower() for user in invalid),
            "unlicenseduser": "|".join(user.lower() for user in unlicensed),
        }
        if message.template_card is not None:
            self._tasks.add(message.template_card.task_id)
            said["response_code"] = self.tap(users[0])
        return said

    def _check_card(self, card: bodies.ButtonCard) -> None:
        if not self.knows_cards:
            raise Says(40008, "invalid message type")
        if card.task_id in self._tasks:
            raise Says(42014, "taskid has existed or empty or exceed max len")

    def _check_agent(self, agent_id: int) -> None:
        if agent_id != self.agent_id:
            raise Says(301002, "not allow operate another agent with this accesstoken")

    def _deliver(self, member: Member, message: bodies.Message) -> None:
        now = self.now()
        shown = message.model_dump(exclude_none=True)
        content = json.dumps(shown[message.msgtype], sort_keys=True)
        until = self._sent.get((member.user, content))
        recent = [at for at in member.times if now - at < timedelta(minutes=1)]
        # What is too much is dropped, and nobody is told so.
        if (message.enable_duplicate_check and until and until > now) or len(recent) >= 30:
            return
        interval = timedelta(seconds=message.duplicate_check_interval)
        self._sent[member.user, content] = now + interval
        member.times.append(now)
        member.got.append(shown)

    def update(self, update: bodies.Update) -> Json:
        self._check_agent(update.agentid)
        user, until = self._cards.pop(update.response_code, ("", self.now()))
        if until <= self.now():
            raise Says(40035, "invalid response_code")
        if update.userids != [user]:
            raise Says(81013, "user & party & tag all invalid")
        self.settled.append(update.model_dump())
        return {**OK, "invaliduser": []}

    def picture(self, media_id: str) -> bytes:
        if media_id not in self.media:
            raise Says(40007, "invalid media_id")
        return self.media[media_id]

    def user(self, code: str) -> Json:
        user, until = self._codes.pop(code, ("", self.now()))
        if len(code.encode()) > 512 or until <= self.now():
            raise Says(40029, "invalid code")
        if not user:
            return {**OK, "openid": "oAAAAAAAAAAAA"}
        return {**OK, "userid": user}

    def tell(self, key: str, message: bodies.RobotMessage) -> Json:
        robot, now = self.robots.get(key), self.now()
        if robot is None:
            raise Says(93000, "invalid webhook url")
        if message.markdown is not None and not self.knows_cards:
            raise Says(40008, "invalid message type")
        if len([at for at in robot.times if now - at < timedelta(minutes=1)]) >= 20:
            raise Says(45009, "api freq out of limit")
        robot.times.append(now)
        robot.got.append(message.model_dump(exclude_none=True))
        return OK
