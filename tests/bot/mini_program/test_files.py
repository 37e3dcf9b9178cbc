"""What WeChat would refuse, or nobody would notice before a citizen does."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.mini_program.conftest import (
    FOLDER,
    Faulty,
    Phone,
    installed,
    switched_off,
    switched_on,
)
from tests.bot.wechat.fake_platform import FakePlatform

APP: dict[str, Any] = json.loads((FOLDER / "app.json").read_text(encoding="utf-8"))
PAGES: list[str] = APP["pages"]
COMPONENTS = [f"components/{each.name}/{each.name}" for each in (FOLDER / "components").iterdir()]
SHIPPED = [
    each
    for each in FOLDER.rglob("*")
    if each.is_file() and each.name not in ("README.md", ".gitignore", "config.js")
]
LATER = re.compile(
    r"\?\.\w|\?\?|\{\s*\.\.\.|,\s*\.\.\.\w+\s*\}|\.flat(Map)?\(|\.finally\(|catch \{|\*\*="
)
TEMPLATES = [each for each in SHIPPED if each.suffix == ".wxml"]
CODE = [each for each in SHIPPED if each.suffix == ".js"]


@pytest.fixture
async def phone(tmp_path: Path) -> AsyncIterator[Phone]:
    """Without a service: only the files are looked at."""
    phone = await switched_on(
        installed(tmp_path / "mini_program", "http://127.0.0.1:1"), "", FakePlatform()
    )
    yield phone
    await switched_off(phone)


@pytest.mark.parametrize("where", [*PAGES, *COMPONENTS])
def test_every_page_has_its_four_files(where: str) -> None:
    for suffix in (".js", ".json", ".wxml", ".wxss"):
        assert (FOLDER / f"{where}{suffix}").is_file(), suffix


def test_every_page_is_registered() -> None:
    found = {str(each.with_suffix("").relative_to(FOLDER)) for each in FOLDER.glob("pages/*/*.js")}
    assert found == set(PAGES)
    # Where codes and messages lead, as bot/wechat/settings.py has it.
    assert "pages/rate/rate" in PAGES


async def test_what_is_shown_and_called_is_there(phone: Phone) -> None:
    for where in [*PAGES, *COMPONENTS]:
        parts = await phone.do("parts", where)
        assert set(parts["handlers"]) <= set(parts["methods"]), where
        assert set(parts["names"]) <= set(parts["data"]), where


async def test_every_template_is_well_formed(phone: Phone) -> None:
    for template in TEMPLATES:
        await phone.do("parse", template.read_text(encoding="utf-8"))
    # That the parser is strict.
    for text in ("<view>", "</view>", "<view></text>", '<view a="1" a="2" />', "<view a=1 />"):
        with pytest.raises(Faulty, match="SyntaxError"):
            await phone.do("parse", text)


@pytest.mark.parametrize("each", [each for each in SHIPPED if each.suffix == ".json"])
def test_json(each: Path) -> None:
    content = json.loads(each.read_text(encoding="utf-8"))
    for tag, where in content.get("usingComponents", {}).items():
        assert where.removeprefix("/") in COMPONENTS, tag


def test_no_account_of_anybody() -> None:
    project = json.loads((FOLDER / "project.config.json").read_text(encoding="utf-8"))
    assert project["appid"] == "touristappid"
    assert not any(re.search(r"\bwx[0-9a-f]{16}\b", each.read_text("utf-8")) for each in SHIPPED)
    assert APP["__usePrivacyCheck__"] is True


def test_nothing_from_elsewhere() -> None:
    for each in SHIPPED:
        text = each.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        if each.name != "config.example.js":
            assert not re.search(r"https?://|wss?://|//[a-z0-9-]+\.[a-z]", text), each
        assert not re.search(r"\beval\b|new Function\b|\bimport\(|web-view", text), each


def test_small() -> None:
    assert sum(each.stat().st_size for each in SHIPPED) < 200_000


@pytest.mark.parametrize("each", CODE, ids=lambda each: each.name)
def test_only_what_old_phones_understand(each: Path) -> None:
    """ES2017."""
    text = re.sub(r"//.*|/\*[^*]*\*/|'[^']*'|`[^`]*`", "", each.read_text(encoding="utf-8"))
    assert not LATER.search(text), LATER.search(text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.name)
def test_what_is_touched_tells_what_it_is(template: Path) -> None:
    """To a screen reader: a role, and a name where there are no words."""
    text = template.read_text(encoding="utf-8")
    for tag, attributes in re.findall(r"<([a-z-]+)((?:\s[^<>]*?(?:\"[^\"]*\")?)*)/?>", text):
        if tag == "view" and "bindtap=" in attributes:
            assert "aria-role=" in attributes, attributes
        if tag in ("input", "textarea"):
            assert "aria-label=" in attributes, attributes
        if tag == "image":
            assert 'aria-hidden="true"' in attributes, attributes
