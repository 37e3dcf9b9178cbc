"""Passwords: argon2id, no rule but that they are hard to guess.

At least 12 characters, and not what zxcvbn finds within 10^8 guesses: neither of a list of the
common ones, nor the login with a year.
"""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

from models.refusals import Invalid

SHORTEST: Final = 12
LONGEST: Final = 128
_EXAMINED: Final = 72
"""zxcvbn takes no more; what is longer is hard enough in that part."""
_STRONG: Final = 3
"""Of zxcvbn's 4: more than 10^8 guesses."""
_COMMON_HERE: Final = (
    "haochaping", "zhengwu", "fuwu", "zhengfu", "guanliyuan", "mima", "woaini", "5201314",
    "1314520", "xiaoming", "zhongguo", "beijing", "huawei", "admin", "password",
    "好差评", "政务服务", "管理员", "密码",
)  # fmt: skip
"""Beside zxcvbn's own lists, which know no pinyin."""

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's: 19 MiB and a thirtieth of a second beside callers who are listened to."""
_THREADS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
"""However many sign in at once: two of them have 19 MiB each."""
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another."""


class PasswordUnfit(Invalid):
    code = "password_unfit"

    def __init__(self, message: str) -> None:
        super().__init__(message, field="password")


def check_fit(password: str, *known: str) -> None:
    """`known`: what anybody would try first for this person. Raises PasswordUnfit."""
    if len(password) < SHORTEST:
        raise PasswordUnfit(f"密码至少{SHORTEST}个字符。")
    if len(password) > LONGEST:
        raise PasswordUnfit(f"密码不能超过{LONGEST}个字符。")
    found = zxcvbn(_normal(password)[:_EXAMINED], user_inputs=[*known, *_COMMON_HERE])
    if found["score"] < _STRONG:
        raise PasswordUnfit("这个密码容易被猜到。请用几个不相关的词，或更长的密码。")


def one_time() -> str:
    """For whoever gets an account, until they choose their own: 78 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


async def hashed(password: str) -> str:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, _HASHER.hash, _normal(password))


async def matches(stored: str | None, password: str) -> bool:
    """None: nobody's password. It takes as long, so that the time tells no login."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, _matches, stored, _normal(password[:LONGEST]))


def _matches(stored: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(stored or _nobodys(), password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def is_dated(stored: str) -> bool:
    """Hashed with other parameters than now."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe())


def _normal(password: str) -> str:
    """However the keyboard composes it."""
    return unicodedata.normalize("NFKC", password)
