"""Rows as the database has them, read and written many at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.directory.kinds import Kind
from models.tables import Agency, Hall, Platform, Region, ServiceItem, Staff, Theme, Window

TABLES: Final[Mapping[str, type[Model]]] = {
    "region": Region,
    "agency": Agency,
    "hall": Hall,
    "window": Window,
    "staff": Staff,
    "item": ServiceItem,
    "theme": Theme,
    "platform": Platform,
}
REGION_OF: Final = {
    "region": "id",
    "agency": "region_id",
    "hall": "region_id",
    "window": "hall__region_id",
    "staff": "agency__region_id",
    "item": "agency__region_id",
    "theme": "region_id",
    "platform": "region_id",
}
_AT_ONCE = 10_000
"""Codes in one query: both engines take some 32,000 parameters."""


@dataclass(frozen=True, slots=True)
class Stored:
    id: int
    region_id: int
    values: Mapping[str, Any]
    """The fields of its row, references by code."""


async def load(kind: Kind, codes: Collection[str] | None) -> dict[str, Stored]:
    """By code; all there are for None."""
    table = TABLES[kind.name]
    if codes is None:
        return await _load(kind, table.all())
    found: dict[str, Stored] = {}
    some = list(codes)
    for start in range(0, len(some), _AT_ONCE):
        found |= await _load(kind, table.filter(code__in=some[start : start + _AT_ONCE]))
    return found


async def _load(kind: Kind, rows: QuerySet[Model]) -> dict[str, Stored]:
    fields = {name: f"{name}__code" if name in kind.references else name for name in kind.headings}
    found = await rows.values(**fields, at_id="id", at_region=REGION_OF[kind.name])
    return {row["code"]: Stored(row.pop("at_id"), row.pop("at_region"), row) for row in found}


async def store(
    kind: Kind, rows: Sequence[Mapping[str, Any]], ids: Mapping[str, Mapping[str, int]]
) -> dict[str, int]:
    """Insert or, where there is the code, update; the id of each code. `ids` has those of the
    references, by kind and code."""
    table = TABLES[kind.name]
    columns = {name: f"{name}_id" if name in kind.references else name for name in kind.headings}
    objects = [
        table(**{columns[name]: _value(kind, name, row[name], ids) for name in columns})
        for row in rows
    ]
    changing = [column for column in columns.values() if column != "code"]
    await table.bulk_create(objects, on_conflict=["code"], update_fields=changing)
    return {
        code: each.id for code, each in (await load(kind, [row["code"] for row in rows])).items()
    }


def _value(kind: Kind, name: str, value: object, ids: Mapping[str, Mapping[str, int]]) -> object:
    target = kind.references.get(name)
    return value if target is None or value is None else ids[target][str(value)]
