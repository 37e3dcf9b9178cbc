"""rulebook list, show, check, explain."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from tests.api.cli.conftest import Run

NAMES = ("chaoan", "lingang", "qijiang", "sanming", "tianjin")
TIANJIN = (files("models.rulebooks") / "tianjin.toml").read_text(encoding="utf-8")


def test_every_rulebook_is_listed_with_its_versions(run: Run) -> None:
    shown = run("rulebook", "list").stdout
    for name in (*NAMES, "national"):
        assert name in shown
    assert "第1版" in shown


@pytest.mark.parametrize("name", ["chaoan", "national"])
def test_a_rulebook_is_shown_with_its_articles(run: Run, name: str) -> None:
    shown = run("rulebook", "show", name).stdout
    assert "第1版" in shown
    assert shown == run("rulebook", "show", name, "--version", "1").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "没有规则书“nowhere”"),
        (("tianjin", "--version", "9"), "没有第9版"),
        (("tianjin", "--version", "0"), "没有第0版"),
        (("tianjin", "--version", "-1"), "没有第-1版"),
    ],
)
def test_what_is_not_there_is_told(run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in run("rulebook", "show", *words, code=1).stderr


def test_a_good_file_passes(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "tianjin.toml"
    for encoding in ("utf-8", "utf-8-sig"):
        file.write_text(TIANJIN, encoding=encoding)
        assert "没有错误" in run("rulebook", "check", file).stdout


def line_of(text: str, beginning: str) -> int:
    return next(
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if line.startswith(beginning)
    )


def test_a_broken_file_is_refused_with_key_and_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    text = TIANJIN.replace("[version.consultation]", "[version.consultation]\ncolour = 1", 1)
    file.write_text(text, encoding="utf-8")
    refused = run("rulebook", "check", file, code=1).stderr
    assert f"{file}:{line_of(text, 'colour')} version[1].consultation.colour" in refused


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"= 1", "broken.toml:1 TOML"),
        (b"\xff\xfe", "UTF-8"),
        (b"", "name"),
        (b"name = 7\n", "name"),
    ],
)
def test_what_is_no_rulebook_is_refused(
    run: Run, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    assert said in run("rulebook", "check", file, code=1).stderr


def test_an_own_rulebook_in_the_folder_is_listed_and_a_broken_one_stops(
    run: Run, folder: Path
) -> None:
    own = folder / "rulebooks"
    own.mkdir(parents=True)
    text = TIANJIN.replace('name = "tianjin"', 'name = "jinnan"', 1)
    (own / "jinnan.toml").write_text(text, encoding="utf-8")
    assert "jinnan" in run("rulebook", "list").stdout
    (own / "jinnan.toml").write_text("name = ", encoding="utf-8")
    assert "jinnan.toml" in run("rulebook", "list", code=1).stderr


def test_a_case_nobody_reported_is_not_explained(run: Run, installed: Path) -> None:
    assert installed.is_dir()
    for number in ("N1", "1" * 60, " "):
        assert "没有编号为" in run("rulebook", "explain", number, code=1).stderr
