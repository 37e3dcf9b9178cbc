"""What every report goes through when it is received, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.cases.openings import Closed
from models.cases.reports import Report
from models.office import Office
from models.refusals import Conflict, Invalid
from models.tables import Handover, Invitation

CLOCKS_APART = timedelta(minutes=10)
"""How far a reporting system's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to a report. `held`: kept until its case is reported. `fresh`: not seen before.
    `handover`: by which the caller rates the call on the telephone."""

    fresh: bool
    held: bool
    invitations: tuple[Invitation, ...]
    closed: tuple[Closed, ...]
    handover: Handover | None = None


def same(stored: str, sent: str, what: str) -> None:
    if stored != sent:
        raise Conflict(f"{what}已报送过，内容与这次不一致")


def not_in_the_future(office: Office, moment: datetime, field: str) -> None:
    if moment > office.now() + CLOCKS_APART:
        raise Invalid("时间晚于当前时间", field=field)


def fingerprint_of(office: Office, report: Report) -> str:
    return office.keys.find(report.model_dump_json(), "report")


def sealed(office: Office, plain: str | None, column: str) -> str | None:
    return office.keys.seal(plain, column) if plain else None


def hashed(office: Office, plain: str | None, kind: str) -> str | None:
    return office.keys.find(plain, kind) if plain else None
