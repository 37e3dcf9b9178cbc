"""`outbox` and `mail`: what was given up, and mail from a pipe."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.cli.options import settings_of
from api.cli.working import working_office
from models.notices import notice
from models.office import Office
from models.tables import Agency, Notice, Opinion, Region
from tests.api.cli.conftest import PATIENCE, SCRIPT, Run

MAIL = """From: =?utf-8?b?546L5aWz5aOr?= <wang@example.cn>
To: yijian@city.example
Subject: =?utf-8?b?5bu66K6u?=
Message-ID: <1@example.cn>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

希望周六也能办理
"""


@pytest.fixture
def installed(run: Run, folder: Path) -> Callable[[Callable[[Office], Awaitable[Any]]], Any]:
    """Does something in the office of the folder, which has one agency."""
    run("migrate")

    def within(work: Callable[[Office], Awaitable[Any]]) -> Any:
        async def opened() -> Any:
            async with working_office(settings_of(folder, None)) as office:
                return await work(office)

        return asyncio.run(opened())

    async def begin(_office: Office) -> None:
        region = await Region.create(code="R", name="本市", rulebook="sanming")
        await Agency.create(code="bureau", name="政务服务局", region=region, party="bureau")

    within(begin)
    return within


def test_dead_letters_are_listed_and_sent_again(
    run: Run, installed: Callable[[Callable[[Office], Awaitable[Any]]], Any]
) -> None:
    async def give_up(_office: Office) -> int:
        lost = notice(
            "bulletin", "1", {"month": "2026-02-01"}, now=datetime(2026, 3, 2, tzinfo=UTC)
        )
        lost.state, lost.why, lost.attempts = "dead", "邮箱不存在", 7
        await lost.save()
        return int(lost.id)

    number = installed(give_up)
    listed = run("outbox", "dead").stdout
    assert "邮箱不存在" in listed
    assert "7次" in listed
    assert "1条通知将重新发送" in run("outbox", "resend", str(number)).stdout
    assert run("outbox", "dead").stdout == ""

    async def state(_office: Office) -> str:
        return str((await Notice.get(id=number)).state)

    assert installed(state) == "waiting"
    assert "不在已放弃的通知里" in run("outbox", "resend", str(number), code=1).stderr
    assert "没有编号为“99”的通知" in run("outbox", "resend", "99", code=1).stderr


def pipe(environment: dict[str, str], mail: str, *more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - our own command
        [SCRIPT, "mail", *more],
        input=mail.encode(),
        env={**os.environ, **environment},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


def test_a_mail_from_a_pipe_is_an_opinion(
    environment: dict[str, str], installed: Callable[[Callable[[Office], Awaitable[Any]]], Any]
) -> None:
    done = pipe(environment, MAIL, "--agency", "bureau")
    assert (done.returncode, done.stdout.decode()) == (0, "opinion\n")

    async def words(_office: Office) -> str:
        return (await Opinion.get()).words

    assert installed(words) == "建议\n希望周六也能办理"
    unknown = pipe(environment, MAIL, "--agency", "nobody")
    assert unknown.returncode == 1
    assert "不在机构目录里" in unknown.stderr.decode()
