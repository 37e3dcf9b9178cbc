"""Dead letters on the console: why they were given up, and sent again; never to whom."""

from __future__ import annotations

import pytest

from models.accounts.roles import Role
from models.notices import notice
from models.tables import Agency, Attempt, Notice
from models.words import NoticeState
from tests.api.staff.desk import IDENTITY, Desk, shown

PATH = "/staff/letters"


async def dead(desk: Desk, agency: str | None, what: str, kind: str = "complaint") -> Notice:
    told = await Agency.get(code=agency) if agency else None
    now = desk.service.clock.now()
    made = notice(kind, what, {"order": 7}, now=now, agency=told.id if told else None)
    made.state, made.why, made.attempts = NoticeState.DEAD.value, "企业微信：不在可见范围", 2
    await made.save()
    for number, (route, why) in enumerate((("chat", "不在可见范围"), ("mail", "信箱已满")), 1):
        await Attempt.create(
            notice=made,
            number=number,
            route=route,
            begun_at=now,
            ended_at=now,
            taken=False,
            why=why,
        )
    return made


@pytest.mark.parametrize("role", list(Role))
async def test_they_are_for_the_bureau_and_the_operator(desk: Desk, role: Role) -> None:
    letter = await dead(desk, "CA-SJJ", "a")
    seat = await desk.seat(role, None if role is Role.OPERATOR else "CA-ZSJ")
    allowed = role in {Role.BUREAU, Role.OPERATOR}
    assert ((await seat.get(PATH)).status == 200) is allowed
    answer = await seat.post(PATH, [("letter", str(letter.id))])
    assert (answer.status == 303) is allowed
    await letter.refresh_from_db()
    assert (letter.state == NoticeState.WAITING) is allowed


async def test_each_says_what_it_was_and_why_it_failed(desk: Desk) -> None:
    letter = await dead(desk, "CA-SJJ", "a")
    said = shown(await (await desk.seat(Role.BUREAU)).get(PATH))
    for words in (
        str(letter.id),
        "新差评",
        "潮安区市场监管局",
        "不在可见范围",
        "试过2次",
        "聊天应用",
        "信箱已满",
        "工单7",
    ):
        assert words in said


async def test_a_bureau_sees_its_region_and_the_operator_all(desk: Desk) -> None:
    own = await dead(desk, "CA-SJJ", "own", "warning")
    away = await dead(desk, "TJ-SP", "away", "overdue")
    nobodys = await dead(desk, None, "nobody", "bind_code")
    bureau, operator = await desk.seat(Role.BUREAU), await desk.seat(Role.OPERATOR, None)
    said = shown(await bureau.get(PATH))
    assert "到期预警" in said
    assert "超期提醒" not in said
    assert "手机验证码" not in said
    everything = shown(await operator.get(PATH))
    assert all(words in everything for words in ("到期预警", "超期提醒", "手机验证码"))
    sent = [("letter", str(each.id)) for each in (own, away, nobodys)]
    answer = await bureau.post(PATH, sent)
    assert "1条消息将重新发送。另有2条已不在未送达之列。" in shown(
        await bureau.get(answer.headers["Location"])
    )
    states = {each.kind: each.state for each in await Notice.all()}
    assert states == {"warning": "waiting", "overdue": "dead", "bind_code": "dead"}


async def test_sent_again_is_tried_from_the_first_way(desk: Desk) -> None:
    letter = await dead(desk, "CA-SJJ", "a")
    desk.service.clock.advance(days=9)
    seat = await desk.seat(Role.OPERATOR, None)
    await seat.post(PATH, [("letter", str(letter.id))])
    await letter.refresh_from_db()
    now = desk.service.clock.now()
    assert (letter.next_at, letter.why, letter.exhausted) == (now, None, [])
    assert letter.give_up_at > now
    again = await seat.post(PATH, [("letter", str(letter.id))])
    assert "0条消息" in shown(await seat.get(again.headers["Location"]))


async def test_nothing_ticked_and_nonsense_are_told(desk: Desk) -> None:
    seat = await desk.seat(Role.OPERATOR, None)
    assert "没有已放弃的消息" in shown(await seat.get(PATH))
    assert (await seat.post(PATH)).status == 422
    for words in ("x", "-1", "9" * 40):
        answer = await seat.post(PATH, [("letter", words)])
        assert answer.status == 303
    assert (await seat.get(f"{PATH}?after=x")).status == 200


async def test_who_rated_is_never_there(desk: Desk) -> None:
    await desk.order()
    await Notice.all().update(state=NoticeState.DEAD.value, why="没有可用的途径")
    text = (await (await desk.seat(Role.OPERATOR, None)).get(PATH)).text
    assert "没有可用的途径" in text
    assert not any(each in text for each in IDENTITY)


async def test_fifty_on_a_page_and_a_way_on(desk: Desk) -> None:
    for number in range(52):
        await dead(desk, "CA-SJJ", str(number))
    seat = await desk.seat(Role.BUREAU)
    first = await seat.get(PATH)
    assert first.text.count('name="letter"') == 50
    fiftieth = (await Notice.all().order_by("id").values_list("id", flat=True))[49]
    assert f"{PATH}?after={fiftieth}" in first.text
    assert (await seat.get(f"{PATH}?after={fiftieth}")).text.count('name="letter"') == 2
