"""One beat over many open invitations, beside the same work row by row through the ORM.

    python -m tests.bench.tick [rows]

A tenth each is due for a reminder, for 未评, for a default, for closing; the rest is not due.
Last seen at a million, as ratios to row by row: reminder 9 (SQLite) and 27 (PostgreSQL), 未评 9 and
48, default 3 and 23, closing 43 and 75. The process grew by less than 1 MiB at 100,000 and at
1,000,000 alike.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing import get_context

from models.calendar.beijing import BEIJING
from models.calendar.working_days import WorkingDays
from models.database import opened
from models.keys import KeyRing
from models.links import Links
from models.notices import notice, put
from models.office import Office
from models.ratings.default import default
from models.ratings.ids import time_ordered_id
from models.ratings.subjects import subject_of
from models.rulebooks.shelf import Shelf
from models.sweeps.closing import close_invitations
from models.sweeps.reminders import remind
from models.sweeps.silence import record_silence
from models.tables import Case, Coverage, Evaluation, Invitation, LedgerLeaf
from models.tick import tick
from tests.bench.engines import ENGINES
from tests.models.crowd import Share, a_place, invite, look_closely
from tests.standing import StandingClock

ROWS = 1_000_000
SMALL = 100_000
SAMPLE = 500
"""Of each kind, row by row."""

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 2, 9, tzinfo=BEIJING)
LINK = 180 * DAY

# Each sweep finds its own share alone, when the clock comes to it.
REMINDED = NOW - 3 * DAY
MARKED = NOW - 2 * DAY
DEFAULTED = NOW - DAY
SHARES = {
    "reminder": Share("tianjin", NOW, NOW + LINK, remind_at=REMINDED, timely_until=NOW + 7 * DAY),
    "未评": Share("tianjin", NOW, NOW + LINK, timely_until=MARKED),
    "default": Share("chaoan", NOW, NOW + LINK, timely_until=DEFAULTED),
    "closing": Share("sanming", NOW - LINK, NOW),
    "not due": Share("chaoan", NOW, NOW + LINK, remind_at=NOW + DAY, timely_until=NOW + 7 * DAY),
}
Sweep = Callable[[Office], Awaitable[int]]
SWEEPS: dict[str, tuple[datetime, Sweep]] = {
    "reminder": (REMINDED, remind),
    "未评": (MARKED, record_silence),
    "default": (DEFAULTED, record_silence),
    "closing": (NOW, close_invitations),
}


@dataclass(frozen=True)
class Measured:
    """Rows a second, and MiB by which the process grew at most."""

    ours: dict[str, float]
    peer: dict[str, float]
    grown: float


async def remind_one(office: Office, row: Invitation) -> None:
    case = await Case.get_or_none(id=row.case_id)
    version = office.shelf.book(row.rulebook).version(row.version)
    if case is not None and case.applicant_phone and version.reminder is not None:
        body = {"invitation": row.id}
        await put([notice("reminder", row.key, body, now=office.now(), due=row.remind_at)])
    row.reminded_at = row.remind_at
    await row.save()


async def mark_one(_office: Office, row: Invitation) -> None:
    row.silence = "unrated"
    await row.save()


async def default_one(office: Office, row: Invitation) -> None:
    subject = await subject_of(row)
    version = office.shelf.book(row.rulebook).version(row.version)
    if version.silence is None or version.silence.default_level is None or not row.timely_until:
        raise RuntimeError("no default")
    level, due = version.silence.default_level, row.timely_until
    said = default(subject, version, level, due, time_ordered_id(office.now()), subject.taken)
    if said is not None:
        await Evaluation.create(**said.evaluation)
        await Coverage.bulk_create([Coverage(**each) for each in said.coverage])
        await LedgerLeaf.create(**said.leaf)
    row.silence = "default"
    await row.save()


async def close_one(_office: Office, row: Invitation) -> None:
    row.closed_at, row.closed_why = row.until, "expired"
    await row.save()


PEERS = {"reminder": remind_one, "未评": mark_one, "default": default_one, "closing": close_one}


async def row_by_row(office: Office, kind: str, first: int) -> float:
    """Load, decide, save, one transaction each: what one would write without thinking of time."""
    begun = time.perf_counter()
    for number in range(first, first + SAMPLE):
        async with office.database.transaction():
            await PEERS[kind](office, await Invitation.get(id=number))
    return SAMPLE / (time.perf_counter() - begun)


def peak() -> float:
    """Of this process so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(url: str, rows: int) -> Measured:
    keys, clock = KeyRing.fresh(), StandingClock(NOW)
    async with opened(url) as database:
        await database.migrate()
        office = Office(database, Shelf.load(), WorkingDays(), keys, Links(keys.link_key), clock)
        place, first = await a_place(office), 1
        firsts = {}
        for kind, share in SHARES.items():
            number = rows - first + 1 if kind == "not due" else rows // 10
            await invite(office, place, share, first=first, number=number)
            firsts[kind] = first
            first += number
        await look_closely(office)
        peer = {kind: await row_by_row(office, kind, firsts[kind]) for kind in SWEEPS}
        before, ours = peak(), {}
        for kind, (clock.at, sweep) in SWEEPS.items():
            begun = time.perf_counter()
            found = await sweep(office)
            ours[kind] = found / (time.perf_counter() - begun)
            if found != rows // 10 - SAMPLE:
                raise RuntimeError(f"{kind}: {found}")
        grown = peak() - before
        if await tick(replace(office, clock=clock)):
            raise RuntimeError("something was left")
        return Measured(ours, peer, grown)


def measured(url: str, rows: int) -> Measured:
    return asyncio.run(measure(url, rows))


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    line = "{:<12}{:>10}{:<2}{:<12}{:>12}{:>14}{:>8}"
    print(line.format("engine", "open", "", "sweep", "rows/s", "row by row/s", "ratio"))  # noqa: T201
    for engine, database in ENGINES.items():
        for number in sorted({min(rows, SMALL), rows}):
            # In a process of its own, or its peak would be that of whoever came before.
            with (
                database() as url,
                ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
            ):
                found = pool.submit(measured, url, number).result()
            for kind, rate in found.ours.items():
                other = found.peer[kind]
                cells = (f"{rate:,.0f}", f"{other:,.0f}", f"{rate / other:.0f}")
                print(line.format(engine, f"{number:,}", "", kind, *cells))  # noqa: T201
            print(f"{engine}, {number:,} open: grew by {found.grown:.1f} MiB")  # noqa: T201


if __name__ == "__main__":
    main()
