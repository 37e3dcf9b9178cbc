"""追加评价 of what somebody has rated in an app."""

from __future__ import annotations

from http import HTTPStatus

from api.endpoints import Nothing
from api.mp.endpoints import ALWAYS, TAG, Call, RaterEndpoint
from api.mp.forms import FollowUpForm
from api.mp.given import GivenRating, naming, rating_of
from api.mp.receipts import ReceiptAnswer, held, receipt_answer
from api.mp.refusals import AddedByThem
from models.cases.shown import shown
from models.ratings.asked import asked_of
from models.ratings.follow_up import follow_up
from models.ratings.refusals import AlreadyRated, FollowUpClosed
from models.ratings.story import followed_up, may_follow_up
from models.tables import Evaluation, Invitation
from models.words import Credential, Ordinal


async def show_follow_up_form(call: Call[Nothing]) -> FollowUpForm:
    """What is asked of it now. What was said first stands on the receipt."""
    office, code = call.office, call.path["code"]
    first, invitation = await _first(call)
    if await followed_up(first) is not None:
        raise AddedByThem(code)
    until = await may_follow_up(office, first)
    if until is None:
        raise _closed()
    seen = await shown(invitation)
    return FollowUpForm.of(
        await asked_of(office, invitation, Ordinal.FOLLOW_UP),
        call.rater,
        code=code,
        title=seen.title,
        agency=seen.agency,
        until=until,
    )


async def add_to_rating(call: Call[GivenRating]) -> ReceiptAnswer:
    """Once. Answers the whole receipt; stored once, however often it is sent."""
    office, rater = call.office, call.rater
    first, invitation = await _first(call)
    asked = await asked_of(office, invitation, Ordinal.FOLLOW_UP)
    channel = call.account.channel
    rating = rating_of(office, rater, call.body, asked, channel, Credential.LINK)
    try:
        with naming(rating):
            await follow_up(office, first, rating)
    except AlreadyRated:
        raise AddedByThem(call.path["code"]) from None
    return await receipt_answer(office, call.base_url, first)


async def _first(call: Call[GivenRating] | Call[Nothing]) -> tuple[Evaluation, Invitation]:
    """Raises Missing, FollowUpClosed."""
    with call.counting_misses():
        first = await held(call.office, call.rater, call.path["code"])
    if first.invitation_id is None or first.ordinal != Ordinal.FIRST:
        raise _closed()
    return first, await Invitation.get(id=first.invitation_id)


def _closed() -> FollowUpClosed:
    return FollowUpClosed("这次评价不能追加，或追加评价的期限已过。")


ENDPOINTS = (
    RaterEndpoint(
        "GET",
        "/mp/{account}/receipts/{code}/follow-up",
        show_follow_up_form,
        "What is asked of a follow-up",
        TAG,
        FollowUpForm,
        problems=(*ALWAYS, HTTPStatus.CONFLICT),
    ),
    RaterEndpoint(
        "POST",
        "/mp/{account}/receipts/{code}/follow-up",
        add_to_rating,
        "Follow up",
        TAG,
        ReceiptAnswer,
        body=GivenRating,
        problems=(*ALWAYS, HTTPStatus.CONFLICT, HTTPStatus.GONE),
    ),
)
