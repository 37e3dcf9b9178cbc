"""What README.md promises to a platform's developers: its example was signed by OpenSSL 3.0."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

import bot.host_apps
from bot.host_apps import refusals
from bot.host_apps.refusals import TicketRefused
from bot.host_apps.settings import HmacHostApp, HostApp, Sm2HostApp
from bot.host_apps.tickets import read_ticket
from tests.bot.host_apps.platform import NOW

README = Path(bot.host_apps.__file__).with_name("README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def accounts() -> dict[str, HostApp]:
    adapter: TypeAdapter[dict[str, HostApp]] = TypeAdapter(dict[str, HostApp])
    return adapter.validate_python(tomllib.loads("\n".join(blocks("toml")))["host_app"])


FIRST, BY_HMAC, BY_SM2 = (block.split() for block in blocks("text"))


def test_the_example_by_hmac(accounts: dict[str, HostApp]) -> None:
    ticket = read_ticket(accounts["yueshengshi"], "yueshengshi", f"{FIRST[0]}.{BY_HMAC[0]}", NOW)
    assert (ticket.subject, ticket.name, ticket.level) == ("u-1024", "陈晓明", 3)


@pytest.mark.parametrize("proof", BY_SM2)
def test_the_example_by_sm2(accounts: dict[str, HostApp], proof: str) -> None:
    app = accounts["city"]
    assert isinstance(app, Sm2HostApp)
    assert read_ticket(app, "yueshengshi", f"{FIRST[0]}.{proof}", NOW).subject == "u-1024"


def test_the_sample_in_python(accounts: dict[str, HostApp]) -> None:
    app = accounts["yueshengshi"]
    assert isinstance(app, HmacHostApp)
    sample: dict[str, Any] = {}
    exec(blocks("python")[0], sample)  # noqa: S102
    made = sample["ticket"](app.secret.get_secret_value(), json.loads(blocks("json")[0]))
    assert made == f"{FIRST[0]}.{BY_HMAC[0]}"


def test_every_refusal_is_listed() -> None:
    codes = {
        each.code
        for each in vars(refusals).values()
        if isinstance(each, type) and issubclass(each, TicketRefused) and each is not TicketRefused
    }
    assert set(re.findall(r"^\| `(ticket_\w+)`", README, re.MULTILINE)) == codes
    assert len(codes) == 6
