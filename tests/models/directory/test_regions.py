from __future__ import annotations

import pytest

from models.directory.regions import (
    bureau_of,
    chain,
    ids_within,
    is_within,
    rulebook_name,
)
from models.tables import Agency, Region

pytestmark = pytest.mark.usefixtures("database")


async def tree() -> tuple[Region, Region, Region, Region]:
    """A city with a rulebook, its county, the county's town, and a county with its own rulebook."""
    city = await Region.create(code="445100", name="潮州市", rulebook="chaozhou")
    county = await Region.create(code="445103", name="潮安区", parent=city)
    town = await Region.create(code="445103101", name="庵埠镇", parent=county)
    other = await Region.create(code="445122", name="饶平县", parent=city, rulebook="raoping")
    return city, county, town, other


async def test_a_chain_goes_from_the_region_up() -> None:
    city, county, town, _ = await tree()
    assert [region.id for region in await chain(town.id)] == [town.id, county.id, city.id]
    assert await chain(-1) == []


async def test_a_rulebook_is_its_own_or_the_nearest_above() -> None:
    city, _, town, other = await tree()
    assert await rulebook_name(city.id) == "chaozhou"
    assert await rulebook_name(town.id) == "chaozhou"
    assert await rulebook_name(other.id) == "raoping"
    alone = await Region.create(code="1", name="无规则书")
    assert await rulebook_name(alone.id) is None


async def test_within_goes_down_and_not_across() -> None:
    city, county, town, other = await tree()
    assert await is_within(town.id, city.id)
    assert await is_within(town.id, town.id)
    assert not await is_within(city.id, town.id)
    assert not await is_within(town.id, other.id)
    assert not await is_within(-1, city.id)
    assert await ids_within(county.id) == {county.id, town.id}
    assert await ids_within(city.id) == {city.id, county.id, town.id, other.id}


async def test_the_bureau_is_the_nearest() -> None:
    city, county, town, other = await tree()
    assert await bureau_of(town.id) is None
    of_city = await Agency.create(code="A", name="市政数局", region=city, party="bureau")
    await Agency.create(code="B", name="区民政局", region=county, party="agency")
    assert await bureau_of(town.id) == of_city
    of_county = await Agency.create(code="C", name="区政数局", region=county, party="bureau")
    await Agency.create(code="D", name="另一个", region=county, party="bureau")
    assert await bureau_of(town.id) == of_county
    assert await bureau_of(other.id) == of_city


async def test_a_circle_ends() -> None:
    """The import refuses circles; whoever writes SQL can still make one."""
    city, county, _, other = await tree()
    await Region.filter(id=city.id).update(parent_id=county.id, rulebook=None)
    assert await rulebook_name(county.id) is None
    assert not await is_within(county.id, other.id)
    assert county.id in await ids_within(city.id)
