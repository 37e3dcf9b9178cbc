"""回执: what somebody has said in an app and what became of it. Each only for whoever holds it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from api.endpoints import Nothing
from api.mp.endpoints import TAG, Call, RaterEndpoint
from models.cases.shown import shown
from models.links import Tampered
from models.office import Office
from models.ratings.story import Handling, Told, may_follow_up, story
from models.ratings.theirs import rated_by
from models.refusals import Missing
from models.tables import Coverage, Evaluation, HeldReceipt, Invitation, Rater
from models.words import Level, Ordinal


class StepAnswer(BaseModel):
    at: datetime
    step: str


class OrderState(BaseModel):
    """差评工单. `asks`: the rater is asked something, on the page behind `link`."""

    number: int
    state: str
    """In plain words."""
    steps: list[StepAnswer]
    asks: bool
    link: str

    @classmethod
    def of(cls, handling: Handling, link: str) -> Self:
        return cls(
            number=handling.number,
            state=handling.state,
            steps=[StepAnswer(at=at, step=step) for at, step in handling.steps],
            asks=handling.asks,
            link=link,
        )


class LineAnswer(BaseModel):
    label: str
    """Of the target."""
    text: str


class ToldAnswer(BaseModel):
    level: Level
    label: str
    at: datetime
    lines: list[LineAnswer]
    order: OrderState | None

    @classmethod
    def of(cls, told: Told, page: str, **more: object) -> Self:
        """`page`: of its order. `more`: the fields of an answer of its own kind."""
        return cls.model_validate(
            {
                "level": told.said.level,
                "label": told.said.level.label,
                "at": told.said.at,
                "lines": [{"label": label, "text": text} for label, text in told.said.lines],
                "order": OrderState.of(told.handling, page) if told.handling else None,
                **more,
            }
        )


class ReceiptAnswer(ToldAnswer):
    code: str
    link: str
    title: str
    agency: str
    late: bool
    follow_up_until: datetime | None
    again: ToldAnswer | None
    """追加评价."""


class Receipts(BaseModel):
    receipts: list[ReceiptAnswer]


async def receipt_answer(office: Office, base_url: str, first: Evaluation) -> ReceiptAnswer:
    whole = await story(office, first)

    def page(told: Told) -> str:
        return f"{base_url}/a/{office.links.answer(told.evaluation)}"

    title, agency = await what_was_rated(first)
    code = office.links.receipt(first.id)
    return ReceiptAnswer.of(
        whole.first,
        page(whole.first),
        code=code,
        link=f"{base_url}/receipt/{code}",
        title=title,
        agency=agency,
        late=first.late,
        follow_up_until=None if whole.again else await may_follow_up(office, first),
        again=ToldAnswer.of(whole.again, page(whole.again)) if whole.again else None,
    )


async def what_was_rated(evaluation: Evaluation) -> tuple[str, str]:
    """What was rated, and whose it is."""
    if evaluation.invitation_id is not None:
        seen = await shown(await Invitation.get(id=evaluation.invitation_id))
        return seen.title, seen.agency
    whole = await Coverage.get(evaluation=evaluation).select_related("agency", "hall", "platform")
    place = whole.hall or whole.platform or whole.agency
    return f"{place.name}综合点评", whole.agency.name


async def held(office: Office, rater: Rater, code: str) -> Evaluation:
    """Raises Missing, for another's as for one that does not exist."""
    try:
        evaluation = office.links.read_receipt(code)
    except Tampered:
        raise Missing(_UNKNOWN) from None
    found = await HeldReceipt.get_or_none(rater=rater, evaluation_id=evaluation).select_related(
        "evaluation"
    )
    if found is None:
        raise Missing(_UNKNOWN)
    return found.evaluation


_UNKNOWN = "您的评价里没有这张回执。"


async def list_receipts(call: Call[Nothing]) -> Receipts:
    """Of what they have rated in this app, the newest first, at most 20."""
    firsts = [each for each in await rated_by(call.rater) if each.ordinal != Ordinal.FOLLOW_UP]
    found = [await receipt_answer(call.office, call.base_url, each) for each in firsts]
    return Receipts(receipts=found)


async def show_receipt(call: Call[Nothing]) -> ReceiptAnswer:
    """What was said first, what the agency did, what was said again."""
    with call.counting_misses():
        first = await held(call.office, call.rater, call.path["code"])
    return await receipt_answer(call.office, call.base_url, first)


ENDPOINTS = (
    RaterEndpoint("GET", "/mp/{account}/receipts", list_receipts, "Receipts", TAG, Receipts),
    RaterEndpoint(
        "GET", "/mp/{account}/receipts/{code}", show_receipt, "A receipt", TAG, ReceiptAnswer
    ),
)
