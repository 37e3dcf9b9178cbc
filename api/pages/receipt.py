"""/receipt/{code}: what was said and when, and what has become of it. No personal data."""

from __future__ import annotations

from aiohttp import web

from api.keys import OFFICE
from api.pages import plain
from api.pages.rated import further
from api.pages.rendering import page
from api.pages.way import Way
from models.cases.shown import shown
from models.links import Tampered
from models.ratings.story import story
from models.tables import Coverage, Evaluation, Invitation, LedgerLeaf
from models.words import Channel, Level, Ordinal, Provenance, Target


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
        what=await _what(evaluation),
        by_default=evaluation.provenance == Provenance.DEFAULT,
        keyed_in=_keyed_in(evaluation),
        is_follow_up=again,
        late=evaluation.late,
        code=code,
        leaf=leaf.hash,
        handling=told.of(evaluation).handling,
        whole=told.again and way.to(f"/f/{office.links.follow_up(told.first.evaluation)}"),
        further=await further(office, evaluation, way),
    )


def _keyed_in(evaluation: Evaluation) -> str | None:
    """From what staff keyed it in; None: the person gave it."""
    if evaluation.provenance != Provenance.PROXY or evaluation.channel is None:
        return None
    return Channel(evaluation.channel).label


async def _what(evaluation: Evaluation) -> list[tuple[str, str]]:
    """Serial numbers by their last four: the receipt may be shown around."""
    covered = await Coverage.filter(evaluation=evaluation).select_related(
        "agency", "hall", "platform"
    )
    kinds = [target.label for target in Target if any(row.target == target for row in covered)]
    lines = [("评价对象", "、".join(kinds))]
    if evaluation.invitation_id is None:
        name = next(
            row.hall.name if row.hall else row.platform.name if row.platform else row.agency.name
            for row in covered
        )
        return [*lines, ("被评价方", name)]
    seen = await shown(await Invitation.get(id=evaluation.invitation_id))
    lines += [("办理事项" if seen.cases else "服务", seen.title), ("办理单位", seen.agency)]
    if len(seen.cases) == 1:
        lines.append(("业务流水号", f"尾号{seen.cases[0][0][-4:]}"))
    elif seen.cases:
        lines.append(("适用办件", f"{len(seen.cases)}个"))
    return lines
