"""/staff/figures: how one's own service was rated in a month that is over. Who was rated sees their
own counts, everybody else those of their agency; small ones are withheld."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from aiohttp import web
from tortoise.expressions import Q
from tortoise.functions import Count

from api.keys import OFFICE
from api.staff.rendering import page
from api.staff.session import account_of, for_roles
from models.accounts.roles import Role
from models.calendar.beijing import BEIJING, beijing_date
from models.directory.regions import rulebook_name
from models.office import Office
from models.refusals import Invalid
from models.rulebooks.rulebook import NotInForce
from models.tables import Account, Coverage
from models.withholding import FEWEST, shown
from models.words import Level, Ordinal, Provenance, Target

MONTHS: Final = 12
"""So many can be chosen."""


@dataclass(frozen=True, slots=True)
class Month:
    first: date

    @property
    def value(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def label(self) -> str:
        return f"{self.first.year}年{self.first.month}月"

    @property
    def span(self) -> tuple[datetime, datetime]:
        return _midnight(self.first), _midnight(self.next.first)

    @property
    def next(self) -> Month:
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def before(self) -> Month:
        return Month((self.first - timedelta(days=1)).replace(day=1))


@for_roles(Role.STAFF, Role.HANDLER, Role.TOWN, Role.BUREAU, Role.CALLBACK, Role.AUDITOR)
async def show(request: web.Request) -> web.Response:
    office, account = request.app[OFFICE], account_of(request)
    months = ended(office.now())
    asked = request.query.get("month", months[0].value)
    month = next((each for each in months if each.value == asked), months[0])
    negative = await _negative(office, account)
    whose = _whose(account)
    counted = await _counts(whose, month) if whose is not None else {}
    tables = [
        (target.label, shown(counted[target], negative)) for target in Target if target in counted
    ]
    return page(
        request,
        "figures.html",
        months=[(each.value, each.label) for each in months],
        month=month,
        own=account.role == Role.STAFF,
        bound=whose is not None,
        tables=tables,
        levels=list(Level),
        fewest=FEWEST,
    )


def ended(now: datetime) -> list[Month]:
    """The last months that are over, the newest first."""
    found = [Month(beijing_date(now).replace(day=1)).before]
    while len(found) < MONTHS:
        found.append(found[-1].before)
    return found


def _whose(account: Account) -> Q | None:
    """None: the account of somebody who is rated, and nobody has said who."""
    if account.role == Role.STAFF:
        return Q(staff_id=account.staff_id) if account.staff_id is not None else None
    return Q(agency_id=account.agency_id)


async def _counts(whose: Q, month: Month) -> Mapping[Target, Mapping[Level, int]]:
    """What people said the first time, themselves or by paper; nothing that is set aside."""
    begin, end = month.span
    rows = (
        await Coverage.filter(
            whose,
            Q(evaluation__order__id__isnull=True) | Q(evaluation__order__counted=True),
            ordinal=Ordinal.FIRST.value,
            evaluation__provenance__in=[Provenance.PERSON.value, Provenance.PROXY.value],
            evaluation__at__gte=begin,
            evaluation__at__lt=end,
        )
        .annotate(number=Count("id"))
        .group_by("target", "level")
        .values("target", "level", "number")
    )
    counts: defaultdict[Target, dict[Level, int]] = defaultdict(dict)
    for row in rows:
        counts[Target(row["target"])][Level(row["level"])] = row["number"]
    return counts


async def _negative(office: Office, account: Account) -> frozenset[Level]:
    """差评, by the rulebook of the agency's region. Raises Invalid."""
    name = await rulebook_name(account.agency.region_id) if account.agency is not None else None
    if name is None:
        raise Invalid("所在地区还没有指定规则书。")
    try:
        return office.shelf.book(name).version_at(office.now()).levels.negative
    except NotInForce:
        raise Invalid("所在地区还没有开通“好差评”。") from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


ROUTES: Final = (web.get("/staff/figures", show),)
