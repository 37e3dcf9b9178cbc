"""/staff/entries: 代录. Paper forms, suggestion boxes and survey calls, keyed in by who is signed
in, with the picture or the recording of them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from pydantic import ValidationError

from api.keys import OFFICE
from api.problems import status_of
from api.sentences import sentence
from api.staff.forms import Form
from api.staff.rendering import page, see_other
from api.staff.session import account_of, flash, for_roles, form_of
from models.accounts.roles import Role
from models.calendar.beijing import BEIJING
from models.office import Office
from models.ratings.entering import EntryGiven, clerk_of, enter_by
from models.refusals import Refused
from models.tables import Account, Coverage, Evaluation, Opinion
from models.words import Channel, Level, Target

PATH: Final = "/staff/entries"
CLERKS: Final = (Role.BUREAU, Role.HANDLER, Role.CALLBACK, Role.TOWN)
SHOWN: Final = 20
"""Of one's own, the newest."""
MEDIA: Final = (Channel.PAPER, Channel.SUGGESTION_BOX, Channel.SURVEY_CALL)
ABOUT: Final = {
    "case": "办件（业务流水号）",
    "window": "窗口（编码）",
    "hall": "大厅（编码）",
    "platform": "平台（编码）",
    "agency": "机构（编码）",
}
APART: Final = (Target.ITEM, Target.STAFF)
"""What may be said of each by itself."""


@dataclass(frozen=True, slots=True)
class Kept:
    at: datetime
    about: str
    level: Level | None
    receipt: str | None
    """Address of what the rater can see. None: it is an opinion."""


class Unfit(Exception):
    """The form cannot be an entry. `faults`: by field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(faults)
        self.faults = faults


@for_roles(*CLERKS)
async def show(request: web.Request) -> web.Response:
    return await _page(request)


@for_roles(*CLERKS)
async def key_in(request: web.Request) -> web.Response:
    office, form = request.app[OFFICE], form_of(request)
    try:
        entry = entry_of(form)
        clerk = await clerk_of(account_of(request))
        content = next((content for _, content in form.files("file")), b"")
        kept = await enter_by(office, clerk, entry, content)
    except Unfit as unfit:
        return await _page(request, HTTPStatus.UNPROCESSABLE_ENTITY, form, unfit.faults)
    except Refused as refused:
        field = "code" if refused.field in ABOUT else refused.field or ""
        return await _page(request, status_of(refused), form, {field: refused.message})
    flash(request, "已代录为评价。" if kept.evaluation_id else "已记为意见。")
    return see_other(PATH)


def entry_of(form: Form) -> EntryGiven:
    """Raises Unfit."""
    about, code = form.text("about"), form.text("code")
    faults = {}
    if about not in ABOUT or not code:
        faults["code"] = "请填写评价的是哪个办件、窗口、大厅、平台或机构。"
    if not form.text("level") and not form.text("words"):
        faults["words"] = "请选择满意程度，或写下意见。"
    reasons = {
        target.value: {"words": words} for target in APART if (words := form.text(target.value))
    }
    given: dict[str, Any] = {
        "submission": form.text("once"),
        "medium": form.text("medium"),
        "said_at": _moment(form.text("said_at"), faults),
        about: code,
        "visit": form.text("visit"),
        "level": form.text("level"),
        "reasons": reasons,
        "words": form.text("words"),
        "rater_name": form.text("rater_name"),
        "rater_phone": form.text("rater_phone"),
    }
    if faults:
        raise Unfit(faults)
    try:
        return EntryGiven.model_validate({name: each for name, each in given.items() if each})
    except ValidationError as error:
        raise Unfit(
            {
                "code" if each["loc"][:1] == (about,) else str((*each["loc"], "")[0]): sentence(
                    each
                )
                for each in error.errors()
            }
        ) from None


def _moment(text: str, faults: dict[str, str]) -> datetime | None:
    """A browser's date and time, which is Beijing's."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BEIJING)
    except ValueError:
        faults["said_at"] = "应为日期和时间，如2026-03-02T09:00。"
        return None


async def _page(
    request: web.Request,
    status: HTTPStatus = HTTPStatus.OK,
    form: Form | None = None,
    faults: Mapping[str, str] | None = None,
) -> web.Response:
    values = form or Form([("once", secrets.token_urlsafe(16)), ("about", "case")])
    return page(
        request,
        "entries.html",
        status.value,
        values=values,
        faults=faults or {},
        media=[(each.value, each.label) for each in MEDIA],
        abouts=list(ABOUT.items()),
        levels=[(str(each.value), each.label) for each in Level],
        apart=[(each.value, each.label) for each in APART],
        kept=await _kept(request.app[OFFICE], account_of(request)),
    )


async def _kept(office: Office, account: Account) -> list[Kept]:
    by = (await clerk_of(account)).keyed_by
    rated = await Evaluation.filter(keyed_by=by).order_by("-at").limit(SHOWN)
    covered = await Coverage.filter(evaluation_id__in=[each.id for each in rated]).select_related(
        "case", "agency"
    )
    names = {
        each.evaluation_id: f"办件{each.case.number}" if each.case is not None else each.agency.name
        for each in covered
    }
    said = await Opinion.filter(keyed_by=by).order_by("-at").limit(SHOWN).select_related("agency")
    kept = [
        *(
            Kept(
                each.at,
                names.get(each.id, ""),
                Level(each.level),
                f"/receipt/{office.links.receipt(each.id)}",
            )
            for each in rated
        ),
        *(
            Kept(each.at, each.agency.name, Level(each.level) if each.level else None, None)
            for each in said
        ),
    ]
    return sorted(kept, key=lambda each: each.at, reverse=True)[:SHOWN]


ROUTES: Final = (web.get(PATH, show), web.post(PATH, key_in))
