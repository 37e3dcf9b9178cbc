"""/f/{token}: 追加评价, beside what was said first."""

from __future__ import annotations

from aiohttp import web

from api.keys import OFFICE
from api.pages import plain
from api.pages.forms import Form, read_form
from api.pages.given import Faulty, rating_of, refused
from api.pages.plain import Next, Plain
from api.pages.rated import receipt_address
from api.pages.rendering import page, see_other
from api.pages.subject_lines import subject_lines
from api.pages.way import Way
from models.calendar.beijing import spoken
from models.links import Tampered
from models.office import Office
from models.ratings.asked import Asked, asked_of
from models.ratings.follow_up import follow_up
from models.ratings.refusals import AlreadyRated, FollowUpClosed
from models.ratings.story import followed_up, story
from models.ratings.submit import follow_up_until
from models.refusals import Invalid
from models.tables import Evaluation, Invitation
from models.words import Credential, Ordinal, Provenance


async def show(request: web.Request) -> web.Response:
    office = request.app[OFFICE]
    first = await _first(office, request.match_info["token"])
    if (second := await followed_up(first)) is not None:
        return await _story_page(request, first, second)
    await _still_open(office, first, Way.of(request))
    return await _form_page(request, first, Form.fresh())


async def _story_page(request: web.Request, first: Evaluation, second: Evaluation) -> web.Response:
    office = request.app[OFFICE]
    return page(
        request,
        "story.html",
        status=409,
        book=office.shelf.book(first.rulebook),
        subject=await subject_lines(await Invitation.get(id=first.invitation_id)),
        story=await story(office, first),
        receipt=receipt_address(office, second, Way.of(request)),
    )


async def give(request: web.Request) -> web.Response:
    office, way = request.app[OFFICE], Way.of(request)
    first = await _first(office, request.match_info["token"])
    form = await read_form(request)
    submission = f"again:{first.id.hex}:{form.once}"
    if (known := await Evaluation.get_or_none(submission=submission)) is not None:
        return see_other(receipt_address(office, known, way, new="1"))
    await _still_open(office, first, way)
    asked = await _asked(office, first)
    try:
        rating = rating_of(form, asked, way.channel, Credential.LINK, submission)
        receipt = await follow_up(office, first, rating)
    except Faulty as faulty:
        return await _form_page(request, first, form, faulty)
    except AlreadyRated as second:
        raise _done(office, await Evaluation.get(id=second.evaluation), way) from None
    except FollowUpClosed:
        raise _over(office, first, way) from None
    except Invalid as refusal:
        return await _form_page(request, first, form, refused(refusal, form))
    code = office.links.receipt(receipt.evaluation)
    return see_other(way.to(f"/receipt/{code}", new="1"))


async def _first(office: Office, token: str) -> Evaluation:
    try:
        evaluation = office.links.read_follow_up(token)
    except Tampered:
        raise plain.tampered() from None
    if (found := await Evaluation.get_or_none(id=evaluation)) is None:
        raise plain.unknown()
    return found


async def _still_open(office: Office, first: Evaluation, way: Way) -> None:
    """Raises Plain."""
    version = office.shelf.book(first.rulebook).version(first.version)
    receipt = (Next("查看评价回执", receipt_address(office, first, way)),)
    if first.provenance == Provenance.DEFAULT:
        raise Plain(409, "还没有评价", "这次服务还没有您本人的评价，请通过评价链接先作评价。")
    if version.follow_up is None or first.ordinal != Ordinal.FIRST or first.invitation_id is None:
        raise Plain(409, "不能追加评价", "这次评价不能再追加。", nexts=receipt)
    if (second := await followed_up(first)) is not None:
        raise _done(office, second, way)
    if follow_up_until(first, version, office) is None:
        raise _over(office, first, way)


def _done(office: Office, second: Evaluation, way: Way) -> Plain:
    return Plain(
        409,
        "已追加评价",
        f"您已于{spoken(second.at)}追加评价，追加评价只能作一次。",
        place=office.shelf.book(second.rulebook).jurisdiction,
        nexts=(Next("查看追加评价的回执", receipt_address(office, second, way)),),
    )


def _over(office: Office, first: Evaluation, way: Way) -> Plain:
    return Plain(
        410,
        "追加评价的期限已过",
        "追加评价的期限已过，原来的评价仍然有效。",
        place=office.shelf.book(first.rulebook).jurisdiction,
        nexts=(Next("查看评价回执", receipt_address(office, first, way)),),
    )


async def _asked(office: Office, first: Evaluation) -> Asked:
    invitation = await Invitation.get(id=first.invitation_id)
    return await asked_of(office, invitation, Ordinal.FOLLOW_UP)


async def _form_page(
    request: web.Request, first: Evaluation, form: Form, faulty: Faulty | None = None
) -> web.Response:
    office = request.app[OFFICE]
    book = office.shelf.book(first.rulebook)
    version = book.version(first.version)
    return page(
        request,
        "rating.html",
        status=422 if faulty else 200,
        book=book,
        subject=await subject_lines(await Invitation.get(id=first.invitation_id)),
        asked=await _asked(office, first),
        others=(),
        late=False,
        first=(await story(office, first)).first,
        until=follow_up_until(first, version, office),
        form=form,
        faults=faulty.faults if faulty else (),
    )
