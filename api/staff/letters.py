"""/staff/letters: dead letters (死信), why, and sending them again. Never to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from tortoise.queryset import QuerySet

from api.keys import OFFICE
from api.staff.area import regions_of
from api.staff.rendering import page, see_other
from api.staff.session import account_of, flash, for_roles, form_of
from api.v1.numbers import row_number
from models.accounts.roles import Role
from models.notices import send_again
from models.refusals import Conflict, Invalid
from models.tables import Account, Attempt, Notice
from models.words import NoticeState

PATH: Final = "/staff/letters"
ROWS: Final = 50
"""On a page."""

KINDS: Final = {
    "invitation": "评价邀请",
    "reminder": "评价提醒",
    "thanks": "评价回执",
    "why": "请评价人补充原因",
    "by_link": "评价链接",
    "help": "评价办法",
    "answer": "答复来信",
    "bind_code": "手机验证码",
    "bulletin": "月度通报",
    "complaint": "新差评",
    "complaint_copy": "差评抄送",
    "dispatch": "工单转办",
    "order_step": "工单进展",
    "warning": "到期预警",
    "overdue": "超期提醒",
    "staff_answer": "聊天答复",
    "order_answered": "整改答复评价人",
    "order_extended": "延期告知评价人",
    "order_excluding": "拟不予采纳告知评价人",
    "order_excluded": "不予采纳告知评价人",
    "order_confirm": "请评价人确认",
}
ROUTES_BY: Final = {
    "sms": "短信",
    "mail": "邮件",
    "official_account": "公众号",
    "mini_program": "小程序",
    "chat": "聊天应用",
    "robot": "群机器人",
    "staff": "工作人员",
}


@dataclass(frozen=True, slots=True)
class Letter:
    notice: Notice
    what: str
    agency: str
    order: int | None
    attempts: tuple[tuple[Attempt, str], ...]
    """With the way that was tried."""


@for_roles(Role.BUREAU, Role.OPERATOR)
async def show(request: web.Request) -> web.Response:
    after = row_number(request.query.get("after", "")) or 0
    found = (
        await (await _dead(account_of(request)))
        .filter(id__gt=after)
        .order_by("id")
        .limit(ROWS + 1)
        .select_related("agency")
    )
    return page(
        request,
        "letters.html",
        letters=await _letters(found[:ROWS]),
        after=found[ROWS - 1].id if len(found) > ROWS else None,
    )


@for_roles(Role.BUREAU, Role.OPERATOR)
async def resend(request: web.Request) -> web.Response:
    """Those that were ticked. One that somebody else has sent again meanwhile is passed over."""
    office = request.app[OFFICE]
    numbers = [row_number(each) for each in form_of(request).chosen("letter")]
    if not numbers:
        raise Invalid("请先勾选要重发的消息。", field="letter")
    sent = 0
    mine = await _dead(account_of(request))
    for notice in await mine.filter(id__in=[each for each in numbers if each]):
        try:
            await send_again(office, notice)
        except Conflict:
            continue
        sent += 1
    passed = len(numbers) - sent
    flash(
        request,
        f"{sent}条消息将重新发送。" + (f"另有{passed}条已不在未送达之列。" if passed else ""),
        "done" if sent else "refused",
    )
    return see_other(PATH)


async def _dead(account: Account) -> QuerySet[Notice]:
    """What belongs to no agency is the operator's."""
    dead = Notice.filter(state=NoticeState.DEAD.value)
    regions = await regions_of(account)
    return dead if regions is None else dead.filter(agency__region_id__in=list(regions))


async def _letters(notices: Sequence[Notice]) -> list[Letter]:
    tries: dict[int, list[tuple[Attempt, str]]] = {each.id: [] for each in notices}
    for one in await Attempt.filter(notice_id__in=list(tries)).order_by("number"):
        tries[one.notice_id].append((one, ROUTES_BY.get(one.route or "", one.route or "")))
    return [
        Letter(
            notice=each,
            what=KINDS.get(each.kind, each.kind),
            agency=each.agency.name if each.agency is not None else "",
            order=each.body.get("order"),
            attempts=tuple(tries[each.id]),
        )
        for each in notices
    ]


ROUTES: Final = (web.get(PATH, show), web.post(PATH, resend))
