"""静态二维码: one code a window, a hall or a terminal, printed and put up."""

from __future__ import annotations

import secrets

from tortoise.backends.base.client import BaseDBAsyncClient

from models.directory.lookup import Lookup
from models.office import Office
from models.tables import Hall, Platform, StaticCode, Window

CODE_BYTES = 6
"""8 characters: the address is printed and may be typed. It opens no case by itself."""


async def code_of_window(office: Office, lookup: Lookup, window: str) -> StaticCode:
    """The code of the window, made if there is none. Raises UnknownReference, Forbidden."""
    found = await lookup.window(window, "window")
    return await _one(office, window_id=found.id)


async def code_of_hall(office: Office, lookup: Lookup, hall: str) -> StaticCode:
    """Raises UnknownReference, Forbidden."""
    found = await lookup.hall(hall, "hall")
    return await _one(office, hall_id=found.id)


async def code_of_platform(office: Office, lookup: Lookup, platform: str) -> StaticCode:
    """Raises UnknownReference, Forbidden."""
    found = await lookup.platform(platform, "platform")
    return await _one(office, platform_id=found.id)


async def codes_of_windows(office: Office, hall: Hall) -> list[StaticCode]:
    """Of every window of the hall, in the order of the windows' codes; made where there is none."""
    windows = Window.filter(hall_id=hall.id)
    async with office.database.transaction() as connection:
        await _one_at_a_time(office, connection)
        without = await windows.filter(codes__id__isnull=True)
        await StaticCode.bulk_create([_fresh(office, window_id=each.id) for each in without])
    return await StaticCode.filter(window__hall_id=hall.id).order_by("window__code")


async def _one(office: Office, **place: int) -> StaticCode:
    async with office.database.transaction() as connection:
        await _one_at_a_time(office, connection)
        if (known := await StaticCode.filter(**place).first()) is not None:
            return known
        made = _fresh(office, **place)
        await made.save()
        return made


async def _one_at_a_time(office: Office, connection: BaseDBAsyncClient) -> None:
    """Two who ask at once for a place without a code would each print another one."""
    if office.database.is_postgres:
        await connection.execute_query("LOCK TABLE static_code IN SHARE ROW EXCLUSIVE MODE")


def _fresh(office: Office, **place: int) -> StaticCode:
    return StaticCode(code=secrets.token_urlsafe(CODE_BYTES), created_at=office.now(), **place)


async def place_of(code: StaticCode) -> str:
    """What the code stands for, as its sheet says it."""
    if code.window_id is not None:
        window = await Window.get(id=code.window_id).select_related("hall")
        return f"{window.hall.name}{window.name}"
    if code.hall_id is not None:
        return (await Hall.get(id=code.hall_id)).name
    return (await Platform.get(id=code.platform_id)).name
