"""Everything that is stored, so that two databases, or two towns in one, can be compared."""

from __future__ import annotations

from typing import Any

from tortoise.models import Model

import models.tables
from models.office import Office

TABLES: list[type[Model]] = [getattr(models.tables, name) for name in models.tables.__all__]

Row = dict[str, Any]


async def contents(table: type[Model]) -> list[Row]:
    """Every row by column, in order of age."""
    return await table.all().order_by("id").values()


async def everything() -> dict[str, list[Row]]:
    return {table.__name__: await contents(table) for table in TABLES}


def opened(office: Office, row: Row, table: str) -> Row:
    """The same with what was sealed in plain."""
    sealed = {
        name: office.keys.open(value, f"{table}.{name}")
        for name, value in row.items()
        if isinstance(value, str) and value.startswith("k1:")
    }
    return {**row, **sealed}
