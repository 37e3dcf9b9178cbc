"""Years an operator adds as data: one TOML file a year, checked before anything relies on it.

A file must not contradict the library: one of the two was copied wrongly, and a legal deadline must
not depend on which was asked. The one exception is a year the State Council changed afterwards, as
it did in 2020 (国办发明电〔2020〕1号): such a file names that notice in `amends`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from models.calendar.spans import day_text
from models.calendar.year_checks import breaches, contradictions
from models.calendar.year_plan import SATURDAY, YearPlan, library_plans

_YEARS: Final = range(2000, 2101)
_KEYS: Final = {"year", "notice", "amends", "working", "holiday"}
_HOLIDAY_KEYS: Final = {"name", "days"}


@dataclass(frozen=True, slots=True)
class Fault:
    file: str
    key: str
    """As TOML would name it, list places counted from 1: holiday[2].days."""
    message: str

    def __str__(self) -> str:
        return "：".join(part for part in (self.file, self.key, self.message) if part)


class YearFaults(ValueError):
    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class AddedYear:
    plan: YearPlan
    notice: str
    file: str
    amends: str | None = None

    @property
    def year(self) -> int:
        return self.plan.year


def read_year(text: str, file: str, *, library: Mapping[int, YearPlan] | None = None) -> AddedYear:
    """Raises YearFaults with everything that is wrong with the file, not only the first."""
    reading = _Reading(file)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reading.fault("", _not_toml(error))
        raise YearFaults(tuple(reading.faults)) from None
    added = reading.year(raw, library_plans() if library is None else library)
    if reading.faults:
        raise YearFaults(tuple(reading.faults))
    return added


def load_folder(
    path: Path, *, library: Mapping[int, YearPlan] | None = None
) -> tuple[AddedYear, ...]:
    """A folder that is not there holds no years. Raises YearFaults with the faults of all files."""
    years: list[AddedYear] = []
    faults: list[Fault] = []
    for file in sorted(path.glob("*.toml")):
        try:
            # utf-8-sig: Windows editors put a mark at the start of the file.
            years.append(read_year(file.read_text("utf-8-sig"), file.name, library=library))
        except YearFaults as refused:
            faults.extend(refused.faults)
        except UnicodeDecodeError:
            faults.append(Fault(file.name, "", "不是 UTF-8 编码的文本"))
    if faults:
        raise YearFaults(tuple(faults))
    return tuple(years)


def _not_toml(error: tomllib.TOMLDecodeError) -> str:
    place = re.search(r"line (\d+), column (\d+)", str(error))
    where = f"第{place[1]}行第{place[2]}列" if place else "文件末尾"
    return f"{where}不合 TOML 写法，或日期不存在"


@dataclass(slots=True)
class _Reading:
    file: str
    faults: list[Fault] = field(default_factory=list)
    off: dict[date, str] = field(default_factory=dict)
    make_up: set[date] = field(default_factory=set)

    def fault(self, key: str, message: str) -> None:
        self.faults.append(Fault(self.file, key, message))

    def _all(self, key: str, messages: Iterable[str]) -> None:
        for message in messages:
            self.fault(key, message)

    def year(self, raw: dict[str, Any], library: Mapping[int, YearPlan]) -> AddedYear:
        for key in sorted(raw.keys() - _KEYS):
            self.fault(key, "不认识的键")
        year = self._number(raw.get("year"))
        notice = self._words(
            "notice", raw.get("notice"), "缺少通知文号，例如“国办发明电〔2026〕7号”"
        )
        amends = raw.get("amends")
        if amends is not None:
            amends = self._words("amends", amends, "应写明作出调整的通知文号")
        self._holidays(raw.get("holiday"), year)
        self._working(raw.get("working"), year)
        plan = YearPlan(year, self.off, frozenset(self.make_up))
        if year and self.off:
            self._all("holiday", breaches(year, self.off))
        if year in library and self.off and not amends:
            self._all("year", contradictions(plan, library[year]))
        return AddedYear(plan, notice, self.file, amends)

    def _number(self, value: object) -> int:
        if type(value) is not int or value not in _YEARS:
            self.fault("year", "缺少年份，或年份不是2000至2100之间的整数")
            return 0
        if Path(self.file).stem != str(value):
            self.fault("year", f"与文件名不符：{value}年应写在 {value}.toml")
        return value

    def _words(self, key: str, value: object, otherwise: str) -> str:
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.fault(key, otherwise)
        return ""

    def _holidays(self, value: object, year: int) -> None:
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.fault("holiday", "缺少节日，每个节日写成一段 [[holiday]]")
            return
        for place, entry in enumerate(value, 1):
            here = f"holiday[{place}]"
            for key in sorted(entry.keys() - _HOLIDAY_KEYS):
                hint = "：应写在第一个 [[holiday]] 之前" if key in _KEYS else ""
                self.fault(f"{here}.{key}", f"不认识的键{hint}")
            name = self._words(f"{here}.name", entry.get("name"), "缺少节日名称")
            days = list(self._dates(f"{here}.days", entry.get("days"), year))
            if entry.get("days") == []:
                self.fault(f"{here}.days", f"{name}没有放假日期")
            for day in days:
                if day in self.off:
                    self.fault(
                        f"{here}.days", f"{day_text(day, day.year)}重复，已列入{self.off[day]}"
                    )
                else:
                    self.off[day] = name

    def _working(self, value: object, year: int) -> None:
        if value is None:
            self.fault("working", "缺少调休上班日；没有调休就写 []")
            return
        for day in self._dates("working", value, year):
            if day in self.make_up:
                self.fault("working", f"{day_text(day, day.year)}重复")
            elif day in self.off:
                self.fault("working", f"{day_text(day, day.year)}已列为{self.off[day]}放假")
            elif day.weekday() < SATURDAY:
                weekday = "一二三四五"[day.weekday()]
                self.fault(
                    "working", f"{day_text(day, day.year)}是星期{weekday}，本来上班，不是调休"
                )
            self.make_up.add(day)

    def _dates(self, key: str, value: object, year: int) -> Iterator[date]:
        if not isinstance(value, list):
            self.fault(key, "缺少日期列表，应写成 [2027-01-01, …]")
            return
        for entry in value:
            if type(entry) is not date:  # a TOML date-time is a date to isinstance
                self.fault(key, f"“{entry}”不是日期，应写成不带引号的 2027-01-01")
            elif year and entry.year != year:
                self.fault(key, f"{entry}不在{year}年内，跨年的假日写进各自年份的文件")
            else:
                yield entry
