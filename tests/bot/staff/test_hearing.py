"""What staff say is answered in time, or later and once; no process takes an answer along."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.delivery import deliver
from bot.staff.answering import answer
from bot.staff.hearing import FAILED, Hearing
from bot.staff.platform import Limit
from models.accounts.binding import bound, chats_of, unbind
from models.tables import Notice, StaffPicture
from tests.bot.conftest import BASE
from tests.bot.staff.chatting import APP, MINUTE, Chat, picture

LONG = timedelta(seconds=30)
NONE = timedelta()


@pytest.fixture
def hearing(chat: Chat) -> Hearing:
    return Hearing(chat.office, BASE)


async def told(chat: Chat) -> list[tuple[tuple[str, ...], str]]:
    """Whom a later message has reached, and its words."""
    await deliver(chat.office, chat.post())
    return [(each.users, each.card.text) for each in chat.app.pushed]


async def test_in_time(chat: Chat, hearing: Hearing) -> None:
    said = chat.said("handler", "帮助")
    first = await hearing.hear(said, LONG)
    assert first == await hearing.hear(said, LONG) == await answer(chat.office, BASE, said)
    assert not await told(chat)


async def test_too_late_it_goes_by_the_outbox_once(chat: Chat, hearing: Hearing) -> None:
    said = chat.said("handler", "帮助")
    assert await hearing.hear(said, NONE) is None
    # The platform asks again, and there is time enough.
    assert await hearing.hear(said, LONG) is None
    answered = await answer(chat.office, BASE, said)
    assert await told(chat) == [(("handler",), answered.text)]
    (pushed,) = chat.app.pushed
    assert pushed.card.buttons == answered.buttons
    assert await Notice.all().count() == 1


async def test_what_is_waited_for_in_vain_is_answered_when_it_is_done(
    chat: Chat, hearing: Hearing
) -> None:
    asked, sent = asyncio.Event(), asyncio.Event()

    async def slow() -> bytes:
        asked.set()
        await sent.wait()
        return await picture()

    said = chat.said("handler", "", slow)
    assert await hearing.hear(said, NONE) is None
    await asked.wait()
    assert not await told(chat)
    sent.set()
    await hearing.rest()
    ((users, words),) = await told(chat)
    assert users == ("handler",)
    assert words.startswith("照片已收到")
    assert await hearing.hear(said, LONG) is None
    assert await StaffPicture.all().count() == 1


async def broken() -> bytes:
    raise ConnectionError("the database is away")


async def test_what_fails_in_time_is_raised_and_may_come_again(
    chat: Chat, hearing: Hearing
) -> None:
    with pytest.raises(ConnectionError):
        await hearing.hear(chat.said("handler", "", broken, once="1"), LONG)
    again = await hearing.hear(chat.said("handler", "", picture, once="1"), LONG)
    assert again is not None
    assert not await told(chat)


async def test_what_fails_later_is_told(chat: Chat, hearing: Hearing) -> None:
    begun = asyncio.Event()

    async def later() -> bytes:
        await begun.wait()
        return await broken()

    said = chat.said("handler", "", later)
    assert await hearing.hear(said, NONE) is None
    begun.set()
    await hearing.rest()
    assert await told(chat) == [(("handler",), FAILED.text)]
    assert await hearing.hear(said, LONG) is None


async def test_who_has_left_is_not_written_to(chat: Chat, hearing: Hearing) -> None:
    assert await hearing.hear(chat.said("handler", "帮助"), NONE) is None
    account = await bound(chat.office, APP, "handler")
    assert account is not None
    for each in await chats_of(account):
        await unbind(chat.office, each, account)
    assert not await told(chat)
    assert (await Notice.get()).state == "withdrawn"


async def test_an_answer_waits_for_no_room_and_is_no_line_of_a_digest(
    chat: Chat, hearing: Hearing
) -> None:
    chat.app.limits = (Limit(1, MINUTE),)
    for _ in range(3):
        await chat.desk.rated()
    assert await hearing.hear(chat.said("bureau", "帮助"), NONE) is None
    texts = [words for _, words in await told(chat)]
    assert sum(words.startswith("可以发送") for words in texts) == 1
