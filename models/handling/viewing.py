"""One order as an account may see it: what was said, never by whom. Who has to call back sees the
name and number by a step of its own (`revealing.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.accounts.roles import Role
from models.calendar.deadline import explain_lines
from models.cases.shown import shown
from models.directory.regions import ids_within
from models.handling.loading import Loaded, actor_of, load, scene_of
from models.handling.revealing import may_reveal
from models.handling.views import Choices, ClockView, EventView, OrderView
from models.handling.visible import visible
from models.office import Office
from models.orders.clocks import CLOCKS, RIGHTS, OrderClock
from models.orders.events import RATER, SYSTEM, Kind
from models.orders.guards import check
from models.orders.refusals import NotAllowed
from models.orders.scene import Actor, Scene
from models.orders.steps import STEPS, Step, Way
from models.ratings.said import said
from models.refusals import Missing
from models.rulebooks.rulebook import Version
from models.tables import Account, Agency, OrderDeadline, OrderEvent, OrderFile
from models.words import Channel, Level


async def seen_by(office: Office, order: int, account: Account) -> OrderView:
    """Raises Missing for an order that is not there, or not theirs to see."""
    loaded = await loaded_for(office, order, account)
    actor = await actor_of(loaded, account)
    return await _view(office, loaded, actor)


async def possible(office: Office, order: int, account: Account) -> tuple[type[Step], ...]:
    """The steps that the account may take now. Raises Missing."""
    loaded = await loaded_for(office, order, account)
    return _possible(await scene_of(office, loaded), await actor_of(loaded, account))


async def targets(office: Office, order: int, account: Account) -> QuerySet[Agency]:
    """Where the account may dispatch the order to: agencies and towns of its region, and bureaux
    and districts elsewhere, who pass it on. Raises Missing."""
    loaded = await loaded_for(office, order, account)
    if account.agency_id is None:
        return Agency.filter(id__in=[])
    agency = await Agency.get(id=account.agency_id)
    within = Q(region_id__in=await ids_within(agency.region_id), party__in=["agency", "town"])
    elsewhere = Q(party__in=["bureau", "district"])
    # A bureau that is itself rated answers itself, and another decides (reading 14).
    mine = account.agency_id == loaded.standing.rated
    taken = [loaded.standing.handler, None if mine else account.agency_id]
    own = Q(id=account.agency_id) if mine else Q()
    found = Agency.filter(within | elsewhere | own)
    return found.exclude(id__in=[each for each in taken if each is not None])


async def loaded_for(office: Office, order: int, account: Account) -> Loaded:
    """Raises Missing."""
    mine = await visible(account)
    found = await mine.filter(id=order).select_related("evaluation__invitation", "agency").first()
    if found is None:
        raise Missing(f"没有编号为“{order}”的工单")
    return await load(office, found)


def _possible(scene: Scene, actor: Actor) -> tuple[type[Step], ...]:
    return tuple(step for step in STEPS.values() if _may(step, scene, actor))


def _may(step: type[Step], scene: Scene, actor: Actor) -> bool:
    try:
        check(step, scene, actor)
    except NotAllowed:
        return False
    return True


async def _view(office: Office, loaded: Loaded, actor: Actor) -> OrderView:
    order, now, version = loaded.order, loaded.standing, loaded.version
    evaluation = order.evaluation
    rated = actor.role is Role.STAFF
    about = await shown(evaluation.invitation) if evaluation.invitation else None
    names = await _agency_names(loaded)
    cases = about.cases if about and not rated else ()
    return OrderView(
        number=order.id,
        state=now.state,
        sequence=now.sequence,
        level=Level(evaluation.level),
        class_label=_class_label(version, now.class_name),
        agency=order.agency.name,
        handler=names.get(now.handler),
        holder=names.get(now.holder),
        copied_to=tuple(names[each] for each in order.copied_to if each in names),
        opened_at=order.opened_at,
        received_at=now.received_at,
        closed_at=order.closed_at,
        due_at=order.due_at,
        counted=now.counted,
        channel=Channel(evaluation.channel).label if evaluation.channel else None,
        subject=about.title if about else order.agency.name,
        said=said(evaluation, version).lines,
        case_number="、".join(number for number, _ in cases) or None,
        rulebook=office.shelf.book(order.rulebook).title,
        by_hand=version.hotline.source if now.by_hand and version.hotline else None,
        satisfied=now.satisfied,
        clocks=await _clocks(loaded),
        history=await _history(loaded, names, rated=rated),
        choices=_choices(version),
        review_sheet=version.review is not None and version.review.sheet is not None,
        may_reveal=may_reveal(loaded, actor),
    )


def _class_label(version: Version, name: object) -> str | None:
    kinds = version.classes.kinds if version.classes else ()
    return next((kind.label for kind in kinds if kind.name == name), None)


def _choices(version: Version) -> Choices:
    kinds = version.classes.kinds if version.classes else ()
    return Choices(
        tuple((kind.name.value, kind.label, kind.causes) for kind in kinds),
        version.exclusion.grounds if version.exclusion else (),
        version.review.methods if version.review else (),
        version.explanation is not None,
    )


async def _clocks(loaded: Loaded) -> tuple[ClockView, ...]:
    rows = {row.kind: row for row in await OrderDeadline.filter(order_id=loaded.order.id)}
    views = [
        ClockView(
            kind=clock.kind,
            label=CLOCKS[clock.kind],
            source=clock.source,
            due_at=clock.deadline.due,
            provisional=clock.deadline.provisional,
            met_at=clock.met_at,
            void_at=clock.void_at,
            overdue_at=rows[clock.kind].overdue_at if clock.kind in rows else None,
            duty=clock.kind not in RIGHTS,
            days=(*_remark(loaded, clock), *explain_lines(clock.deadline)),
        )
        for clock in loaded.clocks
    ]
    return tuple(sorted(views, key=lambda view: (view.due_at, view.kind)))


def _remark(loaded: Loaded, clock: OrderClock) -> Iterator[str]:
    unclassed = loaded.version.classes is not None and loaded.standing.class_name is None
    if clock.kind == "rectify" and unclassed:
        yield "尚未分类，暂按期限最长的一类计算；分类后按所属类别计算"


async def _agency_names(loaded: Loaded) -> dict[int | None, str]:
    order = loaded.order
    ids = {order.agency_id, loaded.standing.handler, loaded.standing.holder, *order.copied_to}
    ids |= {event.agency for event in loaded.events}
    found = await Agency.filter(id__in=[each for each in ids if each is not None])
    return {agency.id: agency.name for agency in found}


async def _history(
    loaded: Loaded, names: dict[int | None, str], *, rated: bool
) -> tuple[EventView, ...]:
    rows = await OrderEvent.filter(order_id=loaded.order.id).order_by("sequence")
    files = await OrderFile.filter(event_id__in=[row.id for row in rows]).values("id", "event_id")
    views = []
    for row in rows:
        kind = Kind(row.kind)
        details = _without_names(kind, row.details) if rated else row.details
        views.append(
            EventView(
                sequence=row.sequence,
                kind=kind,
                label=kind.label,
                at=row.at,
                who=_who(row, loaded, names, rated=rated),
                lines=tuple(lines(kind, details)),
                source=row.details.get("source"),
                files=()
                if rated and kind is not Kind.APPEAL_PROPOSED
                else tuple(each["id"] for each in files if each["event_id"] == row.id),
            )
        )
    return tuple(views)


_OPEN_WORDS = frozenset(
    {
        Kind.APPEAL_PROPOSED,
        Kind.APPEALED,
        Kind.APPEAL_UPHELD,
        Kind.APPEAL_REJECTED,
        Kind.ANSWERED,
    }
)
"""Whose words are meant for who was rated, or for the rater."""


def _without_names(kind: Kind, details: dict[str, Any]) -> dict[str, Any]:
    """For who was rated: what handlers note among themselves may name the rater, and how they were
    reached tells who they are."""
    if kind in (Kind.REVEALED, Kind.CONTACTED):
        return {}
    if kind in _OPEN_WORDS:
        return details
    return {name: value for name, value in details.items() if name not in ("note", "reason")}


def _who(row: OrderEvent, loaded: Loaded, names: dict[int | None, str], *, rated: bool) -> str:
    if row.actor == SYSTEM:
        return "系统"
    if row.actor == RATER:
        return "评价人"
    agency = names.get(row.agency_id, "")
    if rated or row.account_id is None:
        return agency or row.actor
    return f"{agency}{loaded.names.get(row.account_id, row.actor)}"


_FIELDS = {
    "to_name": "转至",
    "ground": "事由",
    "reason": "理由",
    "class_label": "分类",
    "methods": "复核方式",
    "text": "答复",
    "words": "评价人说",
    "note": "说明",
    "via": "经由系统",
}


def lines(kind: Kind, details: dict[str, Any]) -> Iterator[str]:
    """What the event says, in words."""
    if kind is Kind.CONTACTED and details:
        reached = "已联系到" if details["reached"] else "未联系到"
        yield f"{Way(details['way']).label}，{reached}"
    if kind is Kind.CONFIRMED:
        yield "满意" if details["satisfied"] else "不满意"
    if details.get("causes"):
        yield f"成因：{'、'.join(details['causes'])}"
    if details.get("until"):
        yield f"新的期限：{details['until']}"
    if details.get("explained"):
        yield "已作解释说明"
    for name, label in _FIELDS.items():
        value = details.get(name)
        if value:
            yield f"{label}：{'、'.join(value) if isinstance(value, list) else value}"
