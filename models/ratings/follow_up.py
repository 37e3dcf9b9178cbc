"""追加评价: said once more within the rulebook's days. It adds to the first rating and never
replaces it; what was said first, and what is said now, stand side by side (潮安第十九条)."""

from __future__ import annotations

from dataclasses import replace

from models.office import Office
from models.ratings.given import Rating
from models.ratings.refusals import FollowUpClosed
from models.ratings.subjects import subject_of
from models.ratings.submit import Receipt, follow_up_until, submit_on
from models.tables import Evaluation, Invitation
from models.words import Ordinal


async def follow_up(office: Office, first: Evaluation, rating: Rating) -> Receipt:
    """Raises FollowUpClosed, AlreadyRated and the refusals of `decide`."""
    version = office.shelf.book(first.rulebook).version(first.version)
    until = follow_up_until(first, version, office)
    if until is None or first.invitation_id is None:
        raise FollowUpClosed("这次评价不能追加，或追加评价的期限已过。")
    invitation = await Invitation.get(id=first.invitation_id)
    subject = await subject_of(invitation, Ordinal.FOLLOW_UP)
    subject = replace(subject, until=until, timely_until=None, overlapping=())
    return await submit_on(office, subject, rating, Ordinal.FOLLOW_UP)
