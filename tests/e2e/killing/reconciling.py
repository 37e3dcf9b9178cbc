"""What must be true of the database and of the gateway's book once everything has settled: read
with plain SQL, and compared with what the customers remember."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import asyncpg

from tests.e2e.killing.customers import Told

_NONE_OF: Final = {
    "evaluation without leaf": "FROM evaluation e WHERE NOT EXISTS"
    " (SELECT 1 FROM ledger_leaf l WHERE l.evaluation_id = e.id)",
    "evaluation without coverage": "FROM evaluation e WHERE NOT EXISTS"
    " (SELECT 1 FROM coverage c WHERE c.evaluation_id = e.id)",
    "invitation rated twice": "FROM evaluation e"
    " GROUP BY e.invitation_id, e.ordinal HAVING COUNT(*) > 1",
    "bad rating without order": "FROM evaluation e WHERE e.ordinal = 1 AND e.level <= 2"
    " AND NOT EXISTS (SELECT 1 FROM work_order o WHERE o.evaluation_id = e.id)",
    "order of no bad rating": "FROM work_order o JOIN evaluation e ON e.id = o.evaluation_id"
    " WHERE e.level > 2 OR e.provenance <> 'person'",
    "order without first event": "FROM work_order o WHERE 1 <>"
    " (SELECT COUNT(*) FROM order_event v WHERE v.order_id = o.id)",
    "order without clock": "FROM work_order o WHERE NOT EXISTS"
    " (SELECT 1 FROM order_deadline d WHERE d.order_id = o.id)",
    "order that nobody is told of": "FROM work_order o WHERE 1 <> (SELECT COUNT(*) FROM notice n"
    " WHERE n.once LIKE 'complaint:' || CAST(o.id AS TEXT) || ':%')",
    "bad rating without thanks": "FROM evaluation e WHERE e.ordinal = 1 AND e.level <= 2 AND NOT"
    " EXISTS (SELECT 1 FROM notice n WHERE n.once = 'thanks:' || CAST(e.id AS TEXT))",
    "rated invitation left open": "FROM evaluation e JOIN invitation i ON i.id = e.invitation_id"
    " WHERE e.ordinal = 1 AND (i.closed_why IS NULL OR i.closed_why <> 'rated')",
    "invitation closed by no rating": "FROM invitation i WHERE i.closed_why = 'rated' AND NOT"
    " EXISTS (SELECT 1 FROM evaluation e WHERE e.invitation_id = i.id AND e.ordinal = 1)",
    "default not recorded, or not given": "FROM invitation i WHERE"
    " (CASE WHEN i.silence = 'default' THEN 1 ELSE 0 END) <> (SELECT COUNT(*) FROM evaluation e"
    " WHERE e.invitation_id = i.id AND e.provenance = 'default')",
    "reminded and no reminder, or the reverse": "FROM invitation i WHERE"
    " (CASE WHEN i.reminded_at IS NULL THEN 0 ELSE 1 END) <>"
    " (SELECT COUNT(*) FROM notice n WHERE n.once = 'reminder:' || i.key)",
    "completion that opened nothing": "FROM completion p WHERE NOT EXISTS (SELECT 1 FROM"
    " case_file c JOIN invitation i ON i.case_id = c.id WHERE c.number = p.case_number)",
    "notice given up": "FROM notice n WHERE n.state = 'dead'",
    "notice sent and never taken": "FROM notice n WHERE n.state = 'sent' AND NOT EXISTS"
    " (SELECT 1 FROM notice_attempt a WHERE a.notice_id = n.id AND a.taken)",
    "reminder withdrawn from who has not rated": "FROM notice n JOIN invitation i"
    " ON n.once = 'reminder:' || i.key WHERE n.state = 'withdrawn' AND i.closed_why IS NULL",
}
"""Rows that are too many, wherever the process was killed."""

_SETTLED: Final = "FROM notice n WHERE n.state NOT IN ('sent', 'withdrawn') AND n.kind {}"
_RATINGS: Final = (
    "SELECT c.number, e.level, e.provenance FROM evaluation e"
    " JOIN invitation i ON i.id = e.invitation_id JOIN case_file c ON c.id = i.case_id"
)
_REMINDERS: Final = (
    "SELECT c.number, n.state FROM notice n JOIN invitation i ON n.once = 'reminder:' || i.key"
    " JOIN case_file c ON c.id = i.case_id"
)


async def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    if url.startswith("sqlite://"):
        with sqlite3.connect(url.removeprefix("sqlite://"), timeout=10) as connection:
            return connection.execute(sql).fetchall()
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(sql)]
    finally:
        await connection.close()


async def unsettled(url: str, *, staff: bool) -> int:
    """Notices that are still to be sent; `staff`: those to agencies too."""
    which = "IS NOT NULL" if staff else "NOT LIKE 'complaint%'"
    ((number,),) = await rows(url, f"SELECT COUNT(*) {_SETTLED.format(which)}")
    return int(number)


async def faults(
    url: str, told: Sequence[Told], counted: dict[str, Any], *, silence_is_over: bool
) -> list[str]:
    """Every discrepancy, in words. `counted`: the gateway's book. `silence_is_over`: whoever did
    not rate has been reminded, and the default is there."""
    found = [
        f"{name}: {len(bad)}"
        for name, sql in _NONE_OF.items()
        if (bad := await rows(url, f"SELECT 1 {sql}"))
    ]
    found += _rated(told, await rows(url, _RATINGS), silence_is_over=silence_is_over)
    reminders = await rows(url, _REMINDERS)
    return found + _written_to(told, reminders, counted, silence_is_over=silence_is_over)


def _rated(
    told: Sequence[Told], ratings: Sequence[tuple[Any, ...]], *, silence_is_over: bool
) -> list[str]:
    stored = Counter(ratings)
    wanted = Counter((each.number, each.level, "person") for each in told if each.level is not None)
    persons = Counter({row: n for row, n in stored.items() if row[2] == "person"})
    found = [f"rating lost: {row}" for row in wanted - persons]
    found += [f"rating that nobody gave: {row}" for row in persons - wanted]
    found += [f"unanswered: {each.number}" for each in told if each.level and not each.receipt]
    for each in told:
        defaults = stored[each.number, 5, "default"]
        if each.level is None and defaults != int(silence_is_over):
            found.append(f"{defaults} defaults of {each.number}")
    return found


def _written_to(
    told: Sequence[Told],
    reminders: Sequence[tuple[Any, ...]],
    counted: dict[str, Any],
    *,
    silence_is_over: bool,
) -> list[str]:
    """Under which keys the gateway took something for each number."""
    found = [f"one key, two numbers: {key}" for key in counted["changed"]]
    messages = Counter((to, _kind(text)) for to, text in counted["taken"].values())
    states = dict(reminders)
    for each in told:
        to = f"+86{each.phone}"
        thanks, reminded = messages.pop((to, "thanks"), 0), messages.pop((to, "reminder"), 0)
        if thanks != (each.level in (1, 2)):
            found.append(f"{thanks} thanks to {each.number}")
        # Withdrawn: the gateway may have taken it, by a process that did not live to say so.
        due = {"sent": (1,), "withdrawn": (0, 1)}.get(states.get(each.number, ""), (0,))
        if reminded not in due or (each.level is None and silence_is_over and due != (1,)):
            found.append(f"{reminded} reminders to {each.number}: {states.get(each.number)}")
    return found + [f"a message to nobody: {kind}" for _, kind in messages]


def _kind(text: str) -> str:
    return "thanks" if "已收到，谢谢" in text else "reminder" if "还没有评价" in text else text
