"""Each sweep finds what is due by an index that holds little else (migration 0004)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tortoise.queryset import QuerySet

from models.office import Office
from models.sweeps import closing, reminders, silence
from models.sweeps.batches import BATCH
from tests.models.crowd import Share, a_place, invite, look_closely
from tests.standing import MONDAY

DAY = timedelta(days=1)
FRESH = Share(
    "chaoan",
    opened_at=MONDAY,
    until=MONDAY + 180 * DAY,
    remind_at=MONDAY + DAY,
    timely_until=MONDAY + 7 * DAY,
)
SETTLED = Share(
    "chaoan",
    opened_at=MONDAY - 30 * DAY,
    until=MONDAY + 150 * DAY,
    remind_at=MONDAY - 29 * DAY,
    reminded_at=MONDAY - 29 * DAY,
    timely_until=MONDAY - 23 * DAY,
    silence="default",
)
DUE = Share(
    "chaoan",
    opened_at=MONDAY - 200 * DAY,
    until=MONDAY - 20 * DAY,
    remind_at=MONDAY - 199 * DAY,
    timely_until=MONDAY - 193 * DAY,
)
CROWD = 10_000
QUERIES = {
    "due_reminder": reminders.due,
    "due_silence": silence.due,
    "due_closing": closing.ended,
    "due_follow_up": closing.over,
}


async def plan(office: Office, query: QuerySet[Any]) -> str:
    explain = "EXPLAIN" if office.database.is_postgres else "EXPLAIN QUERY PLAN"
    sql = query.limit(BATCH).only("id").sql(params_inline=True)
    rows = await office.database.connection.execute_query_dict(f"{explain} {sql}")
    return "\n".join(str(list(row.values())[-1]) for row in rows)


async def test_what_is_due_is_found_by_its_index(office: Office) -> None:
    place = await a_place(office)
    await invite(office, place, FRESH, first=1, number=CROWD)
    await invite(office, place, SETTLED, first=CROWD + 1, number=CROWD)
    await invite(office, place, DUE, first=2 * CROWD + 1, number=10)
    await look_closely(office)
    plans = {name: await plan(office, query(MONDAY)) for name, query in QUERIES.items()}
    assert {name for name, found in plans.items() if name not in found} == set(), plans
    assert not [found for found in plans.values() if "Seq Scan" in found or "SCAN" in found], plans
