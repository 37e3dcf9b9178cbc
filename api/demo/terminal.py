"""What the terminal shows when the demo is up: a scannable code a path, and where to look."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import segno

from api.demo.paths import DemoPath, demo_paths
from models.office import Office


async def greeting(office: Office, base_url: str, key_file: Path) -> AsyncIterator[str]:
    key = key_file.read_text(encoding="utf-8").strip()  # noqa: ASYNC240 - one short line
    paths = await demo_paths(office, base_url)
    shown: set[str] = set()
    for path in paths:
        # One code a path: the same path in another jurisdiction is on /demo.
        if path.name not in shown and not path.rated:
            shown.add(path.name)
            yield _block(path)
    yield f"全部链接、消息和时钟：{base_url}/demo"
    yield f"工作台：{base_url}/staff（演示账号：{base_url}/demo/accounts）"
    yield f"接口说明：{base_url}/docs"
    yield f"管理员接口密钥：{key}（{key_file}）"


def _block(path: DemoPath) -> str:
    out = io.StringIO()
    segno.make(path.link, error="l", micro=False).terminal(out, border=2, compact=True)
    return f"{path.jurisdiction} {path.name}：{path.subject}\n{path.link}\n{out.getvalue()}"
