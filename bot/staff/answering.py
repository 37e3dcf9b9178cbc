"""Staff write or tap in chat: read, done with their own rights, answered in words.

Each message is kept once. What is done and what is answered become true together, so whoever asks
again, at once or much later, is answered the same and nothing is done twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog

from bot.gateways import NotDelivered
from bot.staff import evidence
from bot.staff.commands import Bind, Command, Do, Lacking, Plain, Show, read
from bot.staff.doing import ask, do, refusal
from bot.staff.forms import FORMS
from bot.staff.leaving import leave
from bot.staff.looking import look, todo
from bot.staff.messages import answer_late, answer_of, keep_answer, kept
from bot.staff.platform import Answered, Button, Said
from bot.staff.turn import Turn, draft, drop_draft
from models.accounts.binding import bind, bound
from models.accounts.roles import Role
from models.office import Office
from models.ratings.attachments import Proof
from models.refusals import Refused
from models.tables import Account, StaffMessage

log = structlog.get_logger()


async def answer(office: Office, base_url: str, said: Said) -> Answered:
    """Raises nothing for what people write; whatever the database raises."""
    _, answered = await work(office, base_url, said)
    return answered


async def work(
    office: Office, base_url: str, said: Said, *, until: float | None = None
) -> tuple[StaffMessage, Answered]:
    """`until`: for how long somebody waits, by the loop's clock. What is answered after that is put
    into the outbox with it. Raises as `answer`."""
    message = await kept(office, said)
    if message.answer:
        return message, answer_of(office, message)
    pictures, fault = await _pictures(said)
    async with office.database.transaction():
        # The row alone: its twin waits here until this one has answered.
        await StaffMessage.filter(id=message.id).select_for_update().only("id").first()
        message = await StaffMessage.get(id=message.id)
        if message.answer:
            return message, answer_of(office, message)
        account = await _locked(await bound(office, said.app, said.user))
        answered = await _answered(office, base_url, account, said, pictures, fault)
        await keep_answer(office, message, account.id if account else None, answered)
        if until is not None and asyncio.get_running_loop().time() >= until:
            await answer_late(office, message)
    return message, answered


async def excuse(office: Office, said: Said, words: Answered) -> None:
    """Nothing came of it, and nobody waits any more: they are told so."""
    message = await kept(office, said)
    account = await bound(office, said.app, said.user)
    async with office.database.transaction():
        if await keep_answer(office, message, account.id if account else None, words):
            await answer_late(office, message)


async def _pictures(said: Said) -> tuple[tuple[Proof, ...], str | None]:
    """From the outside world, so before anything is locked."""
    try:
        return await evidence.fetched(said), None
    except Refused as unfit:
        return (), unfit.message
    except NotDelivered as fault:
        log.warning("a picture was not fetched", app=said.app, why=fault.why)
        return (), "照片没有取到，请重新发送。"


async def _locked(account: Account | None) -> Account | None:
    """Of a command and its picture, sent at once, the second finds what the first has left. Not the
    key: steps of theirs on the console wait for nobody."""
    if account is not None:
        await Account.filter(id=account.id).select_for_update(no_key=True).only("id").first()
    return account


async def _answered(
    office: Office,
    base_url: str,
    account: Account | None,
    said: Said,
    pictures: tuple[Proof, ...],
    fault: str | None,
) -> Answered:
    command = read(said.words)
    try:
        if isinstance(command, Bind):
            return _welcome(await bind(office, said.platform, said.app, said.user, command.code))
        if account is None:
            return Answered(HOW_TO_BIND)
        if fault is not None:
            return Answered(fault)
        return await _done(Turn(office, base_url, account, said, pictures), command)
    except Refused as refused:
        return Answered(refusal(refused))


async def _done(turn: Turn, command: Command | None) -> Answered:
    match command:
        case Do():
            return await do(turn, command)
        case Lacking():
            return await ask(turn, command)
        case Show(order):
            return await look(turn, order)
        case Plain():
            return await _PLAIN[command](turn)
    return await _continued(turn)


async def _cancel(turn: Turn) -> Answered:
    return Answered("已取消。" if await drop_draft(turn) else "没有等待补充的指令。")


async def _help(_turn: Turn) -> Answered:
    return Answered(HELP, _START)


async def _continued(turn: Turn) -> Answered:
    """No command: what an earlier one lacks, or a picture for a later one."""
    words = turn.said.words.strip()
    if words and (begun := await draft(turn, "words")) is not None:
        command = read(f"{begun} {words}")
        if isinstance(command, Do | Lacking):
            return await _done(turn, command)
    if not turn.pictures:
        return Answered(NOT_UNDERSTOOD, _START)
    if (waiting := await draft(turn, "picture")) is not None:
        return await _done(turn, read(waiting))
    await evidence.keep(turn)
    return Answered(PICTURE_KEPT)


async def _unbind(turn: Turn) -> Answered:
    await leave(turn.office, turn.said.app, turn.said.user)
    await drop_draft(turn)
    return Answered("已解除绑定，这里不再收到差评工单。")


def _welcome(account: Account) -> Answered:
    agency = account.agency.name if account.agency else ""
    who = f"{agency}{account.name}（{Role(account.role).label}）"
    return Answered(f"绑定成功：{who}。\n差评工单会推送到这里，发送“帮助”查看指令。", _START)


_START: Final = (Button("待办", "待办"), Button("帮助", "帮助"))
HOW_TO_BIND: Final = (
    "还没有绑定账号。请登录工作台，在“本人”页取得绑定码，再把“绑定 绑定码”发送到这里，"
    "例如：绑定 12345678"
)
NOT_UNDERSTOOD: Final = "没有看懂。发送“待办”查看待办工单，发送工单号查看工单，发送“帮助”查看指令。"
PICTURE_KEPT: Final = "照片已收到。30分钟内发送指令即可附上，例如：申诉 工单号 理由"
HELP: Final = "\n".join(
    [
        "可以发送（数字是工单号）：",
        "待办",
        "1024（查看工单）",
        *(form.usage(1024) for form in FORMS),
        "申诉、误评等需要证据的，同时或随后发送照片。",
        "取消、解绑",
    ]
)
_PLAIN: Final[Mapping[Plain, Callable[[Turn], Awaitable[Answered]]]] = {
    Plain.TODO: todo,
    Plain.HELP: _help,
    Plain.UNBIND: _unbind,
    Plain.CANCEL: _cancel,
}
