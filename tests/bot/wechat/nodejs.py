"""The platform played by Node.js (`node/client.mjs`)."""

from __future__ import annotations

import asyncio
import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable
from yarl import URL

from tests.bot.wechat.crypto import Platform
from tests.standing import MONDAY

CLIENT = Path(__file__).parent / "node" / "client.mjs"
# Playwright brings one.
NODE = shutil.which("node") or compute_driver_executable()[0]


async def played(platform: Platform, url: URL, *messages: str, at: datetime = MONDAY) -> Any:
    """What it heard there: `echo`, to its verification, and `answers`, to the messages, each a
    `status` and a `body`, decrypted."""
    job = {
        "url": str(url),
        "token": platform.token,
        "key": platform.key,
        "appId": platform.app_id,
        "mode": platform.mode,
        "timestamp": int(at.timestamp()),
        "messages": messages,
    }
    pipe = asyncio.subprocess.PIPE
    node = await asyncio.create_subprocess_exec(NODE, CLIENT, stdin=pipe, stdout=pipe)
    heard, _ = await node.communicate(json.dumps(job).encode())
    assert node.returncode == 0
    return json.loads(heard)
