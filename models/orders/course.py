"""From the events of an order to where it stands: what each kind of event changes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from models.orders.events import Event, Kind
from models.orders.standing import Asked, Finding, Standing, Stood
from models.orders.states import State
from models.rulebooks.order_rules import ClassName


def standing(rated: int, events: Iterable[Event]) -> Standing:
    """Raises ValueError where the first event is not the opening."""
    told = list(events)
    if not told or told[0].kind is not Kind.OPENED:
        raise ValueError("an order begins with its opening")
    first = told[0]
    now = _opened(rated, first)
    for event in told[1:]:
        now = after(now, event)
    return now


def after(before: Standing, event: Event) -> Standing:
    counted = replace(
        before,
        sequence=before.sequence + 1,
        moments={**before.moments, event.kind: event.at},
    )
    change = _CHANGES.get(event.kind)
    return change(counted, event) if change else counted


def _opened(rated: int, event: Event) -> Standing:
    received = bool(event.details["received"])
    holder: int | None = event.details["holder"]
    return Standing(
        state=State.VERIFYING if received else State.OPENED,
        sequence=1,
        rated=rated,
        holder=holder,
        handler=rated if received else None,
        dispatcher=holder if holder != rated else None,
        moments={Kind.OPENED: event.at},
        received_at=event.at if received else None,
        entered_at=None if received else event.at,
    )


def _callback_opened(now: Standing, _event: Event) -> Standing:
    return replace(now, by_hand=True)


def _dispatched(now: Standing, event: Event) -> Standing:
    to: int = event.details["to"]
    return replace(
        now,
        state=State.RECTIFYING if now.verified else State.VERIFYING,
        holder=to,
        handler=to,
        dispatcher=event.agency,
        received_at=now.received_at or event.at,
        accepted_by=None,
    )


def _handed_on(now: Standing, event: Event) -> Standing:
    """Between bureaus: the clock of the dispatch runs on."""
    return replace(now, holder=event.details["to"])


def _returned(now: Standing, event: Event) -> Standing:
    return replace(
        now,
        state=State.OPENED,
        holder=event.details["to"],
        handler=None,
        dispatcher=event.details["to"],
        entered_at=event.at,
        accepted_by=None,
    )


def _accepted(now: Standing, event: Event) -> Standing:
    return replace(now, accepted_by=event.account)


def _contacted(now: Standing, event: Event) -> Standing:
    reached = now.reached_by
    if event.details["reached"] and event.agency is not None:
        reached |= {event.agency}
    # An attempt of the hotline is made whether somebody takes the call or not.
    by_hand = now.by_hand and not event.details.get("by_hand", False)
    contacted = now.contacted_at
    if contacted is None and event.agency == now.handler:
        contacted = event.at
    return replace(now, reached_by=reached, by_hand=by_hand, contacted_at=contacted)


def _verified(now: Standing, event: Event) -> Standing:
    name = event.details.get("class_name")
    return replace(
        now,
        state=State.RECTIFYING,
        # 会同 (三明): from now on it is the agency's turn.
        holder=now.handler or now.holder,
        class_name=ClassName(name) if name else now.class_name,
    )


def _found(now: Standing, event: Event) -> Standing:
    finding = Finding(event.details["ground"], event.agency, event.account)
    return replace(now, state=State.FOUND, finding=finding, holder=event.details["to"])


def _set_aside(now: Standing, event: Event) -> Standing:
    """It is kept from where, for should the rating count after all. An objection is to this setting
    aside, whatever became of one to an earlier."""
    back = _at_work(now) if now.state is State.FOUND else Stood(now.state, now.holder)
    moments = dict(now.moments)
    moments.pop(Kind.OBJECTED, None)
    return replace(
        now,
        state=State.EXCLUDING,
        holder=event.agency,
        asked=None,
        stood=back,
        moments=moments,
    )


def _at_work(now: Standing) -> Stood:
    if now.handler is None:
        return Stood(State.OPENED, now.dispatcher)
    return Stood(State.RECTIFYING if now.verified else State.VERIFYING, now.handler)


def _rejected(now: Standing, _event: Event) -> Standing:
    """The rating is a true one."""
    back = _at_work(now)
    return replace(now, state=back.state, holder=back.holder, finding=None)


def _objection_upheld(now: Standing, _event: Event) -> Standing:
    """It goes on where it was, with all its clocks."""
    back = now.stood or _at_work(now)
    return replace(now, state=back.state, holder=back.holder, finding=None, objected=False)


def _appeal(now: Standing, event: Event) -> Standing:
    return replace(now, appeal=event.kind)


def _appeal_upheld(now: Standing, event: Event) -> Standing:
    return replace(_set_aside(now, event), appeal=event.kind)


def _objected(now: Standing, _event: Event) -> Standing:
    return replace(now, objected=True)


def _excluded(now: Standing, _event: Event) -> Standing:
    return replace(now, state=State.EXCLUDED, counted=False, objected=False, holder=None)


def _rechecked(now: Standing, event: Event) -> Standing:
    """责令整改 (威海临港三(一)): from the beginning, with clocks of its own."""
    again = _rejected(_unanswered(now), event)
    return replace(
        again,
        counted=True,
        appeal=None,
        satisfied=None,
        contacted_at=None,
        extended=0,
        extended_until=None,
        in_ledger=False,
        restarted_at=event.at,
    )


def _asked(now: Standing, event: Event) -> Standing:
    until = date.fromisoformat(event.details["until"])
    return replace(now, asked=Asked(until, event.details["reason"]), acted=_acted(now, event))


def _granted(now: Standing, event: Event) -> Standing:
    until = date.fromisoformat(event.details["until"])
    return replace(now, asked=None, extended=now.extended + 1, extended_until=until)


def _refused(now: Standing, _event: Event) -> Standing:
    return replace(now, asked=None)


def _in_ledger(now: Standing, event: Event) -> Standing:
    return replace(now, in_ledger=True, extended_until=date.fromisoformat(event.details["until"]))


def _answered(now: Standing, event: Event) -> Standing:
    return replace(_passed(now, event), asked=None, acted=_acted(now, event))


def _passed(now: Standing, event: Event) -> Standing:
    return replace(now, state=State(event.details["leads_to"]), holder=event.details["to"])


def _acted(now: Standing, event: Event) -> frozenset[int]:
    return now.acted if event.account is None else now.acted | {event.account}


def _returned_answer(now: Standing, _event: Event) -> Standing:
    return replace(_unanswered(now), state=State.RECTIFYING, holder=now.handler)


def _unanswered(now: Standing) -> Standing:
    moments = dict(now.moments)
    moments.pop(Kind.ANSWERED, None)
    return replace(now, moments=moments)


def _confirmed(now: Standing, event: Event) -> Standing:
    satisfied = bool(event.details["satisfied"])
    back = _returned_answer(now, event) if event.details.get("reopens") else now
    return replace(back, satisfied=satisfied)


def _left_out(now: Standing, _event: Event) -> Standing:
    return replace(now, counted=False)


def _closed(now: Standing, _event: Event) -> Standing:
    return replace(now, state=State.CLOSED, holder=None)


_CHANGES: Mapping[Kind, Callable[[Standing, Event], Standing]] = {
    Kind.CALLBACK_OPENED: _callback_opened,
    Kind.DISPATCHED: _dispatched,
    Kind.HANDED_ON: _handed_on,
    Kind.RETURNED: _returned,
    Kind.ACCEPTED: _accepted,
    Kind.CONTACTED: _contacted,
    Kind.VERIFIED: _verified,
    Kind.FOUND_MISTAKEN: _found,
    Kind.MISTAKEN_CONFIRMED: _set_aside,
    Kind.MISTAKEN_REJECTED: _rejected,
    Kind.APPEAL_PROPOSED: _appeal,
    Kind.APPEALED: _appeal,
    Kind.APPEAL_UPHELD: _appeal_upheld,
    Kind.APPEAL_REJECTED: _appeal,
    Kind.OBJECTED: _objected,
    Kind.OBJECTION_UPHELD: _objection_upheld,
    Kind.EXCLUDED: _excluded,
    Kind.RECHECKED: _rechecked,
    Kind.EXTENSION_ASKED: _asked,
    Kind.EXTENSION_GRANTED: _granted,
    Kind.EXTENSION_REFUSED: _refused,
    Kind.ENTERED_IN_LEDGER: _in_ledger,
    Kind.ANSWERED: _answered,
    Kind.ANSWER_PASSED: _passed,
    Kind.ANSWER_RETURNED: _returned_answer,
    Kind.CONFIRMED: _confirmed,
    Kind.LEFT_OUT: _left_out,
    Kind.CLOSED: _closed,
}
"""Kinds that are not here are told and change nothing: opinions, revealed numbers."""
