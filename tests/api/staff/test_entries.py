"""代录 on the console: who is signed in has keyed it in, with the file of what was said."""

from __future__ import annotations

import re

import pytest

from models.accounts.roles import Role
from models.tables import Attachment, Evaluation, Opinion
from tests.api.service import TJ_CASE, Answer, row_counts
from tests.api.staff.desk import Desk, Seat, shown
from tests.api.staff.sending import upload
from tests.models.ratings.files import PNG, WAV

PATH = "/staff/entries"
ENTRY = {
    "once": "form-0001-0001",
    "medium": "paper",
    "about": "case",
    "code": "CA1",
    "level": "2",
    "words": "等了两个小时",
    "said_at": "2026-03-01T18:00",
    "rater_name": "陈小明",
}
CLERKS = {Role.BUREAU, Role.HANDLER, Role.CALLBACK, Role.TOWN}


async def keyed(seat: Seat, file: bytes | None = PNG, **changed: str) -> Answer:
    fields = list({**ENTRY, **changed}.items())
    return await upload(seat, PATH, fields, ("扫描件.jpg", file) if file is not None else None)


@pytest.mark.parametrize("role", list(Role))
async def test_it_is_for_who_handles_and_calls(desk: Desk, role: Role) -> None:
    await desk.service.completed("CA1")
    seat = await desk.seat(role, None if role is Role.OPERATOR else "CA-ZSJ")
    allowed = role in CLERKS
    assert ((await seat.get(PATH)).status == 200) is allowed
    answer = await keyed(seat)
    assert answer.status == (303 if allowed else 403)
    assert (await Evaluation.all().count() == 1) is allowed


async def test_it_is_stored_as_keyed_in_by_who_is_signed_in(desk: Desk) -> None:
    await desk.service.completed("CA1")
    seat = await desk.seat(Role.HANDLER, "CA-SJJ", staff="CA-S2")
    answer = await keyed(seat)
    assert (answer.status, answer.headers["Location"]) == (303, PATH)
    evaluation = await Evaluation.get()
    assert (evaluation.provenance, evaluation.keyed_by) == ("proxy", "CA-S2")
    assert (evaluation.level, evaluation.channel) == (2, "paper")
    file = await Attachment.get()
    assert file.evaluation_id == evaluation.id
    assert file.said_at is not None
    assert file.said_at.isoformat() == "2026-03-01T10:00:00+00:00"


async def test_its_receipt_is_linked(desk: Desk) -> None:
    await desk.service.completed("CA1")
    seat = await desk.seat(Role.CALLBACK)
    await keyed(seat)
    page = await seat.get(PATH)
    assert "已代录为评价" in shown(page)
    assert "办件CA1" in shown(page)
    receipt = re.search(r'href="(/receipt/[^"]+)"', page.text)
    assert receipt is not None
    said = await desk.service.get(receipt[1], key=None)
    assert said.status == 200
    assert "不满意" in said.text
    assert "由工作人员代录" in said.text
    other = await desk.seat(Role.CALLBACK)
    assert "/receipt/" not in (await other.get(PATH)).text
    assert (await Evaluation.get()).keyed_by == f"account:{seat.account.login}"


async def test_sent_twice_it_is_stored_once(desk: Desk) -> None:
    await desk.service.completed("CA1")
    seat = await desk.seat(Role.BUREAU)
    for _ in range(2):
        assert (await keyed(seat)).status == 303
    assert await Evaluation.all().count() == 1
    other = await keyed(seat, words="另一份")
    assert other.status == 409
    # Another account's form may bear the same number.
    second = await keyed(await desk.seat(Role.BUREAU))
    assert second.status == 409
    assert "以第一次评价为准" in shown(second)


async def test_nobody_keys_in_a_rating_of_themselves(desk: Desk) -> None:
    await desk.service.completed("CA1")
    before = await row_counts()
    seat = await desk.seat(Role.HANDLER, "CA-SJJ", staff="CA-S1")
    answer = await keyed(seat)
    assert answer.status == 403
    assert "不能代录对本人的评价" in shown(answer)
    assert "等了两个小时" in answer.text
    after = await row_counts()
    assert {**after, "Account": 0, "AccountSession": 0} == {
        **before,
        "Account": 0,
        "AccountSession": 0,
    }


async def test_nobody_keys_in_elsewhere(desk: Desk) -> None:
    await desk.service.completed("TJ1", **TJ_CASE)
    answer = await keyed(await desk.seat(Role.BUREAU), code="TJ1")
    assert answer.status == 403
    assert await Evaluation.all().count() == 0


async def test_a_place_and_an_opinion(desk: Desk) -> None:
    seat = await desk.seat(Role.TOWN, "CA-ZSJ")
    answer = await keyed(seat, about="hall", code="CA-H1", level="", medium="suggestion_box")
    assert answer.status == 303
    opinion = await Opinion.get()
    assert opinion.keyed_by == f"account:{seat.account.login}"
    assert "记为意见" in shown(await seat.get(PATH))
    answer = await keyed(
        seat, WAV, once="form-0002-0002", about="window", code="CA-W1", medium="survey_call"
    )
    assert answer.status == 303
    assert "潮安区市场监管局" in shown(await seat.get(PATH))


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"code": ""}, 422, "请填写评价的是哪个办件"),
        ({"about": "person"}, 422, "请填写评价的是哪个办件"),
        ({"code": "NO"}, 422, "没有编号为“NO”的办件"),
        ({"level": "", "words": ""}, 422, "请选择满意程度，或写下意见"),
        ({"level": "9"}, 422, "可用的值"),
        ({"medium": "link"}, 422, "可用的值"),
        ({"rater_phone": "12"}, 422, "不是有效的电话号码"),
        ({"said_at": "昨天"}, 422, "应为日期和时间"),
        ({"said_at": "2026-03-05T18:00"}, 422, "晚于"),
        ({"visit": "x"}, 422, "应为整数"),
        ({"visit": "9"}, 422, "没有这一次到窗口的记录"),
        ({"once": ""}, 422, "缺少"),
        ({"words": "长" * 1001}, 422, "不能超过1000个字"),
    ],
)
async def test_a_wrong_form_comes_back_filled_in(
    desk: Desk, changed: dict[str, str], status: int, words: str
) -> None:
    await desk.service.completed("CA1")
    seat = await desk.seat(Role.BUREAU)
    answer = await keyed(seat, PNG, **changed)
    assert answer.status == status
    assert words in shown(answer)
    assert 'value="陈小明"' in answer.text
    assert await Attachment.all().count() == 0


@pytest.mark.parametrize("file", [None, b"", b"%PDF-1.7 not a picture", b"MZ" + bytes(100)])
async def test_without_a_picture_or_recording_nothing_is_keyed_in(
    desk: Desk, file: bytes | None
) -> None:
    await desk.service.completed("CA1")
    answer = await keyed(await desk.seat(Role.BUREAU), file)
    assert answer.status == 422
    assert "照片" in shown(answer)
    assert await Evaluation.all().count() == 0


async def test_what_is_said_of_each_by_itself(desk: Desk) -> None:
    await desk.service.completed("CA1")
    seat = await desk.seat(Role.BUREAU)
    answer = await keyed(seat, words="", item="环节太多")
    assert answer.status == 303
    assert (await Evaluation.get()).reasons["item"]["words"] == "环节太多"
