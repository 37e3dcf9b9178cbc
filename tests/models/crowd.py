"""As many completed cases with their invitations as one likes, in two statements a share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from models.office import Office
from models.tables import Agency, Integrator, Region, ServiceItem


@dataclass(frozen=True)
class Share:
    """Cases that were completed at the same moment. None: the rulebook has no such time."""

    rulebook: str
    opened_at: datetime
    until: datetime
    remind_at: datetime | None = None
    reminded_at: datetime | None = None
    timely_until: datetime | None = None
    silence: str | None = None
    phone: str = "sealed"
    """As its column holds it; this one is nobody's, but there is something to write to."""


@dataclass(frozen=True)
class Place:
    """Whose cases they are."""

    region: int
    agency: int
    item: int
    integrator: int


async def a_place(office: Office) -> Place:
    region = await Region.create(code="445103", name="潮安区", rulebook="chaoan")
    agency = await Agency.create(code="A", name="某局", region=region)
    item = await ServiceItem.create(code="I", name="某事项", agency=agency)
    by = await Integrator.create(name="crowd", key_hash="-", created_at=office.now())
    return Place(region.id, agency.id, item.id, by.id)


async def invite(office: Office, place: Place, share: Share, *, first: int, number: int) -> None:
    """Cases `first` and following, which have these ids."""
    run = office.database.connection.execute_script
    last = first + number - 1
    # Named, or each engine would count the numbers in its own way.
    numbers = (
        f"WITH RECURSIVE numbers (i) AS (SELECT {first} UNION ALL"  # noqa: S608
        f" SELECT i + 1 FROM numbers WHERE i < {last})"
    )
    case = {
        "id": "i",
        "number": "'B' || i",
        "kind": "'application'",
        "handling": "'online'",
        "region_id": str(place.region),
        "agency_id": str(place.agency),
        "item_id": str(place.item),
        "applicant_kind": "'person'",
        "applicant_phone": f"'{share.phone}'",
        "integrator_id": str(place.integrator),
        "reported_at": _literal(share.opened_at),
        "fingerprint": "'-'",
    }
    invitation = {
        "key": "'case:' || i || '/completion'",
        "nonce": "'nonce-' || i",
        "rulebook": f"'{share.rulebook}'",
        "version": "1",
        "node": "'completion'",
        "targets": "'[\"item\"]'",
        "region_id": str(place.region),
        "agency_id": str(place.agency),
        "case_id": "i",
        "rule": "'online'",
        "source": "'第十六条'",
        "provisional": "FALSE",
        "opened_at": _literal(share.opened_at),
        "until": _literal(share.until),
        "remind_at": _literal(share.remind_at),
        "reminded_at": _literal(share.reminded_at),
        "timely_until": _literal(share.timely_until),
        "silence": f"'{share.silence}'" if share.silence else "NULL",
    }
    for table, row in (("case_file", case), ("invitation", invitation)):
        await run(
            f"INSERT INTO {table} ({', '.join(row)})"  # noqa: S608
            f" {numbers} SELECT {', '.join(row.values())} FROM numbers"
        )


async def look_closely(office: Office) -> None:
    """What the engine does by itself in time: count what is there, so that it plans well."""
    await office.database.connection.execute_script("ANALYZE")


def _literal(moment: datetime | None) -> str:
    return f"'{moment.astimezone(UTC).isoformat(' ')}'" if moment else "NULL"
