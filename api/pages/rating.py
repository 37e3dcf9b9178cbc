"""/r/{token}: the rating page behind a dynamic code, an SMS link or a device."""

from __future__ import annotations

from aiohttp import web

from api.keys import OFFICE
from api.mp.cookie import hold_receipt
from api.pages import plain
from api.pages.choices import others
from api.pages.forms import ANSWER, Form, read_form
from api.pages.given import Faulty, rating_of, refused
from api.pages.rated import already_rated, receipt_address
from api.pages.rendering import page, see_other
from api.pages.subject_lines import subject_lines
from api.pages.way import Way
from models.calendar.beijing import spoken
from models.cases.questions import questions_of
from models.links import Tampered
from models.office import Office
from models.ratings.asked import Asked
from models.ratings.refusals import AlreadyRated, LinkExpired
from models.ratings.subject import Subject
from models.ratings.subjects import subject_of
from models.ratings.submit import submit_on
from models.refusals import Invalid
from models.tables import Agency, Evaluation, Invitation
from models.words import Channel, Closing, Credential, Target

_LABELS = {target: target.label for target in Target}
"""What a target is called where nobody is shown it."""


async def show(request: web.Request) -> web.Response:
    office = request.app[OFFICE]
    invitation = await _invitation(office, request.match_info["token"])
    subject = await subject_of(invitation)
    await _must_be_open(office, invitation, subject, Way.of(request))
    return await _form_page(request, invitation, subject, Form.fresh())


async def give(request: web.Request) -> web.Response:
    office, way = request.app[OFFICE], Way.of(request)
    invitation = await _invitation(office, request.match_info["token"])
    form = await read_form(request)
    submission = f"link:{invitation.nonce}:{form.once}"
    subject = await subject_of(invitation)
    if (known := await _sent_before(subject, submission)) is not None:
        return see_other(receipt_address(office, known, way, new="1"))
    await _must_be_open(office, invitation, subject, way)
    channel, credential = _by(request, invitation)
    questions = await _questions(office, invitation) if form.filled(ANSWER) else ()
    asked = _asked(office, subject, _LABELS, questions)
    try:
        rating = rating_of(form, asked, channel, credential, submission)
        async with office.database.transaction():
            receipt = await submit_on(office, subject, rating)
            await hold_receipt(request, receipt.evaluation)
    except Faulty as faulty:
        return await _form_page(request, invitation, subject, form, faulty)
    except AlreadyRated as second:
        raise await _rated(office, invitation, second.evaluation, way) from None
    except LinkExpired as late:
        raise plain.expired(spoken(late.until), office.shelf.book(invitation.rulebook)) from None
    except Invalid as refusal:
        return await _form_page(request, invitation, subject, form, refused(refusal, form))
    code = office.links.receipt(receipt.evaluation)
    return see_other(way.to(f"/receipt/{code}", new="1"))


async def _invitation(office: Office, token: str) -> Invitation:
    try:
        nonce, _ = office.links.read_rating(token)
    except Tampered:
        raise plain.tampered() from None
    if (found := await Invitation.get_or_none(nonce=nonce)) is None:
        raise plain.unknown()
    return found


async def _sent_before(subject: Subject, submission: str) -> Evaluation | None:
    """A double click, or the form again by the back button: the same thanks, whatever it says."""
    return await Evaluation.get_or_none(submission=submission) if subject.taken else None


async def _must_be_open(office: Office, invitation: Invitation, subject: Subject, way: Way) -> None:
    """Raises Plain where there is nothing to rate any more."""
    for evaluation in subject.taken.values():
        raise await _rated(office, invitation, evaluation, way)
    book = office.shelf.book(invitation.rulebook)
    if invitation.closed_why == Closing.SUPERSEDED:
        agency = await Agency.get(id=invitation.agency_id)
        raise plain.superseded(agency.name, book)
    if office.now() >= invitation.until:
        raise plain.expired(spoken(invitation.until), book)


async def _rated(
    office: Office, invitation: Invitation, evaluation: object, way: Way
) -> plain.Plain:
    first = await Evaluation.get(id=evaluation)
    return await already_rated(office, first, way, await others(office, invitation, way))


async def _questions(office: Office, invitation: Invitation) -> tuple[str, ...]:
    version = office.shelf.book(invitation.rulebook).version(invitation.version)
    return await questions_of(invitation, version)


def _asked(
    office: Office, subject: Subject, names: dict[Target, str], questions: tuple[str, ...]
) -> Asked:
    version = office.shelf.book(subject.rulebook).version(subject.version)
    return Asked.of(subject, version, names, questions)


def _by(request: web.Request, invitation: Invitation) -> tuple[Channel, Credential]:
    """Who came by a static code brings a proof of it that the page there has signed."""
    office = request.app[OFFICE]
    try:
        proof = office.links.read_form(request.query.get("via", ""))
    except Tampered:
        proof = ""
    if proof == f"static:{invitation.nonce}":
        return Channel.STATIC_CODE, Credential.PHONE_AND_DIGITS
    _, by = office.links.read_rating(request.match_info["token"])
    return by or Way.of(request).channel, Credential.LINK


async def _form_page(
    request: web.Request,
    invitation: Invitation,
    subject: Subject,
    form: Form,
    faulty: Faulty | None = None,
) -> web.Response:
    office = request.app[OFFICE]
    lines = await subject_lines(invitation)
    return page(
        request,
        "rating.html",
        status=422 if faulty else 200,
        book=office.shelf.book(invitation.rulebook),
        subject=lines,
        asked=_asked(office, subject, lines.names, await _questions(office, invitation)),
        others=await others(office, invitation, Way.of(request)),
        late=subject.timely_until is not None and office.now() >= subject.timely_until,
        first=None,
        form=form,
        faults=faulty.faults if faulty else (),
    )
