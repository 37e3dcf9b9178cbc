"""定期通报: each month's figures, by mail to every agency that has an address and a rulebook with a
bulletin. The period is the platform's: the texts say “定期” and no more."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from models.calendar.beijing import BEIJING, beijing_date
from models.directory.regions import ids_within, rulebook_name
from models.figures import Count, counts
from models.notices import notice, put
from models.office import Office
from models.rulebooks.order_rules import Party
from models.rulebooks.rulebook import NotInForce
from models.tables import Agency, Installation, Notice
from models.words import Level, Ordinal, Target

HOUR = time(9)
"""In Beijing, on the first day of the month after."""


def issued_at(month: date) -> datetime:
    """When the bulletin of the month (its first day) goes out."""
    return datetime.combine(_next(month), HOUR, BEIJING)


def month_of(now: datetime) -> date:
    """The newest month whose bulletin is out: its first day."""
    this = beijing_date(now).replace(day=1)
    last = _before(this)
    return last if now >= issued_at(last) else _before(last)


async def put_bulletins(office: Office) -> int:
    """Of the newest month only: after a pause nobody needs the older ones by mail. How many."""
    month = month_of(office.now())
    if await Installation.exists(created_at__gt=issued_at(month)):
        # There was nothing here yet that it could tell of.
        return 0
    addressed = {agency.id: agency for agency in await Agency.exclude(email=None)}
    names = {f"bulletin:{_what(agency, month)}": agency for agency in addressed}
    there = await Notice.filter(once__in=list(names)).values_list("once", flat=True)
    missing = [addressed[names[name]] for name in sorted(names.keys() - set(there))]
    due = issued_at(month)
    # Asked by region: those without a bulletin are missing at every beat.
    regions = {agency.region_id for agency in missing}
    telling = {region for region in regions if await _has_bulletin(office, region, due)}
    written = [
        notice(
            "bulletin",
            _what(agency.id, month),
            {"month": month.isoformat()},
            now=office.now(),
            due=due,
            agency=agency.id,
        )
        for agency in missing
        if agency.region_id in telling
    ]
    await put(written)
    return len(written)


async def next_bulletins(office: Office) -> datetime | None:
    """When the next month's go out; None where nobody gets one."""
    if not await Agency.exclude(email=None).exists():
        return None
    return issued_at(_next(month_of(office.now())))


async def _has_bulletin(office: Office, region: int, due: datetime) -> bool:
    name = await rulebook_name(region)
    if name is None:
        return False
    try:
        publication = office.shelf.book(name).version_at(due).publication
    except NotInForce:
        return False
    return publication is not None and publication.bulletin


def _what(agency: int, month: date) -> str:
    return f"{agency}:{month:%Y-%m}"


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


HEADING = (
    "机构",
    "对象",
    *(level.label for level in sorted(Level, reverse=True)),
    "系统默认",
    "追加",
)


async def bulletin(office: Office, agency: Agency, month: date) -> tuple[tuple[str, ...], ...]:
    """Rows under a heading: the agency's own figures; a bureau's are those of its region."""
    begin = datetime.combine(month, time(), BEIJING)
    end = datetime.combine(_next(month), time(), BEIJING)
    told = {agency.id: agency.name}
    if agency.party == Party.BUREAU:
        within = await ids_within(agency.region_id)
        everyone = await Agency.filter(region_id__in=within).order_by("code")
        told = {each.id: each.name for each in everyone}
    found = await counts(office, list(told), begin, end)
    rows = [HEADING]
    for one, name in told.items():
        own = [count for count in found if count.agency == one]
        rows += [
            (name, target.label, *_line([each for each in own if each.target is target]))
            for target in Target
            if any(each.target is target for each in own)
        ]
    return tuple(rows)


def _line(found: list[Count]) -> tuple[str, ...]:
    first = [each for each in found if each.ordinal is Ordinal.FIRST]
    by_level = [
        sum(each.number for each in first if each.level is level)
        for level in sorted(Level, reverse=True)
    ]
    default = sum(each.number for each in found if each.ordinal is Ordinal.DEFAULT)
    again = sum(each.number for each in found if each.ordinal is Ordinal.FOLLOW_UP)
    return tuple(str(number) for number in (*by_level, default, again))
