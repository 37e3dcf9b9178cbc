from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from models.rulebooks.faults import RulebookFaults
from models.rulebooks.rulebook import Version
from models.rulebooks.shelf import Shelf, UnknownRulebook

SHIPPED = ["chaoan", "lingang", "qijiang", "sanming", "tianjin"]

TOWN = """\
name = "town"
title = "甲镇办法"
jurisdiction = "甲镇"
bureau = "甲镇政务办"

[[version]]
effective_from = 2024-01-01
effective_source = "第九条"
levels = "platform"
order_opening = "platform"
first_receiver = "platform"
"""


def put(folder: Path, file: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / file
    path.write_text(text, encoding="utf-8")
    return path


def test_every_shipped_rulebook_loads() -> None:
    assert [book.name for book in Shelf.load().books()] == SHIPPED


def test_the_base_defines_every_rule_from_the_platform() -> None:
    base = Shelf.load().base
    for name in Version.rule_names():
        rule = base.rule(name)
        assert rule is not None, name
        assert not rule.statutory, name


def test_the_base_is_nobodys_regulation() -> None:
    shelf = Shelf.load()
    assert shelf.national not in shelf.books()
    with pytest.raises(UnknownRulebook, match="没有规则书“national”，现有：chaoan、lingang"):
        shelf.book("national")


def test_regulations_without_a_date_are_named() -> None:
    names = [book.name for book in Shelf.load().without_date()]
    assert names == ["chaoan", "lingang", "qijiang", "sanming"]


def test_a_folder_adds_a_rulebook_in_the_order_of_names(tmp_path: Path) -> None:
    put(tmp_path, "a.toml", TOWN)
    put(tmp_path, "notes.txt", "no rulebook")
    shelf = Shelf.load(tmp_path)
    assert [book.name for book in shelf.books()] == [*SHIPPED, "town"]
    assert shelf.book("town").bureau == "甲镇政务办"


def test_a_rulebook_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    put(tmp_path, "mine.toml", TOWN.replace('"town"', '"tianjin"'))
    shelf = Shelf.load(tmp_path)
    assert [book.name for book in shelf.books()] == SHIPPED
    assert shelf.book("tianjin").jurisdiction == "甲镇"


def test_the_later_folder_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    put(first, "town.toml", TOWN)
    put(second, "town.toml", TOWN.replace("甲镇", "乙镇"))
    assert Shelf.load(first, second).book("town").jurisdiction == "乙镇"


def test_two_of_one_name_in_a_folder_are_a_fault(tmp_path: Path) -> None:
    first = put(tmp_path, "1.toml", TOWN)
    second = put(tmp_path, "2.toml", TOWN)
    with pytest.raises(RulebookFaults) as caught:
        Shelf.load(tmp_path)
    assert str(caught.value) == f"{second}:1 name 与{first}同名"


def test_a_base_of_ones_own_replaces_the_shipped_one(tmp_path: Path) -> None:
    shipped = files("models.rulebooks").joinpath("national.toml").read_text("utf-8")
    put(tmp_path, "base.toml", shipped.replace('"基本满意" = 6', '"基本满意" = 5'))
    put(tmp_path, "town.toml", TOWN)
    shelf = Shelf.load(tmp_path)
    assert shelf.book("town").version(1).scores == shelf.base.scores
    assert shelf.base.scores != Shelf.load().base.scores


def test_faults_of_all_files_come_with_their_names(tmp_path: Path) -> None:
    first = put(tmp_path, "1.toml", TOWN.replace("bureau", "burau"))
    second = put(tmp_path, "2.toml", "name = ")
    with pytest.raises(RulebookFaults) as caught:
        Shelf.load(tmp_path)
    assert [fault.file for fault in caught.value.faults] == [str(first)] * 2 + [str(second)]


def test_a_file_in_another_encoding_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    path.write_bytes(TOWN.encode("gbk"))
    with pytest.raises(RulebookFaults) as caught:
        Shelf.load(tmp_path)
    assert str(caught.value) == f"{path}:2 文件 不是UTF-8编码"


def test_the_mark_of_windows_editors_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "town.toml").write_bytes(TOWN.encode("utf-8-sig"))
    assert Shelf.load(tmp_path).book("town").title == "甲镇办法"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Shelf.load(tmp_path / "nowhere")
