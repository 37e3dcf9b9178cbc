"""migrate, doctor, calendar: a machine is set up, and what is missing is said."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.api.cli.conftest import Run

DIRECTORY = Path(__file__).parents[3] / "api" / "demo" / "directory"
FILE = "haochaping.sqlite3"


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        for statement in statements:
            database.execute(statement)


def test_migrate_makes_a_database_and_keys_once(run: Run, folder: Path) -> None:
    first = run("migrate").stdout
    assert "已执行：0001" in first
    assert str(folder / "keys.json") in first
    keys = (folder / "keys.json").read_bytes()
    assert (folder / "keys.json").stat().st_mode & 0o077 == 0
    assert "数据库已是最新" in run("migrate").stdout
    assert (folder / "keys.json").read_bytes() == keys


def test_the_command_line_names_another_folder(
    run: Run, folder: Path, tmp_path: Path, migrated_file: Path
) -> None:
    (tmp_path / "other").mkdir()
    for place in (tmp_path, tmp_path / "other"):
        shutil.copy(migrated_file, place)
    run("migrate", "--data", tmp_path / "other")
    assert (tmp_path / "other" / "keys.json").exists()
    assert not folder.exists()
    settings = tmp_path / "settings.toml"
    settings.write_text(f'data = "{tmp_path / "third"}"\n')
    run("migrate", "--settings", settings, HAOCHAPING_DATA="")
    assert (tmp_path / "keys.json").exists()
    assert not (tmp_path / "third").exists()


def test_settings_that_are_wrong_are_told(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("colour = 1\nport = 99999\n")
    refused = run("migrate", "--settings", settings, code=1).stderr
    assert "colour：没有这个字段" in refused
    assert "port：不能大于65535" in refused
    assert "无法读取设置文件" in run("doctor", "--settings", tmp_path / "no", code=1).stderr


def test_a_folder_that_cannot_be_is_told(script: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for command in ("migrate", "demo"):
        refused = script(command, "--data", tmp_path / "file" / "data", code=1).stderr
        assert str(tmp_path / "file") in refused


def test_doctor_of_nothing_says_where_to_begin(run: Run) -> None:
    assert "新装时由 migrate 生成" in run("doctor", code=1).stderr


def test_doctor_names_each_step_that_is_missing(run: Run, installed: Path) -> None:
    told = run("doctor").stdout
    assert "haochaping import" in told
    assert "haochaping integrator add" in told
    assert "public_url" in told
    assert "[sms." in told
    assert "[mail]" in told
    assert "haochaping user add" in told
    assert "以上6项请处理" in told
    run("import", *sorted(DIRECTORY.glob("region.csv")), code=1)
    change(
        installed,
        "INSERT INTO region (code, name, rulebook) VALUES ('1', '甲区', 'qijiang')",
        "INSERT INTO region (code, name) VALUES ('2', '乙区')",
        "INSERT INTO agency (code, name, region_id, party) VALUES ('A', '甲局', 1, 'agency')",
        "INSERT INTO agency (code, name, region_id, party) VALUES ('B', '乙局', 2, 'agency')",
    )
    run("integrator", "add", "业务系统")
    run("user", "add", "root", "运维甲", "--role", "operator")
    told = run("doctor", HAOCHAPING_PUBLIC_URL="https://example.gov.cn").stdout
    assert "public_url" not in told
    assert "integrator add" not in told
    assert "地区“乙区”及其上级都没有规则书" in told
    assert "地区“甲区”没有主管部门" in told
    assert "没有施行日期" in told
    assert "user add" not in told
    assert "有2个机构没有电子邮箱、群机器人，也没有人绑定聊天" in told


def test_doctor_says_why_it_would_not_start(run: Run, installed: Path) -> None:
    change(installed, "INSERT INTO region (code, name, rulebook) VALUES ('1', '甲区', '无')")
    assert "不能启动：没有规则书“无”" in run("doctor", code=1).stderr
    change(installed, "DELETE FROM region")
    (installed / "calendar").mkdir()
    (installed / "calendar" / "2027.toml").write_text("year = 2026\n")
    assert "2027.toml" in run("doctor", code=1).stderr
    shutil.rmtree(installed / "calendar")
    change(installed, "DELETE FROM tortoise_migrations WHERE name LIKE '0002%'")
    assert "请先备份，再运行 haochaping migrate" in run("doctor", code=1).stderr
    change(
        installed,
        "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES"
        " ('models', '9999_later', '2026-01-01')",
    )
    assert "请安装较新的 haochaping" in run("doctor", code=1).stderr


def test_a_year_with_its_notice_is_shown(run: Run) -> None:
    shown = run("calendar", "check", "2026").stdout
    assert "国庆" in shown
    assert "没有放假安排" not in shown


def test_a_year_without_its_notice_tells_what_to_do(run: Run, folder: Path) -> None:
    shown = run("calendar", "check", "2027").stdout
    assert "2027年没有放假安排" in shown
    assert str(folder / "calendar" / "2027.toml") in shown
    template = shown[shown.index("year = 2027") :]
    (folder / "calendar").mkdir(parents=True)
    (folder / "calendar" / "2027.toml").write_text(template, encoding="utf-8")
    refused = run("calendar", "check", "2027", code=1).stderr
    assert "notice" in refused


def test_an_added_year_is_taken(run: Run, folder: Path) -> None:
    (folder / "calendar").mkdir(parents=True)
    added = Path(__file__).parents[2] / "models" / "calendar" / "2027.toml"
    shutil.copy(added, folder / "calendar")
    assert "没有放假安排" not in run("calendar", "check", "2027").stdout


@pytest.mark.parametrize("year", ["1999", "2101", "next"])
def test_a_year_that_is_none_is_refused(run: Run, year: str) -> None:
    run("calendar", "check", year, code=2)
