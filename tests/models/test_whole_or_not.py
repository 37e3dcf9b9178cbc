"""Stored whole or not at all: the database fails at each table in turn, and nothing is left."""

from __future__ import annotations

import pytest

from models.cases.facts import GroupKind
from models.cases.reports import Report
from models.database import Database
from models.ratings.submit import submit
from models.tables import Invitation, Notice, WorkOrder
from models.words import Level
from tests.models.broken import refusing
from tests.models.contents import everything
from tests.models.ratings.said import rating, reasons
from tests.models.town import Town, call, case, done, member, under, visit

FAILURE = Exception
"""Each engine fails in its own way: what matters is what it leaves."""

WRITTEN_BY_A_RATING = [
    ("evaluation", "INSERT"),
    ("coverage", "INSERT"),
    ("ledger_leaf", "INSERT"),
    ("invitation", "UPDATE"),
    ("work_order", "INSERT"),
    ("order_event", "INSERT"),
    ("order_deadline", "INSERT"),
    ("notice", "INSERT"),
]


@pytest.mark.parametrize(("table", "verb"), WRITTEN_BY_A_RATING)
async def test_a_rating_is_stored_whole_or_not_at_all(
    town: Town, database: Database, table: str, verb: str
) -> None:
    await town.report(member("C1", GroupKind.THEME), member("C2", GroupKind.THEME, 2))
    await town.report(done("C1"), done("C2"))
    overall = await Invitation.get(key="group:1/completion")
    before = await everything()
    said = rating(Level.DISSATISFIED, **reasons(item="慢"))
    async with refusing(database, table, verb):
        with pytest.raises(FAILURE):
            await submit(town.office, overall, said)
        assert await everything() == before
    receipt = await submit(town.office, overall, said)
    assert receipt.order is not None
    assert await WorkOrder.all().count() == 1
    assert await Notice.filter(kind="complaint").count() == 1


WRITTEN_BY_A_REPORT: list[tuple[str, Report, list[Report]]] = [
    ("case_group", member("C1", GroupKind.PARALLEL), []),
    ("case_file", member("C1", GroupKind.PARALLEL), []),
    ("visit", visit(), [case()]),
    ("completion", done(), [case()]),
    ("invitation", visit(), [case()]),
    ("invitation", done(), [case()]),
    ("invitation", case(), [visit(), done()]),
    ("notice", visit(), [case()]),
    ("notice", case(), [visit(), done()]),
    ("call", call(), []),
    ("invitation", call(), []),
]


@under("sanming")
@pytest.mark.parametrize(
    ("table", "report", "before"),
    WRITTEN_BY_A_REPORT,
    ids=[f"{table}-{type(report).__name__}" for table, report, _ in WRITTEN_BY_A_REPORT],
)
async def test_a_report_is_stored_whole_or_not_at_all(
    town: Town, database: Database, table: str, report: Report, before: list[Report]
) -> None:
    if before:
        await town.report(*before)
    stored = await everything()
    async with refusing(database, table):
        with pytest.raises(FAILURE):
            await town.report(report)
        assert await everything() == stored
    assert (await town.report(report)).fresh
