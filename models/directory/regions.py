"""What a region has from those above it: the rulebook, the bureau, the right of an integrator."""

from __future__ import annotations

from typing import cast

from models.tables import Agency, Region

DEEPEST = 20
"""State, province, city, county, town, village: a chain as long as this is a circle."""

_CHAIN = """
WITH RECURSIVE chain (id, parent_id, distance) AS (
    SELECT id, parent_id, 0 FROM region WHERE id = {region_id:d}
    UNION ALL
    SELECT region.id, region.parent_id, chain.distance + 1
    FROM region JOIN chain ON region.id = chain.parent_id
    WHERE chain.distance < {deepest:d}
)
SELECT region.* FROM region JOIN chain ON region.id = chain.id ORDER BY chain.distance
"""

_BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT id FROM region WHERE id = {region_id:d}
    UNION
    SELECT region.id FROM region JOIN below ON region.parent_id = below.id
)
SELECT region.* FROM region JOIN below ON region.id = below.id
"""


async def chain(region_id: int) -> list[Region]:
    """The region, its parent, and so on up. Empty if there is no such region."""
    return await _raw(_CHAIN.format(region_id=region_id, deepest=DEEPEST))


async def ids_within(ancestor_id: int) -> frozenset[int]:
    """The region and all below."""
    return frozenset(row.id for row in await _raw(_BELOW.format(region_id=ancestor_id)))


async def rulebook_name(region_id: int) -> str | None:
    """Its own, or the nearest above."""
    return next((row.rulebook for row in await chain(region_id) if row.rulebook), None)


async def is_within(region_id: int, ancestor_id: int) -> bool:
    """A region is within itself."""
    return any(row.id == ancestor_id for row in await chain(region_id))


async def bureau_of(region_id: int) -> Agency | None:
    """政务服务主管部门 of the region or the nearest above. Of two in one region the older row."""
    return next(iter(await bureaux_of(region_id)), None)


async def bureaux_of(region_id: int) -> list[Agency]:
    """The nearest first."""
    nearness = {row.id: distance for distance, row in enumerate(await chain(region_id))}
    bureaux = await Agency.filter(region_id__in=nearness, party="bureau")
    return sorted(bureaux, key=lambda each: (nearness[each.region_id], each.id))


async def _raw(sql: str) -> list[Region]:
    return cast("list[Region]", await Region.raw(sql))
