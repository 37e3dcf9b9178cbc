"""The installed script: every command once, what is listed, and how little a command imports."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from api.cli import commands
from api.cli.later import Later
from api.cli.rulebooks import rulebook
from tests.api.cli.conftest import Run

SLOW = {"aiohttp", "asyncpg", "jinja2", "openpyxl", "structlog", "tortoise", "uvloop"}
LATER = [
    command
    for group in (commands, rulebook)
    for command in group.commands.values()
    if isinstance(command, Later)
]


def test_every_command_is_a_script_s(script: Run, migrated: Path, tmp_path: Path) -> None:
    region = tmp_path / "region.csv"
    region.write_text("地区编码,名称,上级地区,规则书\n1,甲区,,tianjin\n", encoding="utf-8")
    tianjin = str(files("models.rulebooks") / "tianjin.toml")
    assert "数据库已是最新" in script("migrate").stdout
    assert "地区：新增1" in script("import", region).stdout
    assert "hcp_" in script("integrator", "add", "业务系统").stdout
    assert "没有代码为“x”的窗口" in script("qr", "window", "x", code=1).stderr
    assert "没有编号为“x”的办件" in script("rulebook", "explain", "x", code=1).stderr
    assert "没有错误" in script("rulebook", "check", tianjin).stdout
    assert "国庆" in script("calendar", "check", "2026").stdout
    assert "可以启动" in script("doctor").stdout
    assert migrated.is_dir()


def test_what_it_does_not_know_is_refused(script: Run) -> None:
    assert "sreve" in script("sreve", code=2).stderr


@pytest.mark.parametrize("command", LATER, ids=lambda command: command.name)
def test_a_command_is_listed_in_its_own_words(command: Later) -> None:
    own = command.load()
    assert own.name == command.name
    assert own.get_short_help_str(100) == command.get_short_help_str(100)


@pytest.mark.parametrize(
    ("module", "others"),
    [
        ("api.cli", {"pydantic", "models"}),
        ("api.cli.rulebooks", set()),
        ("api.cli.calendar", set()),
    ],
)
def test_who_asks_for_little_waits_for_little(module: str, others: set[str]) -> None:
    """Each of them takes a tenth of a second and more."""
    program = f"import sys, {module}; print(*sys.modules)"
    shown = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    assert not set(shown.stdout.split()) & (SLOW | others)
