"""Codes that a report names, looked up for one integrator: its region and all below is what it may
speak of."""

from __future__ import annotations

from typing import Self, TypeVar

from tortoise.models import Model

from models.directory.regions import is_within
from models.refusals import Forbidden, UnknownReference
from models.tables import (
    Agency,
    Hall,
    Integrator,
    Platform,
    ServiceItem,
    Staff,
    Theme,
    Window,
)

Row = TypeVar("Row", bound=Model)


class Lookup:
    """Every method takes the code and the field it stood in. Raises UnknownReference, Forbidden."""

    def __init__(self, integrator: Integrator) -> None:
        self._region_id: int | None = integrator.region_id

    @classmethod
    def of_everything(cls) -> Self:
        """An operator's, at the machine itself."""
        return cls(Integrator(region_id=None))

    async def agency(self, code: str, field: str) -> Agency:
        found = _known(await Agency.get_or_none(code=code), "机构", code, field)
        await self.must_own(found.region_id, field=field)
        return found

    async def item(self, code: str, field: str) -> ServiceItem:
        row = await ServiceItem.get_or_none(code=code).select_related("agency")
        found = _known(row, "事项", code, field)
        await self.must_own(found.agency.region_id, field=field)
        return found

    async def staff(self, code: str, field: str) -> Staff:
        row = await Staff.get_or_none(code=code).select_related("agency")
        found = _known(row, "工作人员", code, field)
        await self.must_own(found.agency.region_id, field=field)
        return found

    async def window(self, code: str, field: str) -> Window:
        row = await Window.get_or_none(code=code).select_related("hall")
        found = _known(row, "窗口", code, field)
        await self.must_own(found.hall.region_id, field=field)
        return found

    async def hall(self, code: str, field: str) -> Hall:
        found = _known(await Hall.get_or_none(code=code), "大厅", code, field)
        await self.must_own(found.region_id, field=field)
        return found

    async def platform(self, code: str, field: str) -> Platform:
        found = _known(await Platform.get_or_none(code=code), "平台", code, field)
        await self.must_own(found.region_id, field=field)
        return found

    async def theme(self, code: str, field: str) -> Theme:
        found = _known(await Theme.get_or_none(code=code), "主题", code, field)
        await self.must_own(found.region_id, field=field)
        return found

    async def must_own(self, region_id: int, *, field: str) -> None:
        if self._region_id is not None and not await is_within(region_id, self._region_id):
            raise Forbidden("不在本系统负责的地区内", field=field)


def _known(row: Row | None, what: str, code: str, field: str) -> Row:
    if row is None:
        raise UnknownReference(f"没有代码为“{code}”的{what}", field=field)
    return row
