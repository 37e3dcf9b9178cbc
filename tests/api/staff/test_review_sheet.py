"""复核单 (威海临港, 附件): every field of the form from the order, and nobody who rated."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import Any, Final

import pytest

from api.sheets.review_sheet import ReviewSheet, review_pdf
from models.accounts.roles import Role
from models.tables import Invitation, WorkOrder
from tests.api.directory import CASE, VISIT
from tests.api.service import Answer
from tests.api.sheets.pages import sizes, texts
from tests.api.staff.desk import IDENTITY, Desk, Seat, shown
from tests.api.staff.sending import download

LINGANG: Final[dict[str, list[dict[str, Any]]]] = {
    "region": [{"code": "371092", "name": "威海临港区", "rulebook": "lingang"}],
    "agency": [
        {"code": "LG-ZWB", "name": "临港区政管办", "region": "371092", "party": "bureau"},
        {"code": "LG-SJJ", "name": "临港区市场监管局", "region": "371092"},
    ],
    "hall": [{"code": "LG-H1", "name": "蔄山镇大厅", "region": "371092", "agency": "LG-ZWB"}],
    "window": [{"code": "LG-W1", "name": "5号窗口", "hall": "LG-H1", "agency": "LG-SJJ"}],
    "staff": [{"code": "LG-S1", "name": "于海", "agency": "LG-SJJ"}],
    "item": [{"code": "LG-I1", "name": "食品经营许可", "agency": "LG-SJJ"}],
}
LABELS: Final = (
    "评价渠道",
    "投诉时间",
    "评价人",
    "联系方式",
    "被评价事项/个人",
    "所在窗口",
    "投诉内容",
    "投诉交办人",
    "交办时间",
    "落实情况",
    "复核情况",
    "复核结果",
)


async def rated(desk: Desk) -> int:
    """An order of 威海临港, about the one who served at the window."""
    service = desk.service
    await service.good("/api/v1/directory", LINGANG)
    case = {**CASE, "number": "LG1", "agency": "LG-SJJ", "item": "LG-I1"}
    await service.good("/api/v1/cases", case)
    visit = {**VISIT, "case": "LG1", "staff": "LG-S1", "window": "LG-W1"}
    await service.good("/api/v1/visits", visit)
    invitation = await Invitation.get(case__number="LG1", node="visit")
    link = f"/r/{service.office.links.rating(invitation.nonce)}"
    await service.rate(link, 1, **{"w-staff": "态度<生硬>&不理人"})
    number: int = (await WorkOrder.get()).id
    return number


async def handled(desk: Desk, number: int) -> Seat:
    """Verified as of the general class, answered, passed; a seat of the bureau."""
    handler, bureau = (
        await desk.seat(Role.HANDLER, "LG-SJJ"),
        await desk.seat(Role.BUREAU, "LG-ZWB"),
    )
    for seat, step, fields in (
        (handler, "contact", {"way": "phone", "reached": "1", "note": "已致歉"}),
        (handler, "verify", {"class_name": "general", "note": "情况属实"}),
        (handler, "answer", {"text": "已批评教育，并公示服务承诺"}),
        (bureau, "review_answer", {"passed": "1", "note": "同意"}),
    ):
        answer = await seat.step(number, step, None, **fields)
        assert answer.status == 303, shown(answer)
    return bureau


def fields_of(answer: Answer) -> dict[str, str]:
    """What stands beside each label."""
    cells = re.findall(r"<(th|td)[^>]*>(.*?)</\1>", answer.text, re.DOTALL)
    plain = [(tag, html.unescape(re.sub(r"<[^>]*>", " ", text)).strip()) for tag, text in cells]
    found: dict[str, str] = {}
    for (tag, text), (after, value) in pairwise(plain):
        if tag == "th" and after == "td":
            found[" ".join(text.split())] = " ".join(value.split())
    return found


async def test_every_field_is_filled_in_from_the_order(desk: Desk) -> None:
    number = await rated(desk)
    bureau = await handled(desk, number)
    answer = await bureau.get(f"/staff/orders/{number}/review-sheet")
    assert answer.status == 200
    fields = fields_of(answer)
    assert set(LABELS) <= set(fields)
    assert fields["评价渠道"] == "评价链接"
    assert fields["投诉时间"] == "2026年3月2日09:00"
    assert fields["评价人"] == fields["联系方式"] == "见回访记录"
    assert fields["被评价事项/个人"] == "食品经营许可（窗口服务，于海）"
    assert fields["所在窗口"] == "蔄山镇大厅5号窗口"
    assert "态度<生硬>&不理人" in fields["投诉内容"]
    assert fields["投诉交办人"] == "系统"
    assert fields["交办时间"] == "2026年3月2日09:00"
    assert "已批评教育，并公示服务承诺" in fields["落实情况"]
    assert "回访人： 临港区市场监管局承办" in fields["落实情况"].replace("回访人：", "回访人： ")
    assert "复核人：临港区政管办主管部门" in fields["复核情况"]
    assert fields["复核结果"] == "整改情况审核通过"
    ticked = re.findall(r"<td colspan=\"2\">([^<]*)</td><td>(√?)</td>", answer.text)
    assert ticked == [
        ("立整立改（简易）类", ""),
        ("限时整改（一般）类", "√"),
        ("综合协调（复杂）类", ""),
    ]
    assert "区政务服务管理办公室在收到落实情况后,于规定时限内完成复核。" in answer.text


async def test_the_pdf_says_the_same(desk: Desk) -> None:
    number = await rated(desk)
    bureau = await handled(desk, number)
    given = await download(bureau, f"/staff/orders/{number}/review-sheet.pdf")
    assert (given.status, given.kind) == (200, "application/pdf")
    assert sizes(given.content) == [(210.0, 297.0)]
    said = texts(given.content)[0].replace("\n", "")
    for words in (
        "政务服务“好差评”复核单",
        *LABELS,
        "差评分类",
        "蔄山镇大厅5号窗口",
        "态度<生硬>&不理人",
        "已批评教育，并公示服务承诺",
        "15个工作日内答复整改结果",
    ):
        assert words in said
    assert said.count("√") == 2, "in the instruction, and beside one class"


async def test_what_is_not_decided_stays_empty(desk: Desk) -> None:
    number = await rated(desk)
    seat = await desk.seat(Role.HANDLER, "LG-SJJ")
    answer = await seat.get(f"/staff/orders/{number}/review-sheet")
    fields = fields_of(answer)
    assert fields["落实情况"] == "回访人："
    assert fields["复核情况"] == "复核人："
    assert fields["复核结果"] == ""
    assert "√</td>" not in answer.text


@pytest.mark.parametrize("form", ["", ".pdf"])
async def test_who_rated_is_on_no_sheet(desk: Desk, form: str) -> None:
    number = await rated(desk)
    await handled(desk, number)
    for role, staff in ((Role.BUREAU, None), (Role.AUDITOR, None), (Role.CALLBACK, None)):
        seat = await desk.seat(role, "LG-ZWB", staff=staff)
        given = await download(seat, f"/staff/orders/{number}/review-sheet{form}")
        assert given.status == 200
        said = texts(given.content) if form else [given.content.decode()]
        assert not any(each in page for page in said for each in (*IDENTITY, "138"))
    rated_staff = await desk.seat(Role.STAFF, "LG-SJJ", staff="LG-S1")
    page = await rated_staff.get(f"/staff/orders/{number}/review-sheet")
    assert page.status == 200
    assert "已致歉" not in page.text
    assert "承办甲" not in page.text


async def test_others_get_none(desk: Desk) -> None:
    number = await rated(desk)
    chaoan = await desk.order()
    for role, agency, order, status in (
        (Role.BUREAU, "TJ-ZWB", number, 404),
        (Role.OPERATOR, None, number, 403),
        (Role.BUREAU, "LG-ZWB", chaoan, 404),
        (Role.BUREAU, "LG-ZWB", 10**17, 404),
        # 潮安 prints no such form.
        (Role.BUREAU, "CA-ZSJ", chaoan, 404),
    ):
        seat = await desk.seat(role, agency)
        for form in ("", ".pdf"):
            answer = await seat.get(f"/staff/orders/{order}/review-sheet{form}")
            assert answer.status == status


def test_what_is_long_goes_on_overleaf() -> None:
    long = ReviewSheet(
        title="政务服务“好差评”复核单",
        number=7,
        channel="短信",
        said_at="2026年3月2日9:00",
        rater="见回访记录",
        contact="见回访记录",
        subject="食品经营许可" * 20,
        window="",
        classes=(("甲类", False), ("乙类", True)),
        said=("非常不满意", "长" * 3000 + "𠮷末尾"),
        dispatched_by="系统",
        dispatched_at="2026年3月2日9:00",
        carried_out=tuple(f"第{number}次\n答复" for number in range(200)),
        called_back_by="",
        reviewed=(),
        reviewed_by="",
        result="",
        notes=("备注一",),
    )
    pages = texts(review_pdf(long))
    assert len(pages) > 5
    whole = "".join(pages).replace("\n", "")
    assert whole.count("长") == 3000
    assert "〓末尾" in whole
    assert [int(each) for each in re.findall(r"第(\d+)次", whole)] == list(range(200))
    assert all("工单7" in page for page in pages)
    assert sum("落实情况" in page for page in pages) > 1
    assert "备注一" in pages[-1]
