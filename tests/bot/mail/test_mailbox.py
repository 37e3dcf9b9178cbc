"""Against an IMAP server that keeps its mail in memory."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bot.mail.mailbox import MailboxFault, fetch
from bot.mail.received import SIZE_LIMIT, read
from bot.mail.settings import MailboxSettings
from tests.bot.mail.imap import PASSWORD, USER, Account, Folder, serving

Certified = Callable[[str], ssl.SSLContext]
PATIENT = timedelta(seconds=20)
QUICK = timedelta(seconds=0.3)


def mail(subject: str = "关于窗口排队的意见") -> bytes:
    made = EmailMessage()
    made["From"] = "王小明 <wang@example.com>"
    made["Subject"] = subject
    made.set_content("等了两个小时。")
    return made.as_bytes().replace(b"\n", b"\r\n")


def at(port: int, **more: Any) -> MailboxSettings:
    given: dict[str, Any] = {"security": "none", "password": PASSWORD, "user": USER, **more}
    return MailboxSettings(host="localhost", port=port, agency="GA", **given)


class Shelf(list[bytes]):
    """Takes what it is given, and fails at the mail of that number."""

    def __init__(self, fails_at: int | None = None) -> None:
        super().__init__()
        self.fails_at = fails_at

    async def take(self, raw: bytes) -> None:
        if len(self) == self.fails_at:
            raise ConnectionError("the database is away")
        self.append(raw)


@pytest.fixture
def inbox() -> Folder:
    return Folder()


@pytest.fixture
def done() -> Folder:
    return Folder()


@pytest.fixture
def account(inbox: Folder, done: Folder) -> Account:
    return Account({"INBOX": inbox, "已处理": done})


@pytest.fixture
async def port(account: Account) -> AsyncIterator[int]:
    async with serving(account) as number:
        yield number


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def failing(settings: MailboxSettings, patience: timedelta = PATIENT) -> str:
    with pytest.raises(MailboxFault) as caught:
        await fetch(settings, Shelf().take, patience=patience)
    assert PASSWORD not in caught.value.why
    assert "@" not in caught.value.why
    return caught.value.why


async def test_unread_mail_is_taken_once(inbox: Folder, port: int, shelf: Shelf) -> None:
    inbox.add(mail("旧的"), "\\Seen")
    inbox.add(mail("一"))
    inbox.add(mail("二"))
    assert await fetch(at(port), shelf.take) == 2
    assert [read(raw).subject for raw in shelf] == ["一", "二"]
    assert shelf == [kept.raw for kept in inbox.mails[1:]]
    assert await fetch(at(port), shelf.take) == 0
    assert len(inbox.mails) == 3


async def test_an_empty_mailbox(port: int, shelf: Shelf) -> None:
    assert await fetch(at(port), shelf.take) == 0


async def test_it_is_read_only_after_it_was_stored(inbox: Folder, port: int) -> None:
    inbox.add(mail())

    async def take(_raw: bytes) -> None:
        assert len(inbox.unread()) == 1

    assert await fetch(at(port), take) == 1
    assert inbox.unread() == []


async def test_what_could_not_be_stored_comes_again(inbox: Folder, port: int) -> None:
    for subject in "一二三":
        inbox.add(mail(subject))
    shelf = Shelf(fails_at=1)
    with pytest.raises(ConnectionError):
        await fetch(at(port), shelf.take)
    assert len(inbox.unread()) == 2
    shelf.fails_at = None
    assert await fetch(at(port), shelf.take) == 2
    assert [read(raw).subject for raw in shelf] == ["一", "二", "三"]


async def test_a_stop_while_storing_leaves_it_unread(inbox: Folder, port: int) -> None:
    inbox.add(mail())
    begun = asyncio.Event()

    async def take(_raw: bytes) -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(fetch(at(port), take))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(inbox.unread()) == 1


async def test_a_stop_does_not_wait_for_a_server_that_hangs(inbox: Folder, port: int) -> None:
    inbox.hangs = True
    task = asyncio.create_task(fetch(at(port), Shelf().take, patience=timedelta(minutes=5)))
    await inbox.asked.wait()
    task.cancel()
    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await task
        # A thread that still waited would keep this from ending.
        await asyncio.get_running_loop().shutdown_default_executor()


async def test_it_moves_to_a_folder_with_a_chinese_name(
    inbox: Folder, done: Folder, port: int, shelf: Shelf
) -> None:
    inbox.add(mail())
    assert await fetch(at(port, done_folder="已处理"), shelf.take) == 1
    assert inbox.mails == []
    assert [kept.raw for kept in done.mails] == shelf


async def test_a_folder_that_there_is_not_is_said_before_anything_is_taken(
    inbox: Folder, port: int
) -> None:
    inbox.add(mail())
    assert await failing(at(port, done_folder="没有")) == "邮箱里的文件夹打不开，或不存在"
    assert await failing(at(port, folder="没有")) == "邮箱里的文件夹打不开，或不存在"
    assert len(inbox.unread()) == 1


async def test_what_others_have_marked_as_deleted_is_left_to_them(
    inbox: Folder, port: int, shelf: Shelf
) -> None:
    inbox.add(mail(), "\\Seen", "\\Deleted")
    inbox.add(mail())
    assert await fetch(at(port), shelf.take) == 1
    assert len(inbox.mails) == 2


async def test_a_server_that_wants_to_know_who_asks(
    account: Account, inbox: Folder, port: int, shelf: Shelf
) -> None:
    account.shy = True
    inbox.add(mail())
    assert await fetch(at(port), shelf.take) == 1


async def test_a_wrong_password(port: int) -> None:
    why = await failing(at(port, password="wrong"))  # noqa: S106
    assert why == "邮箱不接受用户名或密码（有的邮箱要用授权码）"


async def test_over_tls(
    account: Account, inbox: Folder, certified: Certified, ca_file: Path, shelf: Shelf
) -> None:
    inbox.add(mail())
    async with serving(account, certified("localhost")) as port:
        assert await fetch(at(port, security="tls", ca_file=ca_file), shelf.take) == 1
        assert "证书" in await failing(at(port, security="tls"))
    async with serving(account, certified("another.example")) as port:
        why = await failing(at(port, security="tls", ca_file=ca_file))
        assert "证书" in why
    assert len(shelf) == 1


async def test_nobody_there(account: Account) -> None:
    async with serving(account) as port:
        pass
    assert await failing(at(port)) == "连接不上邮箱服务器，或连接中断"


async def test_a_server_that_hangs(inbox: Folder, port: int) -> None:
    inbox.add(mail())
    inbox.hangs = True
    assert await failing(at(port), QUICK) == "邮箱服务器没有按时答复"


async def test_a_connection_lost_within_a_mail(inbox: Folder, port: int, shelf: Shelf) -> None:
    inbox.add(mail("一"))
    broken = inbox.add(mail("二"), breaks=True)
    with pytest.raises(MailboxFault, match="连接中断"):
        await fetch(at(port), shelf.take)
    assert inbox.unread() == [broken.raw]
    broken.breaks = False
    assert await fetch(at(port), shelf.take) == 1
    assert [read(raw).subject for raw in shelf] == ["一", "二"]


async def test_a_mark_that_is_refused_is_no_mark(inbox: Folder, port: int, shelf: Shelf) -> None:
    inbox.add(mail())
    inbox.refuses = True
    with pytest.raises(MailboxFault):
        await fetch(at(port), shelf.take)
    inbox.refuses = False
    assert await fetch(at(port), shelf.take) == 1
    assert len({read(raw).reference for raw in shelf}) == 1


@pytest.mark.parametrize(
    "greeting", [b"\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff\x00\r\n", b"* BYE\r\n", b""]
)
async def test_a_server_that_speaks_nonsense(greeting: bytes) -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "localhost", 0) as server:
        assert await failing(at(server.sockets[0].getsockname()[1]))


async def test_a_large_mail(inbox: Folder, port: int, shelf: Shelf) -> None:
    inbox.add(mail() + b"x" * 1_000_000)
    assert await fetch(at(port), shelf.take) == 1
    assert len(shelf[0]) <= SIZE_LIMIT
