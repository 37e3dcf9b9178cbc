"""The part of the country that an account is for: its agency's region and all below; an operator's
is everywhere."""

from __future__ import annotations

from models.directory.lookup import Lookup
from models.directory.regions import ids_within
from models.tables import Account, Integrator


def region_of(account: Account) -> int | None:
    return account.agency.region_id if account.agency is not None else None


def lookup_of(account: Account) -> Lookup:
    return Lookup(Integrator(region_id=region_of(account)))


async def regions_of(account: Account) -> frozenset[int] | None:
    """Their ids. None: all."""
    region = region_of(account)
    return None if region is None else await ids_within(region)
