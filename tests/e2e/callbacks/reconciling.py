"""What must be in the database once everything is answered: what citizens meant, once, and nothing
else. Read with plain SQL."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap
from typing import Any, Final

from tests.e2e.callbacks.citizens import Citizen
from tests.e2e.callbacks.scripts import Opined, Rated
from tests.e2e.callbacks.sending import Message
from tests.e2e.killing.reconciling import rows

_NONE_OF: Final = {
    "rating without leaf": "FROM evaluation e WHERE NOT EXISTS"
    " (SELECT 1 FROM ledger_leaf l WHERE l.evaluation_id = e.id)",
    "rating of nobody's": "FROM evaluation e WHERE NOT EXISTS"
    " (SELECT 1 FROM held_receipt h WHERE h.evaluation_id = e.id)",
    "bad rating without its order": "FROM evaluation e WHERE e.level <= 2 AND 1 <>"
    " (SELECT COUNT(*) FROM work_order o WHERE o.evaluation_id = e.id)",
    "order of no bad rating": "FROM work_order o JOIN evaluation e ON e.id = o.evaluation_id"
    " WHERE e.level > 2",
    "order that nobody is told of": "FROM work_order o WHERE 1 <> (SELECT COUNT(*) FROM notice n"
    " WHERE n.once LIKE 'complaint:' || CAST(o.id AS TEXT) || ':%')",
    "message without an answer": "FROM chat_message WHERE answered_at IS NULL",
    "message to be worked on": "FROM chat_message WHERE next_at IS NOT NULL",
}
_RATINGS: Final = (
    "SELECT c.number, e.ordinal, e.level, e.reasons FROM evaluation e"
    " LEFT JOIN invitation i ON i.id = e.invitation_id LEFT JOIN case_file c ON c.id = i.case_id"
)


async def faults(
    url: str, wanted: Counter[Rated | Opined], citizens: Sequence[Citizen]
) -> list[str]:
    """Every discrepancy, in words."""
    found = [
        f"{name}: {len(bad)}"
        for name, sql in _NONE_OF.items()
        if (bad := await rows(url, f"SELECT 1 {sql}"))
    ]
    stored: Counter[Rated | Opined] = Counter(starmap(_rated, await rows(url, _RATINGS)))
    stored.update(starmap(Opined, await rows(url, "SELECT level, words FROM opinion")))
    found += [f"lost: {each}" for each in (wanted - stored).elements()]
    found += [f"nobody meant: {each}" for each in (stored - wanted).elements()]
    people = await rows(url, "SELECT app, follows, openid_hash FROM rater")
    found += _differ(
        "followers",
        Counter((each.app, each.follows) for each in citizens),
        Counter((app, bool(follows)) for app, follows, _ in people),
    )
    (out,) = await rows(url, "SELECT COUNT(*) FROM opt_out")
    found += _differ("opted out", sum(each.opted_out for each in citizens), out[0])
    return found + await _answered(url, [message for each in citizens for message in each.sent])


def _rated(number: str | None, ordinal: int, level: int, reasons: str) -> Rated:
    given = list(json.loads(reasons).values())
    words = "".join(each["words"] for each in given)
    return Rated(number, ordinal, level, words, sum(len(each["indicators"]) for each in given))


async def _answered(url: str, messages: Iterable[Message]) -> list[str]:
    kept = {(app, once): number for app, once, number in await rows(url, _KEPT)}
    late = {once for (once,) in await rows(url, "SELECT once FROM notice WHERE kind = 'answer'")}
    found: list[str] = []
    for message in messages:
        number = kept.pop((message.app, message.once), None)
        if (number is not None) != message.kept:
            found.append(f"kept, or not: {message.xml}")
        found += _told(message, later=f"answer:{number}" in late)
    return found + [f"kept, and sent by nobody: {each}" for each in kept.values()]


_KEPT: Final = "SELECT app, once, id FROM chat_message"


def _told(message: Message, *, later: bool) -> Iterator[str]:
    words = [each for each in message.answers if each is not None]
    if len(words) > 1:
        yield f"answered differently: {message.xml} {words}"
    if words and later:
        yield f"told twice: {message.xml}"
    if message.kept and not words and not later:
        yield f"never told: {message.xml}"


def _differ(what: str, wanted: Any, stored: Any) -> list[str]:
    return [] if wanted == stored else [f"{what}: {wanted} wanted, {stored} stored"]
