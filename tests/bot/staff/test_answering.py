"""What staff write and tap is done once, with their own rights, and answered in words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.delivery import deliver
from bot.staff.answering import HELP, HOW_TO_BIND, NOT_UNDERSTOOD, PICTURE_KEPT, answer
from bot.staff.platform import Button
from models.accounts.binding import new_code
from models.rulebooks.shelf import Shelf
from models.tables import (
    ChatBinding,
    OrderEvent,
    OrderFile,
    StaffMessage,
    StaffPicture,
    WorkOrder,
)
from models.words import Target
from tests.bot.conftest import BASE, Recording
from tests.bot.staff.chatting import Chat, lost, picture, text_file
from tests.models.offices import another_office_at
from tests.models.town import under
from tests.standing import StandingClock

TRACES = ("欧阳", "小明", "13800138000")


async def state(order: int) -> str:
    return (await WorkOrder.get(id=order)).state


async def kinds(order: int) -> list[str]:
    return [each.kind for each in await OrderEvent.filter(order_id=order).order_by("sequence")]


def commands(buttons: Sequence[Button]) -> list[str]:
    return [each.command for each in buttons]


async def test_a_stranger_is_told_how_to_bind(chat: Chat) -> None:
    for words in ("待办", "受理 1", "你好", ""):
        assert (await chat.ask("stranger", words)).text == HOW_TO_BIND
    assert (await chat.ask("stranger", "绑定 00000000")).text.startswith("没有这个绑定码")
    code = await new_code(chat.office, chat.desk.who["handler"])
    bound = await chat.ask("stranger", f"@差评助手 绑定{code}")
    assert bound.text.startswith("绑定成功：市场监管局承办甲（承办）。")
    assert (await chat.ask("stranger", "待办")).text == "目前没有待办的差评工单。"
    # Once: not by somebody else.
    assert (await chat.ask("other", f"绑定 {code}")).text.startswith("没有这个绑定码")
    assert (await chat.ask("stranger", "解绑")).text.startswith("已解除绑定")
    assert (await chat.ask("stranger", "待办")).text == HOW_TO_BIND
    assert await ChatBinding.filter(ended_at=None).count() == len(chat.desk.who)


async def test_a_chat_user_is_one_account(chat: Chat) -> None:
    code = await new_code(chat.office, chat.desk.who["bureau"])
    assert (await chat.ask("handler", f"绑定 {code}")).text.startswith("您已绑定账号")
    assert (await chat.ask("handler", "待办")).text == "目前没有待办的差评工单。"
    # What was refused has used up nothing.
    assert (await chat.ask("another", f"绑定 {code}")).text.startswith("绑定成功：政务服务局")


@under("lingang")
async def test_an_answer_that_is_too_long_is_refused_and_not_cut(chat: Chat) -> None:
    order = await found_true(chat)
    await chat.ask("handler", f"核实 {order} 一般 属实")
    assert await state(order) == "rectifying"
    told = await chat.ask("handler", f"整改 {order} {'长' * 2001}")
    assert told.text.startswith("内容太短或太长，没有办理")
    assert await state(order) == "rectifying"


@pytest.mark.parametrize("words", ["你好", "这个怎么办", "退回单在哪里", "1024 你好"])
async def test_what_is_no_command_gets_short_help(chat: Chat, words: str) -> None:
    answered = await chat.ask("handler", words)
    assert (answered.text, commands(answered.buttons)) == (NOT_UNDERSTOOD, ["待办", "帮助"])


async def test_help_names_every_command(chat: Chat) -> None:
    assert (await chat.ask("handler", "帮助")).text == HELP


@under("lingang", "tianjin")
async def test_an_order_is_handled_in_chat_to_its_end(chat: Chat) -> None:
    order = await chat.desk.rated()
    if await state(order) == "opened":
        done = await chat.ask("bureau", f"转办 {order} 市场监管 请尽快")
        assert done.text.startswith(f"工单{order}：已转办。")
    accepted = await chat.ask("handler", f"受理{order}")
    assert accepted.text.splitlines()[:2] == [f"工单{order}：已受理。", "当前环节：待核实"]
    assert f"核实 {order}" in commands(accepted.buttons)
    which = await chat.ask("handler", f"核实 {order}")
    assert f"核实 {order} 一般" in commands(which.buttons)
    assert (await chat.ask("handler", f"核实 {order} 一般 属实")).text.startswith("工单")
    assert await state(order) == "rectifying"
    prompt = await chat.ask("handler", f"整改 {order}")
    assert f"“整改 {order}”后面的内容" in prompt.text
    answered = await chat.ask("handler", "已增开两个窗口，等候不超过十分钟")
    assert answered.text.startswith(f"工单{order}：已整改并答复。")
    if await state(order) == "answered":
        # Nobody reviews what they have done themselves, and no handler reviews.
        assert "主管部门" in (await chat.ask("handler", f"审核 {order} 通过")).text
        passed = await chat.ask("bureau", f"审核 {order} 通过")
        assert passed.text.startswith(f"工单{order}：已审核答复。")
    assert await state(order) in ("calling_back", "closed")
    assert "answered" in await kinds(order)


HANDLERS = "这一步由承办单位办理"
BUREAUS = "这一步由主管部门办理"
UNSEEN = "没有编号为"


@under("chaoan")
@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ("受理 {}", {"bureau": HANDLERS, "staff": HANDLERS, "callback": HANDLERS}),
        ("核实 {} 属实", {"callback": HANDLERS, "staff": HANDLERS, "town": HANDLERS}),
        ("退回 {} 不归我们管", {"auditor": HANDLERS, "operator": UNSEEN, "bureau": HANDLERS}),
        ("转办 {} 税务局", {"handler": "只有持有工单的", "staff": "只有持有工单的"}),
        ("联系 {} 电话 已接通 致歉", {"staff": HANDLERS, "auditor": HANDLERS}),
        ("同意认定 {} 证据充分", {"handler": BUREAUS, "staff": BUREAUS}),
        ("审核 {} 通过", {"handler": BUREAUS, "staff": BUREAUS, "auditor": BUREAUS}),
    ],
)
async def test_the_same_rights_as_on_the_console(
    chat: Chat, words: str, refused: dict[str, str]
) -> None:
    order = await chat.desk.rated()
    await chat.ask("bureau", f"转办 {order} agency")
    before = await kinds(order)
    for who, why in refused.items():
        answered = await chat.ask(who, words.format(order))
        assert answered.text.startswith(why), (who, answered.text)
    assert await kinds(order) == before


@under("chaoan")
async def test_a_refusal_names_its_article(chat: Chat) -> None:
    order = await chat.desk.rated()
    refused = await chat.ask("handler", f"转办 {order} 税务局")
    assert "可以转办（依据：第" in refused.text
    assert (await chat.ask("handler", "受理 99")).text == "没有编号为“99”的工单"


async def test_an_order_is_shown_without_who_rated(chat: Chat) -> None:
    order = await chat.desk.rated()
    for who in ("handler", "bureau", "staff"):
        for words in (str(order), f"工单 {order}", "待办"):
            answered = await chat.ask(who, words)
            assert not [trace for trace in TRACES if trace in f"{answered}"]
    shown = await chat.ask("handler", f"#{order}")
    assert "等了两个小时" in shown.text
    assert shown.text.endswith(f"{BASE}/staff/orders/{order}")


async def test_whats_waiting_the_most_urgent_first(chat: Chat) -> None:
    orders = [await chat.desk.rated() for _ in range(12)]
    soon = orders[7]
    now = chat.office.now()
    await WorkOrder.filter(id=soon).update(due_at=now)
    await WorkOrder.filter(id=orders[0]).update(due_at=None)
    holder = (await WorkOrder.get(id=soon)).holder_id
    who = "bureau" if holder == chat.desk.who["bureau"].agency_id else "handler"
    answered = await chat.ask(who, "待办")
    lines = answered.text.splitlines()
    assert lines[0] == "待办差评工单12件："
    assert lines[1].startswith(f"{soon} 不满意")
    assert "已逾期" in lines[1]
    assert len(lines) == 12
    assert lines[-1] == f"还有2件，请在工作台查看：{BASE}/staff/orders"
    assert not [line for line in lines if line.startswith(f"{orders[0]} ")]
    assert commands(answered.buttons)[0] == f"工单 {soon}"


async def test_asked_again_it_is_answered_the_same_and_done_once(chat: Chat) -> None:
    order = await chat.desk.rated()
    said = chat.said("handler", f"受理 {order}")
    first = await answer(chat.office, BASE, said)
    assert await answer(chat.office, BASE, said) == first
    assert (await kinds(order)).count("accepted") == 1
    again = await chat.ask("handler", f"受理 {order}")
    assert again.text.startswith("工单已经受理（承办甲已于")
    # Sealed: the table says neither what was written nor what was answered.
    for row in await StaffMessage.all():
        assert "受理" not in row.words + row.answer


async def test_of_two_deliveries_at_once_one_is_done(
    chat: Chat, database_url: str, shelf: Shelf
) -> None:
    """The platform waits for a few seconds and asks again, perhaps another process."""
    order = await chat.desk.rated()
    said = chat.said("handler", f"受理 {order}")
    ready = asyncio.Barrier(4)

    async def delivered() -> str:
        async with another_office_at(database_url, shelf) as other:
            office = replace(other, keys=chat.office.keys)
            await WorkOrder.all().count()
            await ready.wait()
            return (await answer(office, BASE, said)).text

    assert len(set(await asyncio.gather(*(delivered() for _ in range(4))))) == 1
    assert (await kinds(order)).count("accepted") == 1


async def test_what_a_dead_process_left_unanswered_is_answered(chat: Chat) -> None:
    begun = asyncio.Event()

    async def slow() -> bytes:
        begun.set()
        return await asyncio.Future()

    order = await found_true(chat)
    said = chat.said("handler", f"误评 {order} 误评 对方来电说点错了", slow)
    dead = asyncio.create_task(answer(chat.office, BASE, said))
    await begun.wait()
    dead.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dead
    again = await answer(chat.office, BASE, replace(said, pictures=[picture]))
    assert "已提请不予采纳" in again.text
    assert await StaffMessage.all().count() == 1


# --- Evidence -----------------------------------------------------------------------------------


async def found_true(chat: Chat) -> int:
    order = await chat.desk.rated(target=Target.ITEM)
    if await state(order) == "opened":
        await chat.ask("bureau", f"转办 {order} agency")
    return order


@under("lingang", "tianjin")
async def test_evidence_with_the_command(chat: Chat) -> None:
    order = await found_true(chat)
    done = await chat.ask("handler", f"误评 {order} 误评 对方来电说点错了", picture, picture)
    assert done.text.startswith(f"工单{order}：已提请不予采纳，附2个文件。")
    assert await OrderFile.filter(event__order_id=order).count() == 2


@under("lingang", "tianjin")
async def test_evidence_before_the_command(chat: Chat, clock: StandingClock) -> None:
    order = await found_true(chat)
    assert (await chat.ask("handler", "", picture)).text == PICTURE_KEPT
    clock.advance(minutes=29)
    done = await chat.ask("handler", f"误评 {order} 误评 对方来电说点错了")
    assert "附1个文件" in done.text
    assert not await StaffPicture.exists()


async def test_evidence_that_is_too_old_counts_no_more(chat: Chat, clock: StandingClock) -> None:
    order = await found_true(chat)
    await chat.ask("handler", "", picture)
    clock.advance(minutes=31)
    asked = await chat.ask("handler", f"误评 {order} 误评 对方来电说点错了")
    assert "请在30分钟内发送照片" in asked.text


async def test_a_picture_of_one_is_nobody_elses(chat: Chat) -> None:
    order = await found_true(chat)
    await chat.ask("callback", "", picture)
    asked = await chat.ask("handler", f"误评 {order} 误评 对方来电说点错了")
    assert "请附上证据" in asked.text


@under("lingang", "tianjin")
async def test_evidence_after_the_command_that_asks_for_it(chat: Chat) -> None:
    order = await found_true(chat)
    asked = await chat.ask("handler", f"误评 {order} 误评 对方来电说点错了")
    assert asked.text.startswith("请附上证据")
    assert commands(asked.buttons) == ["取消"]
    assert "found_mistaken" not in await kinds(order)
    done = await chat.ask("handler", "", picture)
    assert "附1个文件" in done.text
    assert await state(order) == "found"


async def test_a_command_that_waits_can_be_cancelled(chat: Chat) -> None:
    order = await found_true(chat)
    await chat.ask("handler", f"误评 {order} 误评 对方来电说点错了")
    assert (await chat.ask("handler", "取消")).text == "已取消。"
    assert (await chat.ask("handler", "", picture)).text == PICTURE_KEPT
    assert (await chat.ask("handler", "取消")).text == "没有等待补充的指令。"


async def test_words_are_waited_for_ten_minutes(chat: Chat, clock: StandingClock) -> None:
    """What is written much later means something else, and must not go to the citizen."""
    order = await found_true(chat)
    await chat.ask("handler", f"退回 {order}")
    clock.advance(minutes=11)
    assert (await chat.ask("handler", "中午一起吃饭吗")).text == NOT_UNDERSTOOD
    assert "returned" not in await kinds(order)


async def test_a_file_that_is_no_evidence_is_refused(chat: Chat) -> None:
    assert "附件应为照片" in (await chat.ask("handler", "", text_file)).text
    assert (await chat.ask("handler", "", lost)).text == "照片没有取到，请重新发送。"
    assert not await StaffPicture.exists()


async def test_a_picture_lies_sealed(chat: Chat) -> None:
    await chat.ask("handler", "", picture)
    (kept,) = await StaffPicture.all()
    assert await picture() not in bytes(kept.content)


# --- Dispatch by name ---------------------------------------------------------------------------


@under("chaoan")
@pytest.mark.parametrize("named", ["agency-2", "税务局", "税务"])
async def test_an_agency_is_named_by_code_or_name(chat: Chat, named: str) -> None:
    order = await chat.desk.rated()
    done = await chat.ask("bureau", f"转办 {order} {named} 请核实")
    assert done.text.startswith(f"工单{order}：已转办。")
    dispatched = await OrderEvent.get(order_id=order, kind="dispatched")
    assert dispatched.details["to_name"] == "税务局"


@under("chaoan")
async def test_of_several_the_code_is_asked_for(chat: Chat) -> None:
    order = await chat.desk.rated()
    asked = await chat.ask("bureau", f"转办 {order} 局")
    assert asked.text.startswith("有多个机构符合“局”，请用机构代码：")
    assert "agency 市场监管局" in asked.text
    assert (await chat.ask("bureau", f"转办 {order} 没有这个局")).text == "没有这个机构"


# --- Pushed, handled, told ----------------------------------------------------------------------


@under("tianjin")
async def test_a_complaint_is_pushed_handled_and_told(chat: Chat, clock: StandingClock) -> None:
    order = await chat.desk.rated()
    assert await deliver(chat.office, chat.post()) > 0
    pushed = next(each for each in chat.app.pushed if "handler" in each.users)
    assert pushed.card.link == f"{BASE}/staff/orders/{order}"
    assert f"受理 {order}" in commands(pushed.card.buttons)
    # What the card's button says is what is typed.
    await chat.ask("handler", pushed.card.buttons[0].command)
    await chat.ask("handler", f"核实 {order} 一般 属实")
    await chat.ask("handler", f"整改 {order} 已增开窗口")
    await deliver(chat.office, chat.post())
    to_bureau = [each for each in chat.app.pushed if "bureau" in each.users][-1]
    assert "市场监管局答复评价人" in to_bureau.card.text
    assert "答复：已增开窗口" in to_bureau.card.text
    for each in chat.app.pushed:
        assert not [trace for trace in TRACES if trace in f"{each}"]
    if await state(order) == "answered":
        await chat.ask("bureau", f"审核 {order} 通过")
    sms = Recording()
    post = replace(chat.post(), gateways={**chat.post().gateways, "sms": sms})
    # The first try found no way to the rater.
    clock.advance(minutes=1)
    await deliver(chat.office, post)
    assert [each.to for each in sms.sent if each.kind == "order_answered"] == ["+8613800138000"]
    assert "已增开窗口" in next(each.text for each in sms.sent if each.kind == "order_answered")


@pytest.mark.parametrize(
    ("explains", "town"), [(False, "chaoan"), (True, "lingang")], indirect=["town"]
)
async def test_what_the_regulation_does_not_have_is_not_offered(chat: Chat, explains: bool) -> None:
    """缺乏法定依据的，做好解释说明: 威海临港三(二)3, and nothing of it in 潮安."""
    order = await chat.desk.rated()
    if not explains:
        await chat.desk.step(order, "bureau", "dispatch", to="agency")
        await chat.desk.step(order, "handler", "verify")
    else:
        await chat.desk.step(order, "handler", "verify", causes=["服务效率不满意"])
    shown = await chat.ask("handler", f"工单 {order}")
    offered = {each.label for each in shown.buttons}
    assert "整改" in offered
    assert ("解释" in offered) is explains
