"""/q/{code}: the code on the wall of a window, a hall or a terminal. It tells no case: the person
names it, or says what they have to say of the whole."""

from __future__ import annotations

from aiohttp import web

from api.keys import OFFICE
from api.pages import whole
from api.pages.choices import address
from api.pages.finding import Found, Sought, sought_in
from api.pages.forms import Form, read_form
from api.pages.given import Faulty
from api.pages.guesses import GUESSES
from api.pages.plain import Next, Plain
from api.pages.rendering import page, see_other
from api.pages.way import Way
from models.cases.shown import shown
from models.ratings.matching import match
from models.ratings.places import CodeUnknown, NotOpened, Place, place_of
from models.tables import Invitation
from models.words import Node, Target


async def _place(request: web.Request) -> Place:
    """Raises Plain."""
    try:
        return await place_of(request.app[OFFICE], request.match_info["code"])
    except CodeUnknown as unknown:
        raise Plain(404, "没有这个评价码", unknown.message) from None
    except NotOpened as closed:
        raise Plain(404, "尚未开通评价", closed.message) from None


async def show(request: web.Request) -> web.Response:
    place = await _place(request)
    if request.query.get("kept") == "1":
        return whole.kept(request, place)
    if request.query.get("whole") == "1":
        return whole.form_page(request, place, Form.fresh())
    return _find_page(request, place, Form.fresh())


async def give(request: web.Request) -> web.Response:
    place = await _place(request)
    form = await read_form(request)
    if request.query.get("whole") == "1":
        return await whole.give(request, place, form)
    try:
        sought = sought_in(form)
    except Faulty as faulty:
        return _find_page(request, place, form, faulty)
    return await _find(request, place, form, sought)


async def _find(request: web.Request, place: Place, form: Form, sought: Sought) -> web.Response:
    office, guesses, way = request.app[OFFICE], request.app[GUESSES], Way.of(request)
    client = request.remote or ""
    if (wait := guesses.wait(place.code.code, client, office.now())) is not None:
        raise Plain(
            429,
            "请稍后再试",
            f"查找次数太多，请在{wait // 60 + 1}分钟后再试，或请窗口工作人员帮助。",
            place=place.book.jurisdiction,
            nexts=(Next("不查找办件，直接评价", _whole_address(place, way)),),
            retry_after=wait,
        )
    found = await match(office, place.subject, place.version, sought.phone, sought.digits)
    if not found:
        guesses.wrong(place.code.code, client, office.now())
        # Not 404: the page exists and answers the question, whose answer is "none".
        return whole.form_page(
            request,
            place,
            Form.fresh(phone=form.text("phone"), digits=form.text("digits")),
            missed=True,
        )
    links = [await _link(request, invitation) for invitation in found]
    if len(links) == 1:
        return see_other(links[0].address)
    return page(request, "choose.html", place=place, links=links, book=place.book)


async def _link(request: web.Request, invitation: Invitation) -> Found:
    office, way = request.app[OFFICE], Way.of(request)
    seen = await shown(invitation)
    proof = office.links.form(f"static:{invitation.nonce}")
    who = seen.staff if Target.STAFF in invitation.targets else None
    return Found(
        title=f"{seen.title}（{seen.group}）" if seen.group else seen.title,
        what=f"评价工作人员{who or ''}" if invitation.node == Node.VISIT else "评价办理结果",
        address=address(office, invitation, way, via=proof),
    )


def _find_page(
    request: web.Request, place: Place, form: Form, faulty: Faulty | None = None
) -> web.Response:
    return page(
        request,
        "find.html",
        status=422 if faulty else 200,
        book=place.book,
        place=place,
        asked=place.asked,
        whole=_whole_address(place, Way.of(request)),
        form=form,
        faults=faulty.faults if faulty else (),
    )


def _whole_address(place: Place, way: Way) -> str:
    return way.to(f"/q/{place.code.code}", whole="1")
