"""An instant is one and the same in whichever zone it is written, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest

from models.calendar.beijing import BEIJING
from models.database import Database
from models.notices import notice
from models.tables import Notice

NOW = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
ZONES = [UTC, BEIJING, timezone(-timedelta(hours=9, minutes=30))]


async def keep(at: datetime, name: str = "note") -> None:
    note = notice("note", name, {}, now=at)
    await note.save()


@pytest.mark.parametrize("asked", ZONES, ids=str)
@pytest.mark.parametrize("kept", ZONES, ids=str)
@pytest.mark.parametrize("step", [SECOND, TICK], ids=str)
async def test_it_is_found_by_time(
    database: Database,  # noqa: ARG001 - it must be open
    kept: tzinfo,
    asked: tzinfo,
    step: timedelta,
) -> None:
    await keep(NOW.astimezone(kept))
    now = NOW.astimezone(asked)
    assert await Notice.filter(due_at=now).count() == 1
    assert await Notice.filter(due_at__lte=now).count() == 1
    assert await Notice.filter(due_at__lt=now).count() == 0
    assert await Notice.filter(due_at__lt=now + step).count() == 1
    assert await Notice.filter(due_at__gt=now - step).count() == 1


async def test_they_are_in_the_order_of_time(database: Database) -> None:  # noqa: ARG001
    moments = [NOW + n * TICK for n in range(3)] + [NOW + n * SECOND for n in range(1, 3)]
    for place, moment in enumerate(reversed(moments)):
        await keep(moment.astimezone(ZONES[place % 3]), f"note-{place}")
    found = [each.due_at for each in await Notice.all().order_by("due_at")]
    assert found == moments
    await Notice.filter(due_at=NOW).update(due_at=(NOW + 9 * SECOND).astimezone(BEIJING))
    last = await Notice.all().order_by("-due_at").first()
    assert last is not None
    assert last.due_at == NOW + 9 * SECOND
