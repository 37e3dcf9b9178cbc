"""What an operator has laid into the data folder: own rulebooks, years with their notices."""

from __future__ import annotations

from api.settings import Settings
from models.calendar.working_days import WorkingDays
from models.rulebooks.shelf import Shelf


def load_shelf(settings: Settings) -> Shelf:
    """Raises RulebookFaults."""
    own = settings.rulebook_folder
    return Shelf.load(*([own] if own.is_dir() else []))


def load_days(settings: Settings) -> WorkingDays:
    """Raises YearFaults."""
    added = settings.calendar_folder
    return WorkingDays.load(added if added.is_dir() else None)
