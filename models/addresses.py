"""Where a database is, for whoever must say so before it is opened."""

from __future__ import annotations

from pathlib import Path


def embedded(folder: Path) -> str:
    """The URL of the embedded database in a data folder."""
    return f"sqlite://{folder / 'haochaping.sqlite3'}"
