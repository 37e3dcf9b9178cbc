"""Who opens, changes and closes accounts: the operator all, a bureau those of its region and below.

Nobody does it to their own account, and nobody but an operator to an operator's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from pydantic import TypeAdapter, ValidationError
from tortoise.exceptions import IntegrityError
from tortoise.queryset import QuerySet

from models.accounts import attempts, passwords, sessions
from models.accounts.history import SYSTEM, Kind, record
from models.accounts.roles import Role
from models.directory.regions import ids_within
from models.office import Office
from models.refusals import Conflict, Forbidden, Invalid, Missing, UnknownReference
from models.tables import Account, Agency, Staff
from models.texts import Line, could_be_code

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,48}[a-z0-9]")
_NAME: Final = TypeAdapter(Line)
LONGEST_NAME: Final = 50
_PARTIES: Final = {
    # 区人民政府 passes its departments' orders on (天津第十八条).
    Role.BUREAU: (("bureau", "district"), "主管部门或区政府"),
    Role.TOWN: (("town",), "镇街"),
}
"""Roles that only an agency of these kinds has."""


class LoginTaken(Conflict):
    code: ClassVar[str] = "login_taken"


@dataclass(frozen=True, slots=True)
class Administrator:
    """`regions`: whose accounts are theirs to keep; None: all."""

    login: str
    account_id: int | None
    regions: frozenset[int] | None

    @property
    def roles(self) -> tuple[Role, ...]:
        """That they may give."""
        return tuple(role for role in Role if self.regions is None or role is not Role.OPERATOR)

    def accounts(self) -> QuerySet[Account]:
        if self.regions is None:
            return Account.all()
        return Account.filter(agency__region_id__in=self.regions).exclude(role=Role.OPERATOR)


AT_THE_COMMAND_LINE: Final = Administrator(SYSTEM, None, None)
"""Whoever may run commands on the machine. The first operator is made so."""


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody is to be. `agency` and `staff`: their codes; empty: none."""

    role: Role
    agency: str = ""
    staff: str = ""


async def administrator(account: Account) -> Administrator:
    """Raises Forbidden."""
    if account.role == Role.OPERATOR:
        return Administrator(account.login, account.id, None)
    if account.role == Role.BUREAU and account.agency is not None:
        regions = await ids_within(account.agency.region_id)
        return Administrator(account.login, account.id, regions)
    raise Forbidden("您的角色不能管理账号。")


async def account_of(by: Administrator, login: str) -> Account:
    """One of theirs. Raises Missing."""
    found = None
    if could_be_code(login):
        theirs = by.accounts()
        found = await theirs.get_or_none(login=login).select_related("agency__region", "staff")
    if found is None:
        raise Missing("没有这个账号。")
    return found


async def create(
    office: Office, by: Administrator, login: str, name: str, post: Post
) -> tuple[Account, str]:
    """The account and its one-time password. Raises Invalid, Forbidden, LoginTaken."""
    password = passwords.one_time()
    stored = await passwords.hashed(password)
    return await open_account(office, by, login, name, post, stored), password


async def open_account(
    office: Office, by: Administrator, login: str, name: str, post: Post, password: str
) -> Account:
    """`password`: as it is stored. Raises Invalid, Forbidden, LoginTaken."""
    if not _LOGIN.fullmatch(login):
        raise Invalid("账号为3至50个小写字母、数字、点、横线或下划线。", field="login")
    name = _name(name)
    agency, staff = await _place(by, post)
    try:
        async with office.database.transaction():
            account = await Account.create(
                login=login,
                name=name,
                role=post.role.value,
                agency=agency,
                staff=staff,
                password=password,
                created_at=office.now(),
            )
            await record(office, account, Kind.CREATED, by.login, **_said(post))
    except IntegrityError:
        raise LoginTaken(f"已有账号“{login}”。", field="login") from None
    return account


async def change_post(office: Office, by: Administrator, account: Account, post: Post) -> None:
    """Raises Invalid, Forbidden."""
    _check(by, account)
    agency, staff = await _place(by, post)
    async with office.database.transaction():
        await Account.filter(id=account.id).update(
            role=post.role.value,
            agency_id=agency.id if agency else None,
            staff_id=staff.id if staff else None,
        )
        await sessions.end_all(account)
        await record(office, account, Kind.ROLE_CHANGED, by.login, **_said(post))


async def disable(office: Office, by: Administrator, account: Account) -> None:
    """Its steps stay, and so do its chats, which open nothing until it is enabled. Raises
    Forbidden."""
    _check(by, account)
    async with office.database.transaction():
        if await Account.filter(id=account.id, disabled_at=None).update(disabled_at=office.now()):
            await sessions.end_all(account)
            await record(office, account, Kind.DISABLED, by.login)


async def enable(office: Office, by: Administrator, account: Account) -> None:
    """Raises Forbidden."""
    _check(by, account)
    async with office.database.transaction():
        disabled = Account.filter(id=account.id).exclude(disabled_at=None)
        if await disabled.update(disabled_at=None):
            await record(office, account, Kind.ENABLED, by.login)


async def reset_password(office: Office, by: Administrator, account: Account) -> str:
    """The one-time password, which has to be changed at the next sign-in. Raises Forbidden."""
    _check(by, account)
    password = passwords.one_time()
    stored = await passwords.hashed(password)
    async with office.database.transaction():
        await Account.filter(id=account.id).update(password=stored, password_changed_at=None)
        await attempts.clear(account)
        await sessions.end_all(account)
        await record(office, account, Kind.PASSWORD_RESET, by.login)
    return password


async def reset_second_factor(office: Office, by: Administrator, account: Account) -> None:
    """They enrol anew at the next sign-in. Raises Forbidden."""
    _check(by, account)
    async with office.database.transaction():
        await Account.filter(id=account.id).update(
            totp_secret=None, totp_enrolled_at=None, totp_step=None
        )
        await sessions.end_all(account)
        await record(office, account, Kind.FACTOR_RESET, by.login)


def _check(by: Administrator, account: Account) -> None:
    if account.id == by.account_id:
        raise Forbidden("不能这样改动自己的账号，请由另一位管理人员办理。")


async def _place(by: Administrator, post: Post) -> tuple[Agency | None, Staff | None]:
    """Raises Invalid, Forbidden, UnknownReference."""
    if post.role not in by.roles:
        raise Forbidden(f"您不能授予“{post.role.label}”角色。", field="role")
    if post.role is Role.OPERATOR:
        if post.agency or post.staff:
            raise Invalid("运维账号不属于任何机构。", field="agency")
        return None, None
    if not post.agency:
        raise Invalid("请选择所属机构。", field="agency")
    agency = await _agency(by, post.agency)
    parties, label = _PARTIES.get(post.role, ((agency.party,), ""))
    if agency.party not in parties:
        raise Invalid(f"“{post.role.label}”账号要属于{label}。", field="agency")
    return agency, await _staff(agency, post)


async def _agency(by: Administrator, code: str) -> Agency:
    agency = await Agency.get_or_none(code=code) if could_be_code(code) else None
    if agency is None or (by.regions is not None and agency.region_id not in by.regions):
        where = "您负责的地区内" if by.regions is not None else ""
        raise UnknownReference(f"{where}没有代码为“{code}”的机构。", field="agency")
    return agency


async def _staff(agency: Agency, post: Post) -> Staff | None:
    if not post.staff:
        if post.role is Role.STAFF:
            raise Invalid("被评价人账号要写明工号。", field="staff")
        return None
    staff = None
    if could_be_code(post.staff):
        staff = await Staff.get_or_none(code=post.staff, agency=agency)
    if staff is None:
        raise UnknownReference(f"{agency.name}没有工号为“{post.staff}”的人员。", field="staff")
    return staff


def _name(name: str) -> str:
    try:
        kept = _NAME.validate_python(name)
    except ValidationError:
        kept = ""
    if not kept or len(kept) > LONGEST_NAME:
        raise Invalid(f"请写明姓名，不超过{LONGEST_NAME}个字。", field="name")
    return kept


def _said(post: Post) -> dict[str, str]:
    said = {"role": post.role.value, "agency": post.agency, "staff": post.staff}
    return {name: value for name, value in said.items() if value}
