"""An account as the platform knows it: its tokens, its people, what it may send them."""

from __future__ import annotations

import itertools
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

Json = dict[str, Any]

LIFE = timedelta(seconds=7200)
HANDING_OVER = timedelta(minutes=5)
CODE_LIFE = timedelta(minutes=5)

OK: Json = {"errcode": 0, "errmsg": "ok"}


class Says(Exception):
    """An errcode and its errmsg, as the platform writes them."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(code, words)
        self.body: Json = {"errcode": code, "errmsg": f"{words} rid: 5f7d4b1c-0a1b2c3d-4e5f6a7b"}


@dataclass
class Token:
    value: str
    ends: datetime


@dataclass
class Person:
    """`left`, `until`: how many customer-service messages they may still get, and until when."""

    openid: str
    follows: bool = True
    unionid: str | None = None
    blocked: bool = False
    consents: Counter[str] = field(default_factory=Counter)
    lasting: set[str] = field(default_factory=set)
    left: int = 0
    until: datetime | None = None


@dataclass
class Accepted:
    path: str
    body: Json
    at: datetime


@dataclass
class Account:
    """`templates`: the fields of each, by id and by which of the three ways it is sent."""

    kind: Literal["official", "mini"]
    app_id: str
    secret: str
    now: Callable[[], datetime]
    people: dict[str, Person] = field(default_factory=dict)
    templates: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    pages: set[str] = field(default_factory=lambda: {"pages/rate/rate"})
    media: dict[str, bytes] = field(default_factory=dict)
    accepted: list[Accepted] = field(default_factory=list)

    listed_ip: bool = True
    frozen: bool = False
    permanent_codes: int = 100_000
    issued: list[Token] = field(default_factory=list)
    asked_for_tokens: int = 0
    forced: list[datetime] = field(default_factory=list)
    sent: set[tuple[str, str]] = field(default_factory=set)
    logins: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    phones: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(200228332))

    # What people do

    def person(self, openid: str, **what: Any) -> Person:
        return self.people.setdefault(openid, Person(openid, **what))

    def wrote(self, openid: str) -> None:
        self._opened(openid, 5, timedelta(hours=48))

    def tapped(self, openid: str) -> None:
        """The menu; following and scanning count as much."""
        self._opened(openid, 3, timedelta(minutes=1))

    def _opened(self, openid: str, number: int, length: timedelta) -> None:
        person, now = self.people[openid], self.now()
        is_open = person.until is not None and person.until > now
        person.left = max(person.left if is_open else 0, number)
        person.until = max(person.until or now, now + length)

    def consented(self, openid: str, template: str, *, lasting: bool = False) -> None:
        if lasting:
            self.people[openid].lasting.add(template)
        else:
            self.people[openid].consents[template] += 1

    def log_in(self, openid: str) -> str:
        """What wx.login gives them."""
        code = secrets.token_hex(16)
        self.logins[code] = openid, self.now() + CODE_LIFE
        return code

    def show_phone(self, number: str) -> str:
        """What the button getPhoneNumber gives. `number`: the national one."""
        code = secrets.token_hex(32)
        self.phones[code] = number, self.now() + CODE_LIFE
        return code

    def of(self, path: str) -> list[Json]:
        """The bodies that were accepted there."""
        return [each.body for each in self.accepted if each.path == path]

    # Tokens

    def revoke(self) -> None:
        """All tokens end, as when somebody else has forced new ones; the next is another one."""
        self.issued.clear()

    def disown(self) -> None:
        """The last token is refused, and is given all the same to whoever asks without force."""
        self.revoked.add(self.issued[-1].value)

    def stable_token(self, *, force: bool) -> Json:
        self.asked_for_tokens += 1
        now = self.now()
        last = self.issued[-1] if self.issued else None
        if force:
            if len([at for at in self.forced if now - at < timedelta(days=1)]) >= 20:
                raise Says(45009, "reach max api daily quota limit")
            if self.forced and now - self.forced[-1] < timedelta(seconds=30):
                force = False
            else:
                self.forced.append(now)
        if last is None or force or last.ends - now <= HANDING_OVER:
            if last is not None:
                last.ends = min(last.ends, now + HANDING_OVER)
            value = f"{len(self.issued)}_{secrets.token_urlsafe(96)}"
            # The new one and the last one; no third.
            self.issued = [*self.issued[-1:], Token(value, now + LIFE)]
            last = self.issued[-1]
        seconds = int((last.ends - now).total_seconds())
        return {"access_token": last.value, "expires_in": seconds}

    def check_token(self, value: str) -> None:
        for token in self.issued:
            if secrets.compare_digest(token.value, value) and value not in self.revoked:
                if token.ends <= self.now():
                    raise Says(42001, "access_token expired")
                return
        raise Says(40001, "invalid credential, access_token is invalid or not latest")

    def check_secret(self, app_id: str, secret: str) -> None:
        if app_id != self.app_id:
            raise Says(40013, "invalid appid")
        if secret != self.secret:
            raise Says(40125, "invalid appsecret")
        if self.frozen:
            raise Says(40243, "appsecret is frozen")
        if not self.listed_ip:
            raise Says(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist")
