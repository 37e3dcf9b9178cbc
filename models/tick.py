"""What time does by itself."""

from __future__ import annotations

from models.office import Office
from models.settling import settle


async def tick(office: Office) -> int:
    """Do everything that is due by now; how much was done. Safe to repeat."""
    return await settle(office)
