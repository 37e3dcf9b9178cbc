"""/receipt/{code}: what was said and when, and what has become of it. No personal data."""

from __future__ import annotations

from aiohttp import web

from api.keys import OFFICE
from api.pages import plain
from api.pages.rated import further, what_was_rated
from api.pages.rendering import page
from api.pages.way import Way
from models.links import Tampered
from models.ratings.story import story
from models.tables import Evaluation, LedgerLeaf
from models.words import Channel, Level, Ordinal, Provenance


async def show(request: web.Request) -> web.Response:
    office = request.app[OFFICE]
    code = request.match_info["code"]
    try:
        identity = office.links.read_receipt(code)
    except Tampered:
        raise plain.tampered() from None
    evaluation = await Evaluation.get_or_none(id=identity)
    if evaluation is None:
        raise plain.unknown()
    leaf = await LedgerLeaf.get(evaluation=evaluation)
    told, way = await story(office, evaluation), Way.of(request)
    again = evaluation.ordinal == Ordinal.FOLLOW_UP
    return page(
        request,
        "receipt.html",
        new=request.query.get("new") == "1",
        book=office.shelf.book(evaluation.rulebook),
        level=Level(evaluation.level),
        at=evaluation.at,
        what=await what_was_rated(evaluation),
        by_default=evaluation.provenance == Provenance.DEFAULT,
        keyed_in=_keyed_in(evaluation),
        is_follow_up=again,
        late=evaluation.late,
        code=code,
        leaf=leaf.hash,
        handling=told.of(evaluation).handling,
        order=way.to(f"/a/{office.links.answer(evaluation.id)}"),
        whole=told.again and way.to(f"/f/{office.links.follow_up(told.first.evaluation)}"),
        further=await further(office, evaluation, way),
    )


def _keyed_in(evaluation: Evaluation) -> str | None:
    """From what staff keyed it in; None: the person gave it."""
    if evaluation.provenance != Provenance.PROXY or evaluation.channel is None:
        return None
    return Channel(evaluation.channel).label
