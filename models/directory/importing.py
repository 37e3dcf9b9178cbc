"""All rows of an import, or none and what is wrong with each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.database import Database
from models.directory.kinds import KINDS, Kind
from models.directory.lines import BadRow, Line, check
from models.directory.regions import ids_within
from models.directory.rows import Row
from models.directory.standing import Standing
from models.directory.stored import Stored, load, store
from models.rulebooks.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Counts:
    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    counts: Mapping[str, Counts] = field(default_factory=dict)
    """By the kinds of the import. Empty if anything is bad: then nothing was stored."""
    bad: tuple[BadRow, ...] = ()


Checked = list[tuple[Line, Row]]


async def import_rows(
    database: Database, shelf: Shelf, rows: Iterable[Line], *, within: int | None = None
) -> ImportReport:
    """In any order: a row may name another one of the import, or a stored one. `within` is the
    region whose integrator sends the rows; what is not in it or below is refused."""
    lines = list(rows)
    results = [(line, check(line)) for line in lines]
    good = [(line, row) for line, row in results if isinstance(row, Row)]
    async with database.transaction() as connection:
        if database.is_postgres:
            # One import at a time. Ratings only read regions and go on.
            await connection.execute_query("LOCK TABLE region IN SHARE ROW EXCLUSIVE MODE")
        stored = await _stored(good)
        inside = None if within is None else await ids_within(within)
        standing = Standing(shelf, _first(lines), stored, _parents(good, stored["region"]), inside)
        bad = tuple(
            fault
            for line, result in results
            for fault in (standing.faults(line, result) if isinstance(result, Row) else result)
        )
        if bad:
            return ImportReport(bad=bad)
        return ImportReport(await _store(good, stored))


def _first(lines: Iterable[Line]) -> dict[tuple[str, str], Line]:
    first: dict[tuple[str, str], Line] = {}
    for line in lines:
        code = line.cells.get("code")
        if isinstance(code, str):
            first.setdefault((line.kind, code.strip()), line)
    return first


async def _stored(rows: Checked) -> dict[str, dict[str, Stored]]:
    """Whatever the rows are or name."""
    codes: dict[str, set[str]] = {name: set() for name in KINDS}
    for line, row in rows:
        codes[line.kind].add(row.code)
        for at, target in KINDS[line.kind].references.items():
            if (code := getattr(row, at)) is not None:
                codes[target].add(code)
    # A new parent can close a circle through regions that nobody names.
    every = any(line.kind == "region" for line, _ in rows)
    return {
        name: await load(kind, None if every and name == "region" else codes[name])
        for name, kind in KINDS.items()
    }


def _parents(rows: Checked, stored: Mapping[str, Stored]) -> dict[str, str | None]:
    parents = {code: region.values["parent"] for code, region in stored.items()}
    for line, row in rows:
        if line.kind == "region" and ("parent" in row.model_fields_set or row.code not in parents):
            parents[row.code] = getattr(row, "parent", None)
    return parents


async def _store(rows: Checked, stored: Mapping[str, Mapping[str, Stored]]) -> dict[str, Counts]:
    ids = {name: {code: each.id for code, each in stored[name].items()} for name in KINDS}
    counts: dict[str, Counts] = {}
    for name, kind in KINDS.items():
        wanted = [
            _wanted(row, stored[name].get(row.code)) for line, row in rows if line.kind == name
        ]
        if not wanted:
            continue
        differing = [
            row
            for row in wanted
            if row["code"] not in stored[name] or row != stored[name][row["code"]].values
        ]
        for level in filter(None, _levels(kind, differing, ids[name])):
            ids[name] |= await store(kind, level, ids)
        added = sum(row["code"] not in stored[name] for row in differing)
        counts[name] = Counts(added, len(differing) - added, len(wanted) - len(differing))
    return counts


def _wanted(row: Row, stored: Stored | None) -> dict[str, Any]:
    """What was not given stays as it is."""
    if stored is None:
        return row.model_dump(mode="json")
    return {**stored.values, **row.model_dump(mode="json", exclude_unset=True)}


def _levels(
    kind: Kind, rows: list[dict[str, Any]], ids: Mapping[str, int]
) -> Iterator[list[dict[str, Any]]]:
    """Parents before children. `ids` grows with every level that is stored."""
    if kind.name != "region":
        yield rows
        return
    while rows:
        ready = [row for row in rows if row["parent"] is None or row["parent"] in ids]
        rows = [row for row in rows if row["parent"] is not None and row["parent"] not in ids]
        yield ready
