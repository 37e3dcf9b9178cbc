"""How the integration API shows what may be rated. Never a name, a number or an address of a
citizen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from models.cases.openings import Closed
from models.cases.received import Taken
from models.cases.shown import shown
from models.office import Office
from models.tables import Invitation
from models.words import Node, Target


class QrCode(BaseModel):
    svg: str
    png: str


class Subject(BaseModel):
    """What the page shows."""

    title: str
    agency: str
    cases: list[str]
    items: list[str]
    staff: str | None
    window: str | None
    group: str | None


class InvitationAnswer(BaseModel):
    """`from`, `until`: while the link holds. `timely_until`: what comes later is late; null where
    the rulebook knows no end. `provisional`: it rests on a year whose holidays are not known."""

    targets: list[Target]
    node: Node
    visit: int | None
    subject: Subject
    rulebook: str
    version: int
    rule: str
    source: str
    link: str
    qr: QrCode
    opened_from: datetime
    until: datetime
    timely_until: datetime | None
    provisional: bool
    remind_at: datetime | None
    reminded_at: datetime | None
    silence: str | None
    """What was made of it when nobody had rated in time: default, unrated, one_by_one."""
    follow_up_until: datetime | None
    state: str


class ClosedAnswer(BaseModel):
    """Why nothing may be rated here."""

    code: str
    source: str
    detail: str


class TakenAnswer(BaseModel):
    """`held`: the case is not reported yet; the event is kept and counts when it is."""

    fresh: bool
    held: bool
    invitations: list[InvitationAnswer]
    not_rated: list[ClosedAnswer]


class Survey(BaseModel):
    """By which the call is rated on the telephone: what the switch hands to AudioSocket, once,
    before `until`."""

    uuid: UUID
    until: datetime


class CallAnswer(TakenAnswer):
    """`survey`: null where there is nothing to rate; `not_rated` says why."""

    survey: Survey | None


async def call_answer(office: Office, base_url: str, taken: Taken) -> CallAnswer:
    answer = await taken_answer(office, base_url, taken)
    handover = taken.handover
    survey = Survey(uuid=handover.id, until=handover.until) if handover else None
    return CallAnswer(**dict(answer), survey=survey)


async def taken_answer(office: Office, base_url: str, taken: Taken) -> TakenAnswer:
    return TakenAnswer(
        fresh=taken.fresh,
        held=taken.held,
        invitations=[await invitation_answer(office, base_url, one) for one in taken.invitations],
        not_rated=closed_answers(taken.closed),
    )


def closed_answers(closed: Sequence[Closed]) -> list[ClosedAnswer]:
    return [ClosedAnswer(code=each.code, source=each.source, detail=each.detail) for each in closed]


async def invitation_answer(
    office: Office, base_url: str, invitation: Invitation
) -> InvitationAnswer:
    seen = await shown(invitation)
    link = f"{base_url}/r/{office.links.rating(invitation.nonce)}"
    return InvitationAnswer(
        targets=[Target(target) for target in invitation.targets],
        node=Node(invitation.node),
        visit=invitation.visit_number,
        subject=Subject(
            title=seen.title,
            agency=seen.agency,
            cases=[number for number, _ in seen.cases],
            items=[item for _, item in seen.cases],
            staff=seen.staff,
            window=seen.window,
            group=seen.group,
        ),
        rulebook=invitation.rulebook,
        version=invitation.version,
        rule=invitation.rule,
        source=invitation.source,
        link=link,
        qr=QrCode(svg=f"{link}/qr.svg", png=f"{link}/qr.png"),
        opened_from=invitation.opened_at,
        until=invitation.until,
        timely_until=invitation.timely_until,
        provisional=invitation.provisional,
        remind_at=invitation.remind_at,
        reminded_at=invitation.reminded_at,
        silence=invitation.silence,
        follow_up_until=invitation.follow_up_until,
        state=_state(office, invitation),
    )


def _state(office: Office, invitation: Invitation) -> str:
    if invitation.closed_why is not None:
        return invitation.closed_why
    return "open" if office.now() < invitation.until else "expired"
