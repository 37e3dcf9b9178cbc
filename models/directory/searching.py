"""Rows of the directory, found by a part of their name or code."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tortoise.expressions import Q

from models.directory.kinds import Kind
from models.directory.lines import WORDS
from models.directory.rows import SEPARATOR
from models.directory.stored import REGION_OF, TABLES


async def search(
    kind: Kind, text: str, within: Collection[int] | None, *, offset: int, limit: int
) -> list[Mapping[str, str]]:
    """In the order of their codes, each as the words of its columns; what it refers to by name and
    code. `within`: ids of regions, None: everywhere."""
    found = TABLES[kind.name].filter(Q(name__icontains=text) | Q(code__icontains=text))
    if within is not None:
        found = found.filter(**{f"{REGION_OF[kind.name]}__in": list(within)})
    columns = {name: f"{name}__code" if name in kind.references else name for name in kind.headings}
    names = {f"{name}_name": f"{name}__name" for name in kind.references}
    rows = await found.order_by("code").offset(offset).limit(limit).values(**columns, **names)
    return [{name: _words(row, name) for name in kind.headings} for row in rows]


def _words(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if value is None:
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f" {SEPARATOR} ".join(value)
    if (called := row.get(f"{name}_name")) is not None:
        return f"{called}（{value}）"
    return WORDS.get(value, value) if name in ("party", "kind") else str(value)
