"""综合点评 of a window's agency, a hall or a terminal; or, where that is not for whoever is
matched with no case, an opinion."""

from __future__ import annotations

from aiohttp import web
from pydantic import ValidationError

from api.keys import OFFICE
from api.pages.forms import Form
from api.pages.given import LEVELS, Fault, Faulty, message, rating_of, refused
from api.pages.rendering import page, see_other
from api.pages.way import Way
from models.ratings.opinions import OpinionGiven, keep_opinion
from models.ratings.places import Place
from models.ratings.submit import submit_on
from models.refusals import Invalid
from models.words import Channel, Credential


async def give(request: web.Request, place: Place, form: Form) -> web.Response:
    submission = f"code:{place.code.code}:{form.once}"
    try:
        if place.takes_reviews:
            return await _review(request, place, form, submission)
        return await _opinion(request, place, form, submission)
    except Faulty as faulty:
        return form_page(request, place, form, faulty)


def form_page(
    request: web.Request,
    place: Place,
    form: Form,
    faulty: Faulty | None = None,
    *,
    missed: bool = False,
) -> web.Response:
    """`missed`: the person looked for a case, and none was found."""
    here = f"/q/{place.code.code}"
    way = Way.of(request)
    return page(
        request,
        "whole.html",
        status=422 if faulty else 200,
        book=place.book,
        place=place,
        asked=place.asked,
        action=way.to(here, whole="1"),
        find=way.to(here),
        missed=missed,
        form=form,
        faults=faulty.faults if faulty else (),
    )


def kept(request: web.Request, place: Place) -> web.Response:
    return page(request, "kept.html", book=place.book, place=place)


async def _review(request: web.Request, place: Place, form: Form, submission: str) -> web.Response:
    """Raises Faulty."""
    office = request.app[OFFICE]
    rating = rating_of(form, place.asked, Channel.STATIC_CODE, Credential.NONE, submission)
    try:
        receipt = await submit_on(office, place.subject, rating)
    except Invalid as refusal:
        raise refused(refusal, form) from None
    code = office.links.receipt(receipt.evaluation)
    return see_other(Way.of(request).to(f"/receipt/{code}", new="1"))


async def _opinion(request: web.Request, place: Place, form: Form, submission: str) -> web.Response:
    """Raises Faulty."""
    level = form.text("level")
    if level and level not in LEVELS:
        raise Faulty([Fault("l5", "请选择满意程度。")])
    try:
        given = OpinionGiven(
            level=LEVELS.get(level),
            words=form.text("words"),
            name=form.text("name") or None,
            phone=form.text("phone") or None,
            digits=form.text("digits") or None,
            channel=Channel.STATIC_CODE,
            submission=submission,
        )
    except ValidationError as wrong:
        raise Faulty(_opinion_faults(wrong)) from None
    subject = place.subject
    await keep_opinion(
        request.app[OFFICE],
        given,
        region=subject.region,
        agency=subject.agency,
        code=place.code,
    )
    return see_other(Way.of(request).to(f"/q/{place.code.code}", kept="1"))


def _opinion_faults(wrong: ValidationError) -> list[Fault]:
    fields = ("words", "name", "phone")
    return [
        Fault(field, message(each))
        for each in wrong.errors(include_url=False)
        for field in [str(each["loc"][0]) if each["loc"] else "words"]
        if field in fields
    ] or [Fault("words", "填写的内容无法识别，请检查后重新填写。")]
