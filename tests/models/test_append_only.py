"""The database itself: what was said stays as it was said, and whose voice it was stays apart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from models.database import Database
from models.tables import (
    Account,
    AccountEvent,
    Agency,
    Coverage,
    Evaluation,
    LedgerLeaf,
    Opinion,
    OrderEvent,
    OrderFile,
    Region,
    WorkOrder,
)

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
KEPT: tuple[type[Model], ...] = (
    Evaluation,
    Coverage,
    LedgerLeaf,
    Opinion,
    OrderEvent,
    OrderFile,
    AccountEvent,
)


async def evaluation(region: Region, **other: Any) -> Evaluation:
    fields: dict[str, Any] = {
        "id": uuid4(),
        "provenance": "person",
        "ordinal": 1,
        "region": region,
        "submission": uuid4().hex,
        "rulebook": "chaoan",
        "version": 1,
        "level": 1,
        "reasons": {},
        "answers": {},
        "channel": "link",
        "credential": "link",
        "real_name": False,
        "late": False,
        "at": NOW,
    }
    return await Evaluation.create(**{**fields, **other})


@pytest.fixture
async def region(database: Database) -> Region:  # noqa: ARG001 - it must be open
    return await Region.create(code="445103", name="潮安区")


@pytest.fixture
async def one_of_each(region: Region) -> None:
    agency = await Agency.create(code="A", name="民政局", region=region)
    said = await evaluation(region)
    await Coverage.create(
        slot="1", evaluation=said, ordinal=1, level=1, target="item", agency=agency
    )
    await LedgerLeaf.create(evaluation=said, form=1, hash="0" * 64)
    await Opinion.create(
        id=uuid4(),
        submission="1",
        region=region,
        agency=agency,
        words="等了很久",
        channel="static_code",
        at=NOW,
    )
    order = await WorkOrder.create(
        evaluation=said,
        region=region,
        agency=agency,
        copied_to=[],
        state="open",
        rulebook="chaoan",
        version=1,
        opened_at=NOW,
    )
    event = await OrderEvent.create(
        order=order, sequence=1, kind="opened", at=NOW, actor="", details={}
    )
    await OrderFile.create(
        id=uuid4(), event=event, media_type="image/png", size=1, digest="0" * 64, content=b"1"
    )
    account = await Account.create(login="a", name="甲", role="operator", created_at=NOW)
    await AccountEvent.create(account=account, kind="made", at=NOW, by="system", details={})


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize("table", [table.__name__ for table in KEPT])
async def test_rows_are_only_added(database: Database, table: str) -> None:
    model = next(each for each in KEPT if each.__name__ == table)
    name = model.describe()["table"]
    before = await model.all().values()
    assert len(before) == 1
    changes = [f"UPDATE {name} SET id = id", f"DELETE FROM {name}"]  # noqa: S608
    if database.is_postgres:
        changes.append(f"TRUNCATE {name} CASCADE")
    for change in changes:
        with pytest.raises(IntegrityError, match="rows of this table are only added"):
            await database.connection.execute_query(change)
    assert await model.all().values() == before


@pytest.mark.usefixtures("one_of_each")
async def test_no_order_goes_away(database: Database) -> None:  # noqa: ARG001
    """Its row changes with its events, and stays."""
    with pytest.raises(IntegrityError, match="rows of this table are only added"):
        await WorkOrder.all().delete()
    assert await WorkOrder.all().count() == 1


@pytest.mark.usefixtures("one_of_each")
async def test_the_models_are_refused_too(database: Database) -> None:  # noqa: ARG001
    said = await Evaluation.get()
    said.level = 5
    with pytest.raises(IntegrityError):
        await said.save()
    with pytest.raises(IntegrityError):
        await Opinion.all().delete()
    assert await Opinion.all().count() == 1


PERSON: dict[str, Any] = {"provenance": "person"}
DEFAULT = {"provenance": "default", "ordinal": 0, "channel": None, "credential": None}
PROXY = {"provenance": "proxy", "channel": "paper", "credential": None, "keyed_by": "窗口3"}


@pytest.mark.parametrize("kind", [PERSON, DEFAULT, PROXY])
async def test_each_provenance_is_taken(region: Region, kind: dict[str, Any]) -> None:
    await evaluation(region, **kind)
    assert await Evaluation.filter(provenance=kind["provenance"]).count() == 1


@pytest.mark.parametrize(
    "mixed",
    [
        {"provenance": "robot"},
        {**PERSON, "ordinal": 0},
        {**PERSON, "channel": None},
        {**PERSON, "credential": None},
        {**PERSON, "keyed_by": "窗口3"},
        {**DEFAULT, "ordinal": 1},
        {**DEFAULT, "channel": "link"},
        {**DEFAULT, "credential": "link"},
        {**DEFAULT, "keyed_by": "窗口3"},
        {**PROXY, "ordinal": 0},
        {**PROXY, "keyed_by": None},
    ],
)
async def test_no_provenance_passes_for_another(region: Region, mixed: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        await evaluation(region, **mixed)
    assert await Evaluation.all().count() == 0


@pytest.mark.parametrize("level", [0, 6, -1])
async def test_there_are_five_levels(region: Region, level: int) -> None:
    with pytest.raises(IntegrityError):
        await evaluation(region, level=level)


async def test_one_submission_one_evaluation(region: Region) -> None:
    await evaluation(region, submission="same")
    with pytest.raises(IntegrityError):
        await evaluation(region, submission="same")
