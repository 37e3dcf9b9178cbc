"""The demo's gateways: what would be sent goes into a list in the data folder, a line a message."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.gateways import Gateway, Message

CHANNELS = ("sms", "staff")


class DemoGateway:
    def __init__(self, file: Path) -> None:
        self._file = file

    async def send(self, message: Message) -> None:
        line = {**asdict(message), "at": message.at.isoformat()}
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")

    def sent(self) -> list[dict[str, Any]]:
        if not self._file.exists():
            return []
        return [json.loads(line) for line in self._file.read_text(encoding="utf-8").splitlines()]

    def by_channel(self) -> dict[str, Gateway]:
        return dict.fromkeys(CHANNELS, self)
