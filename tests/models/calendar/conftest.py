"""A calendar that ends in 2026, however far the installed library reaches by now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from models.calendar.added_years import AddedYear, read_year
from models.calendar.working_days import WorkingDays
from models.calendar.year_plan import YearPlan, library_plans


@pytest.fixture(scope="session")
def until_2026() -> Mapping[int, YearPlan]:
    return {year: plan for year, plan in library_plans().items() if year <= 2026}


@pytest.fixture(scope="session")
def days(until_2026: Mapping[int, YearPlan]) -> WorkingDays:
    return WorkingDays(library=until_2026)


@pytest.fixture(scope="session")
def text_2027() -> str:
    return (Path(__file__).parent / "2027.toml").read_text("utf-8")


@pytest.fixture(scope="session")
def year_2027(text_2027: str, until_2026: Mapping[int, YearPlan]) -> AddedYear:
    return read_year(text_2027, "2027.toml", library=until_2026)


@pytest.fixture(scope="session")
def days_with_2027(until_2026: Mapping[int, YearPlan], year_2027: AddedYear) -> WorkingDays:
    return WorkingDays([year_2027], library=until_2026)
