"""The page that a host app opens: its ticket is shown once, then a cookie says who it is."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from api.keys import OFFICE
from api.mp import cookie, login
from api.mp.accounts import APPS, HostAppAccount
from api.mp.receipts import what_was_rated
from api.pages.plain import Plain
from api.pages.rendering import page, see_other
from api.pages.way import Way
from api.problems import TooMany
from bot.host_apps.refusals import TicketRefused
from bot.wechat.scenes import Leads, read_scene
from models.cases.shown import shown
from models.links import Tampered
from models.office import Office
from models.ratings.story import story
from models.ratings.theirs import rateable_by, rated_by
from models.tables import Invitation, Rater
from models.words import Channel, Node, Ordinal


@dataclass(frozen=True, slots=True)
class Cell:
    title: str
    what: str
    address: str


async def enter(request: web.Request) -> web.Response:
    """`to`: `r/TOKEN` or `q/CODE`; without it, the list of what they may rate."""
    office, apps, account = request.app[OFFICE], request.app[APPS], _account(request)
    try:
        apps.limits.login(request.remote or "")
        _, session = await login.enter(office, apps, account, request.query.get("ticket", ""))
    except TooMany as many:
        raise Plain(429, "请稍后再试", str(many), retry_after=many.wait) from None
    except TicketRefused as refused:
        raise Plain(403, "没有确认您的身份", refused.message) from None
    there = _there(office, request.query.get("to", "")) or f"/mp/{account.name}/mine"
    answer = see_other(Way.of(request).to(there))
    cookie.give(request, answer, session)
    return answer


async def mine(request: web.Request) -> web.Response:
    """What they may rate, and what they have rated."""
    office, account, way = request.app[OFFICE], _account(request), Way.of(request)
    rater = await cookie.rater_of(request)
    if rater is None or rater.app != account.name:
        again = f"请返回{account.settings.name or '刚才使用的应用'}重新打开。"
        raise Plain(401, "登录已过期", again)
    return page(
        request,
        "mine.html",
        rateable=[await _rateable(office, each, way) for each in await rateable_by(office, rater)],
        receipts=await _receipts(office, rater, way),
        known=rater.phone is not None or rater.identity_hash is not None,
    )


def _account(request: web.Request) -> HostAppAccount:
    """Raises Plain."""
    account = request.app[APPS].accounts.get(request.match_info["account"])
    if not isinstance(account, HostAppAccount):
        raise Plain(404, "没有这个页面", "请返回刚才使用的应用重新打开。")
    return account


def _there(office: Office, to: str) -> str | None:
    """A link of another channel is signed anew for this one."""
    scene = read_scene(to)
    if scene is None or scene.leads is Leads.PLACE:
        return f"/{scene}" if scene else None
    try:
        nonce, _ = office.links.read_rating(scene.to)
    except Tampered:
        # The page there says what is wrong with it.
        return f"/{scene}"
    return f"/r/{office.links.rating(nonce, Channel.HOST_APP)}"


async def _rateable(office: Office, invitation: Invitation, way: Way) -> Cell:
    seen = await shown(invitation)
    visit = invitation.node == Node.VISIT
    what = f"评价工作人员{seen.staff or ''}" if visit else "评价办理结果"
    token = office.links.rating(invitation.nonce, Channel.HOST_APP)
    return Cell(
        title=f"{seen.title}（{seen.group}）" if seen.group else seen.title,
        what=" ".join(filter(None, [what, seen.agency, seen.tail])),
        address=way.to(f"/r/{token}"),
    )


async def _receipts(office: Office, rater: Rater, way: Way) -> list[Cell]:
    cells = []
    for each in await rated_by(rater):
        if each.ordinal == Ordinal.FOLLOW_UP:
            continue
        title, _ = await what_was_rated(each)
        said = (await story(office, each)).first.said
        code = office.links.receipt(each.id)
        cells.append(Cell(title, said.level.label, way.to(f"/receipt/{code}")))
    return cells
