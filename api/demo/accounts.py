"""/demo/accounts: an account for each role of each jurisdiction, with its password and its code of
the moment, so that anybody can try the console. None of this exists outside the demo."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

import pyotp
from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.keys import OFFICE
from api.staff.signed_in import now_of
from models.accounts import administering, passwords, second_factor
from models.accounts.administering import AT_THE_COMMAND_LINE, Post
from models.accounts.roles import Role
from models.office import Office
from models.tables import Account

PASSWORD: Final = "haochaping demo only"  # noqa: S105 - of the demo, and shown there
FILE: Final = "accounts.txt"
OPERATOR: Final = "operator"

_TEMPLATES = Environment(
    loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    login: str
    name: str
    role: str
    agency: str
    password: str
    """Empty: somebody has changed it."""
    secret: str
    code: str
    """Not used yet. Empty: those of this minute are used up."""


async def fill_accounts(office: Office, data: Path, *, empty: bool) -> None:
    """Once a folder. `empty`: the operator only."""
    if not await Account.exists():
        stored = await passwords.hashed(PASSWORD)
        async with office.database.transaction():
            for row in _rows():
                if not empty or row["login"] == OPERATOR:
                    await _make(office, row, stored)
    if not (data / FILE).exists():
        await _write(office, data / FILE)


def _rows() -> list[dict[str, str]]:
    text = files("api.demo").joinpath("accounts.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


async def _make(office: Office, row: dict[str, str], stored: str) -> None:
    post = Post(Role(row["role"]), row["agency"], row["staff"])
    account = await administering.open_account(
        office, AT_THE_COMMAND_LINE, row["login"], row["name"], post, stored
    )
    await second_factor.begin(office, account)
    made = account.created_at
    await Account.filter(id=account.id).update(totp_enrolled_at=made, password_changed_at=made)


async def _write(office: Office, file: Path) -> None:
    accounts = await Account.all().select_related("agency").order_by("id")
    lines = ["账号\t角色\t机构\t密码\t动态口令密钥"]
    for account in accounts:
        shown = _shown(office, account, office.now())
        lines.append(f"{shown.login}\t{shown.role}\t{shown.agency}\t{PASSWORD}\t{shown.secret}")
    # Whole or not at all, and for its owner only.
    beside = file.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    beside.replace(file)


def setup_demo_accounts(app: web.Application) -> None:
    app.router.add_get("/demo/accounts", show)


async def show(request: web.Request) -> web.Response:
    """A page; for `Accept: application/json` {"accounts": [...]}."""
    accounts = await Account.filter(disabled_at=None).select_related("agency").order_by("id")
    listed = [_shown(request.app[OFFICE], account, now_of(request)) for account in accounts]
    if "application/json" in request.headers.get("Accept", ""):
        return web.json_response({"accounts": [asdict(each) for each in listed]})
    text = _TEMPLATES.get_template("demo_accounts.html").render(accounts=listed)
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", headers=headers)


def _shown(office: Office, account: Account, now: datetime) -> DemoAccount:
    secret = second_factor.secret_of(office, account) or ""
    return DemoAccount(
        login=account.login,
        name=account.name,
        role=Role(account.role).label,
        agency=account.agency.name if account.agency else "",
        password=PASSWORD if account.password_changed_at == account.created_at else "",
        secret=secret,
        code=_code(secret, account.totp_step, now) if account.totp_enrolled_at else "",
    )


def _code(secret: str, used: int | None, now: datetime) -> str:
    current = int(now.timestamp()) // second_factor.PERIOD
    step = max(current, (used or 0) + 1)
    return pyotp.TOTP(secret).generate_otp(step) if step <= current + second_factor.DRIFT else ""
