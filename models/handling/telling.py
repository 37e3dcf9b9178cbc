"""Who has to know of what happened to an order: staff by `dispatch` and `order_step`, the rater by
messages of their own. What is said, and by which way, is looked up when it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.directory.regions import bureau_of
from models.handling.loading import Loaded
from models.notices import after_quiet_hours, notice, put
from models.orders.events import Kind
from models.orders.standing import Standing
from models.orders.states import State
from models.rulebooks.order_rules import Party
from models.tables import Account, Agency, Coverage, Notice, OrderEvent

TO_HANDLER = frozenset(
    {
        Kind.MISTAKEN_CONFIRMED,
        Kind.MISTAKEN_REJECTED,
        Kind.APPEAL_PROPOSED,
        Kind.APPEAL_UPHELD,
        Kind.APPEAL_REJECTED,
        Kind.OBJECTION_UPHELD,
        Kind.EXCLUDED,
        Kind.RECHECKED,
        Kind.EXTENSION_GRANTED,
        Kind.EXTENSION_REFUSED,
        Kind.ANSWER_RETURNED,
        Kind.CONFIRMED,
        Kind.LEFT_OUT,
    }
)
TO_BUREAU = frozenset(
    {
        Kind.FOUND_MISTAKEN,
        Kind.APPEALED,
        Kind.OBJECTED,
        Kind.EXTENSION_ASKED,
        Kind.ENTERED_IN_LEDGER,
        Kind.ANSWERED,
        Kind.CONFIRMED,
        Kind.REVEALED,
        Kind.RETURNED,
    }
)
TO_COLLEAGUES = frozenset({Kind.APPEAL_PROPOSED, Kind.REVEALED})
"""Of what one does, the others of their agency hear: they forward the appeal, they watch who looks
up a number."""
TO_THE_RATED = frozenset({Kind.APPEAL_UPHELD, Kind.APPEAL_REJECTED, Kind.EXCLUDED})
"""被评价的工作人员, who may have an account of their own."""
TO_RATER = {
    Kind.ANSWERED: "order_answered",
    Kind.EXTENSION_GRANTED: "order_extended",
    Kind.ENTERED_IN_LEDGER: "order_extended",
    Kind.MISTAKEN_CONFIRMED: "order_excluding",
    Kind.APPEAL_UPHELD: "order_excluding",
    Kind.OBJECTION_UPHELD: "order_stands",
    Kind.RECHECKED: "order_stands",
    Kind.EXCLUDED: "order_excluded",
}


@dataclass(frozen=True, slots=True)
class _About:
    order: int
    event: OrderEvent

    def to(
        self, agency: int | None, kind: str = "order_step", account: int | None = None
    ) -> Notice:
        body = {"order": self.order, "event": self.event.sequence}
        if account is not None:
            body["account"] = account
        whom = f"{agency or 'nobody'}" if account is None else f"account-{account}"
        once = f"{self.order}:{self.event.sequence}:{whom}"
        return notice(kind, once, body, now=self.event.at, agency=agency)


async def tell(loaded: Loaded, now: Standing, rows: Sequence[OrderEvent]) -> None:
    """Inside the transaction of what happened."""
    bureau = await bureau_of(loaded.order.agency.region_id)
    told: list[Notice] = []
    for row in rows:
        about = _About(loaded.order.id, row)
        told += _staff(about, loaded, now, bureau.id if bureau else None)
        kind = Kind(row.kind)
        if kind in TO_THE_RATED:
            told += [about.to(each.agency_id, account=each.id) for each in await _rated(loaded)]
        if _reported_up(kind, row, loaded):
            told += [about.to(each.id) for each in await _supervisors(loaded)]
        if (letter := _letter(kind, now)) is not None:
            told.append(_to_rater(letter, loaded, row))
    await put(told)


def _staff(about: _About, loaded: Loaded, now: Standing, bureau: int | None) -> Iterator[Notice]:
    """Nobody is told of what they did themselves."""
    row, kind = about.event, Kind(about.event.kind)
    if kind in (Kind.DISPATCHED, Kind.HANDED_ON):
        yield about.to(row.details["to"], "dispatch")
        return
    told: list[int | None] = []
    if kind in TO_HANDLER:
        told.append(loaded.standing.handler)
    if kind in TO_BUREAU:
        dispatcher = now.dispatcher if kind in (Kind.ANSWERED, Kind.RETURNED) else None
        told += [dispatcher or bureau]
    for agency in dict.fromkeys(told):
        if agency is not None and (agency != row.agency_id or kind in TO_COLLEAGUES):
            yield about.to(agency)


def _letter(kind: Kind, now: Standing) -> str | None:
    """An answer that had to pass a review first asks for its confirmation afterwards."""
    if kind is Kind.ANSWER_PASSED and now.state is State.CALLING_BACK:
        return "order_confirm"
    return TO_RATER.get(kind)


def _to_rater(letter: str, loaded: Loaded, row: OrderEvent) -> Notice:
    """People sleep, and no legal clock waits for them (reading 28)."""
    body = {
        "evaluation": str(loaded.order.evaluation_id),
        "order": loaded.order.id,
        "event": row.sequence,
    }
    due = after_quiet_hours(row.at, loaded.version.quiet_hours)
    return notice(
        letter,
        f"{loaded.order.id}:{row.sequence}",
        body,
        now=row.at,
        due=due,
        agency=loaded.order.agency_id,
    )


def _reported_up(kind: Kind, row: OrderEvent, loaded: Loaded) -> bool:
    """报送同级审改办、效能办 (三明二(三)1)."""
    exclusion, callback = loaded.version.exclusion, loaded.version.callback
    if kind is Kind.EXCLUDED:
        return exclusion is not None and Party.SUPERVISOR in exclusion.reported_to
    dissatisfied = kind is Kind.CONFIRMED and not row.details["satisfied"]
    return (
        dissatisfied
        and callback is not None
        and callback.dissatisfied_reported_to is Party.SUPERVISOR
    )


async def _rated(loaded: Loaded) -> list[Account]:
    staff = Coverage.filter(evaluation_id=loaded.order.evaluation_id, staff_id__not_isnull=True)
    found = await staff.values_list("staff_id", flat=True)
    return await Account.filter(staff_id__in=list(found), disabled_at=None) if found else []


async def _supervisors(loaded: Loaded) -> list[Agency]:
    return await Agency.filter(region_id=loaded.order.region_id, party=Party.SUPERVISOR.value)
