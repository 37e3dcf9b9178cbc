"""/staff/me: one's own password, chats and sessions."""

from __future__ import annotations

import re

import pytest

from models.accounts import binding
from models.tables import Account, BindCode, ChatBinding
from tests.api.staff.visitor import Console
from tests.models.accounts.people import PASSWORD

NEW = "sieben Schwaben im Schnee"


async def test_a_chat_is_bound_and_unbound(console: Console) -> None:
    account = await console.person()
    visitor = await console.signed_in(account)
    await visitor.get("/staff/me")
    assert not await BindCode.exists()
    shown = await visitor.post("/staff/me/code")
    code = re.search(r"绑定 (\d{8})<", shown.text)
    assert code is not None
    await binding.bind(console.office, "dingtalk", "bureau", "user1", code[1])
    page = await visitor.get("/staff/me")
    assert code[1] not in page.text
    assert "钉钉（bureau）" in page.text
    chat = await ChatBinding.get()
    answer = await visitor.post("/staff/me/unbind", chat=str(chat.id))
    assert answer.status == 303
    assert "已解除绑定" in (await visitor.get("/staff/me")).text
    assert await binding.bound(console.office, "bureau", "user1") is None
    assert (await visitor.post("/staff/me/unbind", chat=str(chat.id))).status == 404


async def test_another_s_chat_is_not_one_s_own(console: Console) -> None:
    other = await console.person("li.si")
    await binding.bind(
        console.office, "feishu", "a", "u", await binding.new_code(console.office, other)
    )
    visitor = await console.signed_in(await console.person())
    chat = await ChatBinding.get()
    assert (await visitor.post("/staff/me/unbind", chat=str(chat.id))).status == 404
    assert await binding.bound(console.office, "a", "u") is not None


async def test_a_new_password_ends_the_other_sessions(console: Console) -> None:
    account = await console.person()
    here, elsewhere = await console.signed_in(account), await console.signed_in(account)
    before = here.cookie
    await here.get("/staff/me/password")
    answer = await here.post("/staff/me/password", old=PASSWORD, password=NEW, again=NEW)
    assert answer.headers["Location"] == "/staff/me"
    assert here.cookie != before
    assert (await here.get("/staff/me")).status == 200
    assert (await elsewhere.get("/staff/me")).status == 303
    assert (await elsewhere.give_password(account.login, PASSWORD)).status == 403
    assert (await elsewhere.give_password(account.login, NEW)).status == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "status", "field"),
    [
        ("wrong", NEW, NEW, 403, "old"),
        (PASSWORD, NEW, NEW + "x", 422, "again"),
        (PASSWORD, "short", "short", 422, "password"),
        (PASSWORD, "zhang.san2026", "zhang.san2026", 422, "password"),
        (PASSWORD, PASSWORD, PASSWORD, 422, "password"),
    ],
)
async def test_a_password_that_is_not_taken(
    console: Console, old: str, new: str, again: str, status: int, field: str
) -> None:
    account = await console.person()
    visitor = await console.signed_in(account)
    await visitor.get("/staff/me/password")
    answer = await visitor.post("/staff/me/password", old=old, password=new, again=again)
    assert answer.status == status
    assert f'id="{field}-fault"' in answer.text
    assert NEW not in answer.text
    assert (await Account.get(id=account.id)).password == account.password


async def test_the_old_password_is_not_guessed_from_a_session(console: Console) -> None:
    account = await console.person()
    visitor = await console.signed_in(account)
    for _ in range(5):
        await visitor.get("/staff/me/password")
        await visitor.post("/staff/me/password", old="wrong", password=NEW, again=NEW)
    answer = await visitor.post("/staff/me/password", old=PASSWORD, password=NEW, again=NEW)
    assert answer.status == 429
    assert "15分钟后再试" in answer.text


async def test_the_other_devices_are_signed_out(console: Console) -> None:
    account = await console.person()
    here, elsewhere = await console.signed_in(account), await console.signed_in(account)
    shown = await here.get("/staff/me")
    assert shown.text.count("最近使用") == 2
    assert shown.text.count("本设备") == 1
    assert (await here.post("/staff/me/sessions")).status == 303
    assert (await elsewhere.get("/staff/me")).status == 303
    assert (await here.get("/staff/me")).text.count("最近使用") == 1
