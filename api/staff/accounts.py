"""/staff/accounts: whoever keeps accounts opens, changes and closes them."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from aiohttp import web
from tortoise.expressions import Q

from api.keys import OFFICE
from api.staff.forms import Form
from api.staff.rendering import page, see_other
from api.staff.session import flash, for_roles, status
from api.staff.signed_in import account_of, form_of
from models.accounts import administering
from models.accounts.administering import Administrator, Post, administrator
from models.accounts.roles import Role
from models.refusals import Invalid, Refused
from models.tables import Account, AccountEvent, Agency

KEEPERS: Final = (Role.OPERATOR, Role.BUREAU)
A_PAGE: Final = 50
HISTORY: Final = 50
FOUND: Final = 20


@for_roles(*KEEPERS)
async def show(request: web.Request) -> web.StreamResponse:
    by = await administrator(account_of(request))
    words, role = request.query.get("q", "").strip()[:50], request.query.get("role", "")
    number = _number(request.query.get("page", ""))
    theirs = by.accounts()
    if "\0" not in words:
        theirs = theirs.filter(
            Q(login__icontains=words) | Q(name__icontains=words) | Q(agency__name__icontains=words)
        )
    if role in {each.value for each in Role}:
        theirs = theirs.filter(role=role)
    found = (
        await theirs.select_related("agency")
        .order_by("login")
        .offset((number - 1) * A_PAGE)
        .limit(A_PAGE + 1)
    )
    return page(
        request,
        "accounts.html",
        accounts=found[:A_PAGE],
        more=len(found) > A_PAGE,
        number=number,
        words=words,
        role=role,
        roles=_roles(tuple(Role)),
    )


@for_roles(*KEEPERS)
async def show_new(request: web.Request) -> web.StreamResponse:
    by = await administrator(account_of(request))
    return await _new(request, by, Form(request.query.items()))


@for_roles(*KEEPERS)
async def create(request: web.Request) -> web.StreamResponse:
    form, by = form_of(request), await administrator(account_of(request))
    try:
        account, password = await administering.create(
            request.app[OFFICE], by, form.text("login"), form.text("name"), _post(form)
        )
    except Refused as refused:
        return await _new(request, by, form, refused)
    return page(request, "one_time_password.html", account=account, password=password)


@for_roles(*KEEPERS)
async def show_one(request: web.Request) -> web.StreamResponse:
    by = await administrator(account_of(request))
    return await _one(request, await _asked_for(request, by))


@for_roles(*KEEPERS)
async def change_post(request: web.Request) -> web.StreamResponse:
    form, by = form_of(request), await administrator(account_of(request))
    account = await _asked_for(request, by)
    try:
        await administering.change_post(request.app[OFFICE], by, account, _post(form))
    except Refused as refused:
        return await _one(request, account, form, refused)
    return _changed(request, account, "角色已变更，该账号须重新登录。")


@for_roles(*KEEPERS)
async def disable(request: web.Request) -> web.StreamResponse:
    by = await administrator(account_of(request))
    account = await _asked_for(request, by)
    await administering.disable(request.app[OFFICE], by, account)
    return _changed(request, account, "账号已停用。")


@for_roles(*KEEPERS)
async def enable(request: web.Request) -> web.StreamResponse:
    by = await administrator(account_of(request))
    account = await _asked_for(request, by)
    await administering.enable(request.app[OFFICE], by, account)
    return _changed(request, account, "账号已恢复。")


@for_roles(*KEEPERS)
async def reset_password(request: web.Request) -> web.StreamResponse:
    by = await administrator(account_of(request))
    account = await _asked_for(request, by)
    password = await administering.reset_password(request.app[OFFICE], by, account)
    return page(request, "one_time_password.html", account=account, password=password)


@for_roles(*KEEPERS)
async def reset_second_factor(request: web.Request) -> web.StreamResponse:
    by = await administrator(account_of(request))
    account = await _asked_for(request, by)
    await administering.reset_second_factor(request.app[OFFICE], by, account)
    return _changed(request, account, "动态口令已重置，该账号下次登录时重新启用。")


async def _asked_for(request: web.Request, by: Administrator) -> Account:
    return await administering.account_of(by, request.match_info["login"])


def _changed(request: web.Request, account: Account, words: str) -> web.Response:
    flash(request, words)
    return see_other(address(account))


def address(account: Account) -> str:
    return f"/staff/accounts/{quote(account.login)}"


async def _new(
    request: web.Request, by: Administrator, form: Form, refused: Refused | None = None
) -> web.Response:
    return page(
        request,
        "new_account.html",
        status(refused) if refused else 200,
        form=form,
        roles=_roles(by.roles),
        agencies=await _agencies(by, form.text("agency_words")),
        refused=refused,
    )


async def _one(
    request: web.Request,
    account: Account,
    form: Form | None = None,
    refused: Refused | None = None,
) -> web.Response:
    by = await administrator(account_of(request))
    if form is None:
        now = {
            "role": account.role,
            "agency": account.agency.code if account.agency else "",
            "staff": account.staff.code if account.staff else "",
            "agency_words": request.query.get("agency_words", ""),
        }
        form = Form(now.items())
    agencies = await _agencies(by, form.text("agency_words"))
    if account.agency is not None and account.agency.code not in {code for code, _ in agencies}:
        agencies.insert(0, (account.agency.code, account.agency.name))
    return page(
        request,
        "account.html",
        status(refused) if refused else 200,
        account=account,
        own=account.id == by.account_id,
        form=form,
        roles=_roles(by.roles),
        agencies=agencies,
        refused=refused,
        history=await AccountEvent.filter(account=account).order_by("-id").limit(HISTORY),
    )


async def _agencies(by: Administrator, words: str) -> list[tuple[str, str]]:
    """Code and name of those that the words find, at most `FOUND`."""
    theirs = Agency.all() if by.regions is None else Agency.filter(region_id__in=by.regions)
    if words and "\0" not in words:
        theirs = theirs.filter(Q(name__icontains=words[:50]) | Q(code__icontains=words[:50]))
    found = await theirs.order_by("code").limit(FOUND)
    return [(each.code, f"{each.name}（{each.code}）") for each in found]


def _post(form: Form) -> Post:
    """Raises Invalid."""
    try:
        role = Role(form.text("role"))
    except ValueError:
        raise Invalid("请选择角色。", field="role") from None
    return Post(role, form.text("agency"), form.text("staff"))


def _roles(roles: tuple[Role, ...]) -> list[tuple[str, str]]:
    return [(role.value, role.label) for role in roles]


def _number(text: str) -> int:
    return min(int(text), 10_000) if text.isascii() and text.isdigit() and int(text) else 1


ROUTES: Final = [
    web.get("/staff/accounts", show),
    web.post("/staff/accounts", create),
    web.get("/staff/accounts/new", show_new),
    web.get("/staff/accounts/{login}", show_one),
    web.post("/staff/accounts/{login}/post", change_post),
    web.post("/staff/accounts/{login}/disable", disable),
    web.post("/staff/accounts/{login}/enable", enable),
    web.post("/staff/accounts/{login}/password", reset_password),
    web.post("/staff/accounts/{login}/second-factor", reset_second_factor),
]
