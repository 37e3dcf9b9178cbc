"""haochaping user: accounts at the command line, the first operator among them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.api.cli.conftest import Run

_ONE_TIME = re.compile(r"一次性密码：((?:[a-z0-9]{4}-){3}[a-z0-9]{4})")


@pytest.mark.usefixtures("installed")
def test_from_the_first_operator_to_the_last(run: Run) -> None:
    assert "还没有账号" in run("user", "list").stdout
    first = _ONE_TIME.search(run("user", "add", "root", "张三", "--role", "operator").stdout)
    assert first is not None
    assert first[1] not in run("user", "list").stdout
    assert "root  张三  运维  —  未启用动态口令" in run("user", "list").stdout
    second = _ONE_TIME.search(run("user", "password", "root").stdout)
    assert second is not None
    assert first[1] != second[1]
    assert "已重置：root" in run("user", "second-factor", "root").stdout
    assert "已停用：root" in run("user", "disable", "root").stdout
    assert "root  张三  运维  —  已停用" in run("user", "list").stdout
    assert "已恢复：root" in run("user", "enable", "root").stdout
    assert "未启用动态口令" in run("user", "list").stdout


@pytest.mark.usefixtures("installed")
def test_who_belongs_to_an_agency(run: Run, tmp_path: Path) -> None:
    (tmp_path / "region.csv").write_text(
        "地区编码,名称,上级地区,规则书\n1,甲市,,tianjin\n", "utf-8"
    )
    agencies = "机构编码,名称,所属地区,机构身份\nA1,甲市人社局,1,承办单位\n"
    (tmp_path / "agency.csv").write_text(agencies, "utf-8")
    run("import", tmp_path / "region.csv", tmp_path / "agency.csv")
    handler = ("user", "add", "li.si", "李四", "--role", "handler", "--agency")
    assert "没有代码为“A2”的机构" in run(*handler, "A2", code=1).stderr
    run(*handler, "A1")
    assert "已有账号“li.si”" in run(*handler, "A1", code=1).stderr
    assert "li.si  李四  承办  甲市人社局  未启用动态口令" in run("user", "list").stdout


@pytest.mark.usefixtures("installed")
def test_what_is_refused(run: Run) -> None:
    add = ("user", "add", "root", "张三", "--role")
    run(*add, "king", code=2)
    assert "请选择所属机构" in run(*add, "bureau", code=1).stderr
    assert "小写字母" in run("user", "add", "R", "张三", "--role", "operator", code=1).stderr
    for command in ("disable", "enable", "password", "second-factor"):
        assert "没有这个账号" in run("user", command, "nobody", code=1).stderr
    assert "还没有账号" in run("user", "list").stdout
