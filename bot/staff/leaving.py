"""解绑, said in a chat."""

from __future__ import annotations

from models.accounts.binding import bound, chats_of, unbind, user_of
from models.office import Office


async def leave(office: Office, app: str, user: str) -> bool:
    """Whether the chat user was bound to an account."""
    account = await bound(office, app, user)
    if account is None:
        return False
    for chat in await chats_of(account):
        if chat.app == app and user_of(office, chat) == user:
            await unbind(office, chat, account)
    return True
