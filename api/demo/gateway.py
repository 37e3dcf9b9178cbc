"""The demo's gateways: what would be sent goes into a list in the data folder, a line a message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bot.gateways import Gateway, Limited, Message, Room

CHANNELS = ("sms", "mail", "staff", "official_account", "mini_program", "chat", "robot")
APP = "demo"
"""The staff chat of /demo/staff-chat: whoever is there is in no other application."""
SIGNATURE = "【政务服务好差评】"
"""Under which an SMS account sends."""


class DemoGateway:
    """`carriers`: gateways from the settings; the list shows what they have taken."""

    def __init__(self, file: Path, carriers: Mapping[str, Gateway]) -> None:
        self._file = file
        self._carriers = carriers

    async def send(self, message: Message) -> str | None:
        carrier, elsewhere = self._carriers.get(message.channel), _elsewhere(message.to)
        reference: str | None = f"demo-{message.key}"
        if carrier is not None and elsewhere:
            reference = await carrier.send(replace(message, to=elsewhere))
        line = asdict(message)
        line |= {"at": message.at.isoformat(), "due": message.due.isoformat()}
        if message.channel == "sms":
            line["text"] = SIGNATURE + message.text
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        return reference

    async def room(self, channel: str, to: str, wanted: int) -> Room:
        carrier: object = self._carriers.get(channel)
        elsewhere = _elsewhere(to)
        if elsewhere and isinstance(carrier, Limited):
            return await carrier.room(channel, elsewhere, wanted)
        return Room(wanted)

    def sent(self) -> list[dict[str, Any]]:
        if not self._file.exists():
            return []
        return [json.loads(line) for line in self._file.read_text(encoding="utf-8").splitlines()]

    def by_channel(self) -> dict[str, Gateway]:
        return dict.fromkeys(CHANNELS, self)


def _elsewhere(to: str) -> str:
    return " ".join(each for each in to.split(" ") if not each.startswith(f"{APP}/"))
