"""What somebody may rate in an app, what is asked of it, and their rating of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from api.endpoints import Nothing
from api.mp.endpoints import ALWAYS, TAG, Call, RaterEndpoint
from api.mp.forms import (
    CaseShown,
    RateableAnswer,
    RatingForm,
    is_late,
    lines_of,
    rateable_answer,
)
from api.mp.given import GivenRating, naming, rating_of
from api.mp.receipts import ReceiptAnswer, receipt_answer
from api.mp.refusals import RatedByThem
from models.cases.shown import shown
from models.links import Tampered
from models.office import Office
from models.ratings.asked import asked_of
from models.ratings.refusals import AlreadyRated, LinkExpired, LinkUnknown
from models.ratings.story import may_follow_up
from models.ratings.subjects import subject_of
from models.ratings.submit import submit_on
from models.ratings.theirs import hold, is_theirs, rateable_by
from models.tables import Evaluation, HeldReceipt, Invitation, Rater
from models.words import Credential


class Rateables(BaseModel):
    rateable: list[RateableAnswer]


async def list_rateable(call: Call[Nothing]) -> Rateables:
    """Of the cases and calls that go by the phone or the identity number that the app has checked,
    the newest first, at most 20. Nothing is known of them: nothing is listed."""
    found = await rateable_by(call.office, call.rater)
    channel = call.account.channel
    return Rateables(rateable=[await rateable_answer(call.office, each, channel) for each in found])


async def show_rating_form(call: Call[Nothing]) -> RatingForm:
    """What is asked, by the rulebook. The token of any link of ours will do."""
    return await rating_form(call, call.path["token"])


async def rating_form(call: Call[Nothing], token: str) -> RatingForm:
    """Raises LinkUnknown, LinkExpired, AlreadyRated, RatedByThem."""
    office = call.office
    invitation = await invitation_of(call, token)
    subject = await subject_of(invitation)
    if subject.taken:
        raise await _rated(office, call.rater, *subject.taken.values())
    if subject.superseded:
        raise LinkUnknown
    if office.now() >= invitation.until:
        raise LinkExpired(invitation.until)
    seen = await shown(invitation)
    asked = await asked_of(office, invitation, seen=seen)
    return RatingForm.of(
        asked,
        call.rater,
        **lines_of(seen),
        token=token,
        cases=[CaseShown(number=number, item=item) for number, item in seen.cases],
        until=invitation.until,
        late=is_late(office, invitation),
    )


async def rate(call: Call[GivenRating]) -> ReceiptAnswer:
    """Stored once, however often it is sent with the same `submission`."""
    office, rater = call.office, call.rater
    invitation = await invitation_of(call, call.path["token"])
    subject = await subject_of(invitation)
    theirs = await is_theirs(rater, invitation)
    rating = rating_of(
        office,
        rater,
        call.body,
        await asked_of(office, invitation),
        call.account.channel,
        Credential.IDENTIFIED if theirs else Credential.LINK,
    )
    try:
        with naming(rating):
            async with office.database.transaction():
                receipt = await submit_on(office, subject, rating)
                await hold(rater, receipt.evaluation)
    except AlreadyRated as second:
        raise await _rated(office, rater, second.evaluation) from None
    return await receipt_answer(office, call.base_url, await Evaluation.get(id=receipt.evaluation))


async def invitation_of(call: Call[Any], token: str) -> Invitation:
    """Raises LinkUnknown, for what is no token of ours as for one whose invitation is gone."""
    with call.counting_misses():
        try:
            nonce, _ = call.office.links.read_rating(token)
        except Tampered:
            raise LinkUnknown from None
        if (found := await Invitation.get_or_none(nonce=nonce)) is None:
            raise LinkUnknown
        return found


async def _rated(office: Office, rater: Rater, *evaluations: UUID) -> RatedByThem | AlreadyRated:
    """Their own receipt, if one of them is theirs; never another's."""
    held = await HeldReceipt.filter(rater=rater, evaluation_id__in=evaluations).first()
    if held is None:
        return AlreadyRated(evaluations[0])
    first = await Evaluation.get(id=held.evaluation_id)
    return RatedByThem(office.links.receipt(first.id), await may_follow_up(office, first))


ENDPOINTS = (
    RaterEndpoint(
        "GET", "/mp/{account}/rateable", list_rateable, "What they may rate", TAG, Rateables
    ),
    RaterEndpoint(
        "GET",
        "/mp/{account}/ratings/{token}",
        show_rating_form,
        "What is asked",
        TAG,
        RatingForm,
        problems=(*ALWAYS, HTTPStatus.CONFLICT, HTTPStatus.GONE),
    ),
    RaterEndpoint(
        "POST",
        "/mp/{account}/ratings/{token}",
        rate,
        "Rate",
        TAG,
        ReceiptAnswer,
        body=GivenRating,
        problems=(*ALWAYS, HTTPStatus.CONFLICT, HTTPStatus.GONE),
    ),
)
