"""Staff write or tap in chat: read, done with their own rights, answered in words."""

from __future__ import annotations

from bot.staff.platform import Answered, Said
from models.office import Office

HELP = "请发送“帮助”查看可用的指令。"


async def answer(office: Office, base_url: str, said: Said) -> Answered:  # noqa: ARG001
    """Stored once by (app, once): whoever asks again is answered the same. Raises nothing for
    what people write."""
    return Answered(HELP)
