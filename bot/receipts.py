"""回执 of a message: what the provider says became of it, taken in any order and any number of
times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.office import Office
from models.tables import Attempt, Notice
from models.texts import WHY_LENGTH
from models.words import NoticeState


@dataclass(frozen=True, slots=True)
class Report:
    """A receipt. `reference` is what `send` returned."""

    reference: str
    delivered: bool
    why: str
    at: datetime | None


async def take_report(office: Office, route: str, report: Report) -> bool:
    """Whether the message is ours, and known yet: a receipt may overtake the answer that names its
    reference, and the provider is then asked to say it again.

    What was delivered stays delivered. What was not goes the next way, or to the dead letters.
    """
    async with office.database.transaction():
        attempt = (
            await Attempt.filter(reference=report.reference, route=route)
            .select_for_update()
            .order_by("-id")
            .first()
        )
        if attempt is None:
            return False
        if attempt.delivered or attempt.delivered is report.delivered:
            return True
        attempt.delivered = report.delivered
        attempt.receipt_at = report.at or office.now()
        attempt.receipt_why = None if report.delivered else report.why[:WHY_LENGTH]
        await attempt.save(update_fields=["delivered", "receipt_at", "receipt_why"])
        if report.delivered:
            # It may have been called lost before: whoever got it is not written to again.
            await _found_again(attempt)
        else:
            await _lost(office, attempt)
    return True


async def _lost(office: Office, attempt: Attempt) -> None:
    notice = await Notice.get(id=attempt.notice_id)
    if notice.state != NoticeState.SENT or notice.attempts != attempt.number:
        # A newer attempt decides: this one's process was slow, or staff have sent it again.
        return
    exhausted = [*notice.exhausted, attempt.route or ""]
    await Notice.filter(id=notice.id, state=NoticeState.SENT.value).update(
        state=NoticeState.WAITING.value,
        next_at=office.now(),
        exhausted=exhausted,
        why=attempt.receipt_why,
    )


async def _found_again(attempt: Attempt) -> None:
    await Notice.filter(
        id=attempt.notice_id, state__in=[NoticeState.WAITING.value, NoticeState.DEAD.value]
    ).update(
        state=NoticeState.SENT.value,
        route=attempt.route,
        sent_at=attempt.ended_at or attempt.begun_at,
        why=None,
    )
