"""综合点评 at a static code; or, where that is not for whoever is matched with no case, an
opinion."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel, RootModel, ValidationError

from api.mp.endpoints import ALWAYS, TAG, Call, RaterEndpoint
from api.mp.given import GivenAtPlace, GivenRating, rating_of, submission_of, told
from api.mp.receipts import ReceiptAnswer, receipt_answer
from api.problems import Incomplete
from models.ratings.opinions import OpinionGiven, keep_opinion
from models.ratings.places import Place, place_of
from models.ratings.submit import submit_on
from models.ratings.theirs import hold
from models.refusals import Invalid
from models.tables import Evaluation
from models.words import Credential


class Kept(BaseModel):
    """As an opinion: read, and counted in no score."""

    kept: Literal[True] = True


class SaidAtPlace(RootModel[ReceiptAnswer | Kept]):
    pass


async def place_in(call: Call[Any], code: str) -> Place:
    """Raises CodeUnknown, NotOpened."""
    with call.counting_misses():
        return await place_of(call.office, code)


async def say_at_place(call: Call[GivenAtPlace]) -> SaidAtPlace:
    """A receipt of 综合点评 where the place takes it; else an opinion is kept. Once, however often
    it is sent with the same `submission`."""
    place = await place_in(call, call.path["code"])
    if place.takes_reviews:
        return SaidAtPlace(await _review(call, place))
    return SaidAtPlace(await _opinion(call, place))


async def _review(call: Call[GivenAtPlace], place: Place) -> ReceiptAnswer:
    office, said = call.office, call.body
    if said.level is None:
        raise Invalid("请选择满意程度。", field="level")
    if said.words or said.digits:
        raise Invalid("这里作综合点评，意见请写在理由（reasons）里。", field="words")
    given = GivenRating.model_validate(said.model_dump(exclude={"words", "digits"}))
    channel = call.account.channel
    rating = rating_of(office, call.rater, given, place.asked, channel, Credential.NONE)
    async with office.database.transaction():
        receipt = await submit_on(office, place.subject, rating)
        await hold(call.rater, receipt.evaluation)
    return await receipt_answer(office, call.base_url, await Evaluation.get(id=receipt.evaluation))


async def _opinion(call: Call[GivenAtPlace], place: Place) -> Kept:
    office, said = call.office, call.body
    if said.reasons:
        raise Invalid("这里只留意见，请写在意见（words）里。", field="reasons")
    own = told(office, call.rater, said)
    try:
        opinion = OpinionGiven(
            level=said.level,
            words=said.words,
            name=own.name,
            phone=own.phone,
            digits=said.digits,
            channel=call.account.channel,
            submission=submission_of(office, call.rater, said.submission),
        )
    except ValidationError as fault:
        raise Incomplete("words", fault) from None
    subject = place.subject
    await keep_opinion(
        office, opinion, region=subject.region, agency=subject.agency, code=place.code
    )
    return Kept()


ENDPOINTS = (
    RaterEndpoint(
        "POST",
        "/mp/{account}/places/{code}",
        say_at_place,
        "Say something of a window, a hall or a terminal",
        TAG,
        SaidAtPlace,
        body=GivenAtPlace,
        problems=(*ALWAYS, HTTPStatus.CONFLICT),
    ),
)
