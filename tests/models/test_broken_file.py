"""A file that is no database is said to be none, and keeps nobody waiting."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.addresses import embedded
from models.database import DatabaseFault, opened


@pytest.fixture
def broken_url(tmp_path: Path) -> str:
    url = embedded(tmp_path)
    Path(url.removeprefix("sqlite://")).write_bytes(b"no database at all " * 200)
    return url


async def test_a_file_that_is_no_database_is_told_each_time(broken_url: str) -> None:
    async with opened(broken_url) as database:
        for _ in range(2):
            with pytest.raises(DatabaseFault, match="无法打开"):
                await database.check_schema()
        with pytest.raises(DatabaseFault, match="无法打开"):
            await database.migrate()
