"""Fetching from a mailbox (IMAP): at least once, one mail at a time.

The library blocks, so each of its steps runs in a worker thread, one after the other.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from imaplib import IMAP4
from typing import Final, ParamSpec, TypeVar

from imap_tools import (
    AND,
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxFolderSelectError,
    MailboxLoginError,
    MailBoxUnencrypted,
    UnexpectedCommandStatusError,
)

from bot.mail.received import SIZE_LIMIT
from bot.mail.settings import MailboxSettings, verified

P = ParamSpec("P")
T = TypeVar("T")

TIMEOUT: Final = timedelta(seconds=10)
"""For the server's next words. A stop waits as long for a connection that is being opened."""

_CLIENT: Final = '("name" "haochaping")'


class MailboxFault(Exception):
    """The mailbox cannot be read now. `why`: in Chinese, without address or password."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def fetch(
    settings: MailboxSettings,
    take: Callable[[bytes], Awaitable[None]],
    *,
    patience: timedelta = TIMEOUT,
) -> int:
    """Hands every unread mail to `take`, its first SIZE_LIMIT octets; how many were taken.

    A mail is marked as read, or moved, only after `take` has returned: whatever happens before,
    it comes again. What `take` raises goes through, and the mail stays unread. Raises
    MailboxFault.
    """
    box = await _step(_opened, settings, patience)
    try:
        taken = 0
        for uid in await _step(box.uids, AND(seen=False)):
            raw = await _step(_raw, box, uid)
            if raw is None:
                continue
            await take(raw)
            await _step(_done, box, uid, settings.done_folder)
            taken += 1
        with suppress(MailboxFault):
            await _step(box.logout)
        return taken
    finally:
        # Where this was cancelled, a thread still waits for the server: that wakes it.
        with suppress(OSError):
            box.client.socket().shutdown(socket.SHUT_RDWR)
        await asyncio.to_thread(_close, box)


async def _step(step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Raises MailboxFault. The causes are dropped: they may quote what was sent."""
    try:
        return await asyncio.to_thread(step, *args, **kwargs)
    except MailboxLoginError:
        raise MailboxFault("邮箱不接受用户名或密码（有的邮箱要用授权码）") from None
    except MailboxFolderSelectError:
        raise MailboxFault("邮箱里的文件夹打不开，或不存在") from None
    except ssl.SSLError:
        raise MailboxFault("与邮箱服务器的加密连接（TLS）失败，或证书不可信") from None
    except TimeoutError:
        raise MailboxFault("邮箱服务器没有按时答复") from None
    except (OSError, IMAP4.abort):
        raise MailboxFault("连接不上邮箱服务器，或连接中断") from None
    except (ImapToolsError, IMAP4.error, LookupError, TypeError, ValueError):
        raise MailboxFault("邮箱服务器的答复不合规范，或没有照办") from None


def _opened(settings: MailboxSettings, patience: timedelta) -> BaseMailBox:
    timeout = patience.total_seconds()
    box: BaseMailBox
    if settings.security == "tls":
        tls = verified(settings.ca_file)
        box = MailBox(settings.host, settings.port, timeout, ssl_context=tls)
    else:
        box = MailBoxUnencrypted(settings.host, settings.port, timeout)
    try:
        box.login(settings.user, settings.password.get_secret_value(), initial_folder=None)
        if "ID" in box.client.capabilities:
            # 163 and 126 open no folder to a client that does not introduce itself (RFC 2971).
            box.client.xatom("ID", _CLIENT)
        # Rather now than after the first mail has been taken and cannot be moved.
        for folder in filter(None, (settings.done_folder, settings.folder)):
            box.folder.set(folder)
    except BaseException:
        _close(box)
        raise
    return box


def _raw(box: BaseMailBox, uid: str) -> bytes | None:
    """None where somebody else has removed the mail meanwhile."""
    parts = f"(BODY.PEEK[]<0.{SIZE_LIMIT}>)"
    status, found = box.client.uid("FETCH", uid, parts)
    if status != "OK":
        raise UnexpectedCommandStatusError((status, found), "OK")
    return next((each[1] for each in found if isinstance(each, tuple)), None)


def _done(box: BaseMailBox, uid: str, folder: str | None) -> None:
    if folder is not None:
        box.move(uid, folder)
        return
    # The library's own way would also purge what others have marked as deleted.
    status, found = box.client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
    if status != "OK":
        raise UnexpectedCommandStatusError((status, found), "OK")


def _close(box: BaseMailBox) -> None:
    with suppress(OSError):
        box.client.shutdown()
