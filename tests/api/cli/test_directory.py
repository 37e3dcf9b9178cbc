"""import, qr, integrator: the directory from files, its codes, the keys."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.api.cli.conftest import Run
from tests.api.sheets.pages import scanned
from tests.api.v1.test_codes import expected

AGENCY = "机构编码,名称,所属地区,机构身份\n"
REGION = "地区编码,名称,上级地区,规则书\n440000,广东,,chaoan\n"


def rows(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "haochaping.sqlite3")) as database:
        (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        return int(count)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    contents = {
        "region.csv": REGION,
        "机构.csv": f"{AGENCY}A,甲局,440000,主管部门\n",
        "hall.csv": "大厅编码,名称,所属地区,管理机构\nH,大厅,440000,A\n",
        "window.csv": "窗口编码,名称,所属大厅,所属机构\nW,1号窗口,H,A\n",
        "platform.csv": "平台编码,名称,平台类型,所属地区,所属机构\nP,自助机,自助终端,440000,A\n",
    }
    for name, text in contents.items():
        (tmp_path / name).write_text(text, encoding="gb18030" if name == "机构.csv" else "utf-8")
    return [tmp_path / name for name in contents]


def test_files_are_imported_in_any_order_and_again(
    run: Run, installed: Path, files: list[Path]
) -> None:
    told = run("import", *reversed(files)).stdout
    assert "地区：新增1，更改0，未变0" in told
    assert "地区：新增0，更改0，未变1" in run("import", *files).stdout
    assert rows(installed, "agency") == 1


def test_one_bad_row_and_nothing_is_stored(run: Run, installed: Path, files: list[Path]) -> None:
    files[1].write_text(f"{AGENCY}A,甲局,440000,主管部门\nB,,450000,国王\n", encoding="utf-8")
    refused = run("import", *files, code=1).stderr
    assert "没有保存任何一行" in refused
    assert "机构.csv第3行" in refused
    assert "“名称”" in refused
    assert "“机构身份”" in refused
    assert [rows(installed, table) for table in ("region", "agency", "hall")] == [0, 0, 0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("unknown.csv", b"a,b\n1,2\n"),
        ("region.csv", b""),
        ("region.csv", b"PK\x03\x04nonsense"),
        ("region.csv", b"\xd0\xcf\x11\xe0nonsense"),
        ("region.csv", "colour,名称\n1,2\n".encode()),
        ("region.csv", b'"open'),
        ("region.csv", b"\x81"),
    ],
)
def test_a_file_that_is_no_table_is_told(
    run: Run, installed: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    assert name in run("import", tmp_path / name, code=1).stderr
    assert rows(installed, "region") == 0


def test_a_kind_is_given_where_the_name_does_not_tell(
    run: Run, installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "导出.csv").write_text(REGION, encoding="utf-8-sig")
    run("import", tmp_path / "导出.csv", code=1)
    run("import", "--kind", "region", tmp_path / "导出.csv")
    assert rows(installed, "region") == 1
    run("import", tmp_path / "nowhere.csv", code=2)


def test_a_code_is_shown_and_written_and_the_same_again(
    run: Run, installed: Path, files: list[Path], tmp_path: Path
) -> None:
    run("import", *files)
    for kind, code, place, form in (
        ("window", "W", "大厅1号窗口", "svg"),
        ("hall", "H", "大厅", "png"),
        ("platform", "P", "自助机", "svg"),
    ):
        shown = run("qr", kind, code, HAOCHAPING_PUBLIC_URL="https://example.gov.cn").stdout
        lines = shown.splitlines()
        assert lines[0] == place
        assert re.fullmatch(r"https://example\.gov\.cn/q/[\w-]{8}", lines[1])
        assert len(lines) > 10
        file = tmp_path / f"{kind}.{form}"
        run("qr", kind, code, "--out", file, HAOCHAPING_PUBLIC_URL="https://example.gov.cn")
        assert file.read_bytes() == expected(lines[1], form)
    assert rows(installed, "static_code") == 3


def test_sheets_are_printed_one_or_all_windows_of_a_hall(
    run: Run, installed: Path, files: list[Path], tmp_path: Path
) -> None:
    second = tmp_path / "窗口.csv"
    second.write_text("窗口编码,名称,所属大厅,所属机构\nW2,2号窗口,H,A\n", encoding="utf-8")
    run("import", *files, second)
    shown = run("qr", "window", "W", HAOCHAPING_PUBLIC_URL="https://example.gov.cn").stdout
    link = shown.splitlines()[1]
    pdf = tmp_path / "sheets.pdf"
    done = run("qr", "windows", "H", "--out", pdf, HAOCHAPING_PUBLIC_URL="https://example.gov.cn")
    assert done.stdout.startswith("2张")
    first, other = scanned(pdf.read_bytes())
    assert first == [link]
    assert other != first
    run("qr", "window", "W", "W2", "--out", pdf, "--cards", HAOCHAPING_PUBLIC_URL="https://a.cn")
    assert len(scanned(pdf.read_bytes(), dots_per_inch=150)[0]) == 2
    assert rows(installed, "static_code") == 2
    run("qr", "windows", "H", code=2)
    run("qr", "window", "W", "--cards", code=2)


def test_a_code_that_cannot_be_is_told(run: Run, installed: Path, tmp_path: Path) -> None:
    assert "没有代码为“x”的窗口" in run("qr", "window", "x", code=1).stderr
    run("qr", "window", "1" * 60, code=1)
    run("qr", "window", "x", "--out", tmp_path / "x.gif", code=2)
    run("qr", "person", "x", code=2)
    assert rows(installed, "static_code") == 0


def test_a_code_that_cannot_be_written_is_told(
    run: Run, installed: Path, files: list[Path], tmp_path: Path
) -> None:
    assert installed.is_dir()
    run("import", *files)
    refused = run("qr", "hall", "H", "--out", tmp_path / "no" / "x.svg", code=1)
    assert str(tmp_path / "no") in refused.stderr


def test_a_key_is_shown_once_and_revoked(run: Run, installed: Path, files: list[Path]) -> None:
    run("import", *files)
    key = run("integrator", "add", "业务系统", "--region", "440000").stdout.strip()
    assert re.fullmatch(r"hcp_[\w-]{43}", key)
    assert key.encode() not in (installed / "haochaping.sqlite3").read_bytes()
    assert "已有名为“业务系统”" in run("integrator", "add", "业务系统", code=1).stderr
    assert "没有代码为“9”的地区" in run("integrator", "add", "x", "--region", "9", code=1).stderr
    run("integrator", "add", "x", "--region", "9" * 60, code=1)
    assert "已停用：业务系统" in run("integrator", "revoke", "业务系统").stdout
    for name in ("业务系统", "x" * 101, ""):
        assert "没有名为" in run("integrator", "revoke", name, code=1).stderr
    for name in ("", " ", "一" * 101, "a\nb"):
        run("integrator", "add", name, code=2)
    assert rows(installed, "integrator") == 1
