"""A chat user becomes an account by a code typed once."""

from __future__ import annotations

import asyncio

import pytest

from models.accounts import binding
from models.accounts.binding import AlreadyBound, CodeExpired, CodeUnknown, bind, bound, new_code
from models.accounts.guesses import TooManyGuesses
from models.office import Office
from models.tables import Account, AccountEvent, BindCode, ChatBinding
from tests.models.accounts.people import person
from tests.standing import StandingClock


async def _bind(office: Office, code: str, user: str = "ZhangSan") -> Account:
    return await bind(office, "wecom", "bureau", user, code)


async def test_bound_by_the_code(office: Office) -> None:
    account = await person(office)
    code = await new_code(office, account)
    assert len(code) == 8
    assert code.isdigit()
    assert await bound(office, "bureau", "ZhangSan") is None
    assert (await _bind(office, code)).id == account.id
    found = await bound(office, "bureau", "ZhangSan")
    assert found is not None
    assert found.id == account.id
    assert await bound(office, "another", "ZhangSan") is None
    assert await bound(office, "bureau", "LiSi") is None
    (chat,) = await binding.chats_of(account)
    assert binding.user_of(office, chat) == "ZhangSan"
    events = (
        await AccountEvent.filter(account=account).order_by("id").values("kind", "by", "details")
    )
    assert events[-1] == {
        "kind": "bound",
        "by": account.login,
        "details": {"app": "bureau", "platform": "wecom"},
    }


async def test_neither_code_nor_user_is_stored_as_it_is(office: Office) -> None:
    account = await person(office)
    code = await new_code(office, account)
    assert code not in str((await BindCode.get()).__dict__)
    await _bind(office, code)
    assert "ZhangSan" not in str((await ChatBinding.get()).__dict__)


async def test_a_code_is_good_once_and_for_ten_minutes(
    office: Office, clock: StandingClock
) -> None:
    account = await person(office)
    used = await new_code(office, account)
    await _bind(office, used)
    with pytest.raises(CodeUnknown):
        await _bind(office, used, "LiSi")
    late = await new_code(office, account)
    clock.advance(minutes=10)
    with pytest.raises(CodeExpired):
        await _bind(office, late, "LiSi")
    with pytest.raises(CodeUnknown):
        await _bind(office, "no code", "LiSi")


async def test_a_new_code_takes_the_place_of_the_one_before(office: Office) -> None:
    account = await person(office)
    first = await new_code(office, account)
    second = await new_code(office, account)
    with pytest.raises(CodeUnknown):
        await _bind(office, first)
    await _bind(office, second)


async def test_one_chat_user_is_one_account(office: Office) -> None:
    one, other = await person(office), await person(office, "li.si")
    await _bind(office, await new_code(office, one))
    code = await new_code(office, other)
    with pytest.raises(AlreadyBound, match="已绑定账号"):
        await _bind(office, code)
    # The code is not used up by it.
    assert (await _bind(office, code, "LiSi")).id == other.id
    (chat,) = await binding.chats_of(one)
    await binding.unbind(office, chat, one)
    assert await bound(office, "bureau", "ZhangSan") is None
    await _bind(office, await new_code(office, other))
    found = await bound(office, "bureau", "ZhangSan")
    assert found is not None
    assert found.id == other.id


async def test_of_two_who_type_it_at_once_one_is_bound(office: Office) -> None:
    code = await new_code(office, await person(office))
    ended = await asyncio.gather(
        *(_bind(office, code, f"user{n}") for n in range(5)), return_exceptions=True
    )
    assert [type(each) for each in ended].count(CodeUnknown) == 4
    assert await ChatBinding.all().count() == 1


async def test_an_account_that_is_disabled_opens_nothing_in_chat(office: Office) -> None:
    account = await person(office)
    await _bind(office, await new_code(office, account))
    code = await new_code(office, account)
    await Account.filter(id=account.id).update(disabled_at=office.now())
    assert await bound(office, "bureau", "ZhangSan") is None
    with pytest.raises(CodeUnknown):
        await _bind(office, code, "LiSi")


async def test_nobody_guesses_for_long(office: Office) -> None:
    code = await new_code(office, await person(office))
    for number in range(10):
        with pytest.raises(CodeUnknown):
            await _bind(office, f"x{number}")
    with pytest.raises(TooManyGuesses, match="10分钟"):
        await _bind(office, code)
    await _bind(office, code, "LiSi")


async def test_what_is_long_over_is_forgotten(office: Office, clock: StandingClock) -> None:
    one, other = await person(office), await person(office, "li.si")
    await new_code(office, one)
    clock.advance(hours=25)
    await new_code(office, other)
    assert await BindCode.all().count() == 1


async def test_unbound_once(office: Office) -> None:
    account, operator = await person(office), await person(office, "root")
    await _bind(office, await new_code(office, account))
    (chat,) = await binding.chats_of(account)
    await binding.unbind(office, chat, operator)
    await binding.unbind(office, chat, operator)
    assert await AccountEvent.filter(kind="unbound", by="root", account=account).count() == 1
