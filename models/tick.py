"""What time does by itself."""

from __future__ import annotations

from datetime import datetime

from models.bulletins import next_bulletins, put_bulletins
from models.office import Office
from models.settling import settle
from models.sweeps.closing import close_follow_ups, close_invitations
from models.sweeps.handovers import end_handovers
from models.sweeps.orders import end_raters_days, escalate, mark_overdue, warn
from models.sweeps.reminders import remind
from models.sweeps.silence import record_silence
from models.tables import Invitation, Notice, OrderDeadline, Rater
from models.words import NoticeState

SWEEPS = (
    remind,
    record_silence,
    close_invitations,
    close_follow_ups,
    put_bulletins,
    end_handovers,
    end_raters_days,
    warn,
    mark_overdue,
    escalate,
)


async def tick(office: Office) -> int:
    """Do everything that is due by now; how much was done. Safe to repeat, in several processes at
    once, and after any pause: each thing once, in the order of an invitation's life, with the time
    at which it was due."""
    done = await settle(office)
    for sweep in SWEEPS:
        done += await sweep(office)
    return done


async def next_due(office: Office) -> datetime | None:
    """When time will next do something, or a message may be tried. None: nothing is waiting."""
    waiting = (
        (Invitation.filter(reminded_at=None, closed_at=None), "remind_at"),
        (Invitation.filter(silence=None, closed_at=None), "timely_until"),
        (Invitation.filter(closed_at=None), "until"),
        (Invitation.filter(follow_up_closed_at=None), "follow_up_until"),
        (OrderDeadline.filter(met_at=None, void_at=None), "due_at"),
        (OrderDeadline.all(), "warn_at"),
        (OrderDeadline.all(), "escalate_at"),
        (Rater.all(), "talk_until"),
        (Notice.filter(state=NoticeState.WAITING.value), "next_at"),
    )
    moments = [await next_bulletins(office)]
    for found, column in waiting:
        later = found.filter(**{f"{column}__gt": office.now()}).order_by(column)
        moments += [getattr(row, column) for row in await later.limit(1).only(column)]
    return min((moment for moment in moments if moment is not None), default=None)
