"""Locks of the intake and of what is keyed in. Two reports about one case, or about two cases of
one group, must not each decide without having seen the other.

Rules: inside the transaction; before anything is read that the decision rests on; the case first,
its group after it, its call last. On SQLite every transaction holds the write lock from its begin
(`models/sqlite.py`), which is more than enough.
"""

from __future__ import annotations

from tortoise.backends.base.client import BaseDBAsyncClient

_CASE, _GROUP, _CALL, _ENTRY = 1, 2, 3, 4


async def lock_case(connection: BaseDBAsyncClient, number: str) -> None:
    """By number, since a visit or a completion may come before its case has a row to lock."""
    await _lock(connection, _CASE, number)


async def lock_group(connection: BaseDBAsyncClient, number: str) -> None:
    await _lock(connection, _GROUP, number)


async def lock_call(connection: BaseDBAsyncClient, number: str) -> None:
    await _lock(connection, _CALL, number)


async def lock_entry(connection: BaseDBAsyncClient, submission: str) -> None:
    """By itself: the same entry, sent twice at once; the second finds the first stored."""
    await _lock(connection, _ENTRY, submission)


async def _lock(connection: BaseDBAsyncClient, space: int, name: str) -> None:
    if connection.capabilities.dialect == "postgres":
        await connection.execute_query(
            "SELECT pg_advisory_xact_lock($1, hashtext($2))", [space, name]
        )
