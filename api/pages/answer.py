"""/a/{token}: an order before its rater. Only here do they say whether an answer satisfies them, or
that their rating is wrongly set aside: nobody who handles it can say it for them."""

from __future__ import annotations

from typing import Final, TypeVar

from aiohttp import web
from pydantic import ValidationError

from api.keys import OFFICE
from api.pages import plain
from api.pages.forms import Form, read_form
from api.pages.given import Fault, Faulty, message
from api.pages.rated import further, receipt_address, what_was_rated
from api.pages.rendering import page, see_other
from api.pages.way import Way
from models.handling.acting import act_as_rater
from models.links import Tampered
from models.orders.refusals import NotAllowed, Outrun
from models.orders.steps import Confirm, Object
from models.ratings.story import story
from models.ratings.their_order import Asking, TheirOrder, their_order
from models.tables import Evaluation

Theirs = tuple[Evaluation, TheirOrder]
Said = TypeVar("Said", Confirm, Object)

CHOICES: Final = {"yes": True, "no": False}


async def show(request: web.Request) -> web.Response:
    said = request.query.get("said") == "1"
    note = "您的意见已经收到，谢谢。" if said else ""
    return await _page(request, await _theirs(request), Form.fresh(), note=note)


async def give(request: web.Request) -> web.Response:
    theirs = await _theirs(request)
    form = await read_form(request)
    _, their = theirs
    if their.asking is None or form.text("about") != str(their.about):
        return await _again(request, theirs, form)
    try:
        step = _confirm(form) if their.asking is Asking.CONFIRM else _object(form)
    except Faulty as faulty:
        return await _page(request, theirs, form, status=422, faults=faulty.faults)
    try:
        await act_as_rater(request.app[OFFICE], their.order.id, step)
    except (NotAllowed, Outrun):
        # Two at once: the other one was first.
        return await _again(request, await _theirs(request), form)
    return _given(request)


async def _again(request: web.Request, theirs: Theirs, form: Form) -> web.Response:
    """The same once more is answered as the first time; anything else stays unsaid."""
    _, their = theirs
    if _has_said(their, form):
        return _given(request)
    if their.asking is not None:
        note = "办理情况有了变化，刚才填写的没有提交，请看过后再答复。"
    elif their.confirmed or their.objected:
        note = "您已经答复过，以第一次的为准。"
    else:
        note = "现在不能再答复，这份差评已经办结。"
    return await _page(request, theirs, Form.fresh(), status=409, note=note)


def _has_said(their: TheirOrder, form: Form) -> bool:
    confirmed, objected = their.confirmed, their.objected
    try:
        if form.text("satisfied"):
            step = _confirm(form)
            said = (step.satisfied, step.words)
            return confirmed is not None and said == (confirmed.satisfied, confirmed.words)
        return objected is not None and _object(form).reason == objected.reason
    except Faulty:
        return False


def _confirm(form: Form) -> Confirm:
    """Raises Faulty."""
    satisfied = CHOICES.get(form.text("satisfied"))
    if satisfied is None:
        raise Faulty([Fault("yes", "请选择满意或不满意。")])
    return _checked(Confirm, "words", {"satisfied": satisfied, "words": form.text("words")})


def _object(form: Form) -> Object:
    """Raises Faulty."""
    return _checked(Object, "reason", {"reason": form.text("reason")})


def _checked(step: type[Said], field: str, said: dict[str, object]) -> Said:
    """Raises Faulty."""
    try:
        return step.model_validate(said)
    except ValidationError as wrong:
        fault = wrong.errors(include_url=False)[0]
        short = fault["type"] == "string_too_short"
        words = "请写明您不同意的理由。" if short else message(fault)
        raise Faulty([Fault(field, words)]) from None


def _given(request: web.Request) -> web.Response:
    return see_other(Way.of(request).to(request.path, said="1"))


async def _theirs(request: web.Request) -> Theirs:
    """Raises Plain."""
    try:
        identity = request.app[OFFICE].links.read_answer(request.match_info["token"])
    except Tampered:
        raise plain.tampered() from None
    evaluation = await Evaluation.get_or_none(id=identity)
    their = await their_order(evaluation) if evaluation else None
    if evaluation is None or their is None:
        raise plain.unknown()
    return evaluation, their


async def _page(
    request: web.Request,
    theirs: Theirs,
    form: Form,
    *,
    status: int = 200,
    note: str = "",
    faults: tuple[Fault, ...] = (),
) -> web.Response:
    office, way = request.app[OFFICE], Way.of(request)
    evaluation, their = theirs
    told = (await story(office, evaluation)).of(evaluation)
    return page(
        request,
        "answer.html",
        status=status,
        book=office.shelf.book(their.order.rulebook),
        what=await what_was_rated(evaluation),
        their=their,
        told=told,
        note=note,
        form=form,
        faults=faults,
        further=await further(office, evaluation, way),
        receipt=receipt_address(office, evaluation, way),
    )
