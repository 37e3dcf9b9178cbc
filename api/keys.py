"""What the application carries, by typed key."""

from __future__ import annotations

from aiohttp import web

from api.settings import Settings
from models.office import Office

OFFICE = web.AppKey("office", Office)
SETTINGS = web.AppKey("settings", Settings)
