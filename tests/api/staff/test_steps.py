"""Steps by the forms of the page: done, wrong at a field, forbidden by a rule, outrun."""

from __future__ import annotations

import asyncio
import re

from models.accounts.roles import Role
from models.tables import OrderEvent, OrderFile, WorkOrder
from tests.api.service import Answer
from tests.api.staff.desk import Desk, Seat, shown
from tests.models.ratings.files import OTHERS, PNG, WAV

CAUSE, WIDER = "业务程序办理不正确", "多部门业务交叉"


async def done(seat: Seat, number: int, step: str, **fields: str) -> None:
    answer = await seat.step(number, step, None, **fields)
    assert answer.status == 303, shown(answer)


async def kinds(number: int) -> list[str]:
    found = OrderEvent.filter(order_id=number).order_by("sequence")
    return [each.kind for each in await found]


def form_of(answer: Answer, number: int, step: str) -> str:
    """The step's form as the page has it."""
    action = f'action="/staff/orders/{number}/{step}"'
    found = re.search(rf'<form method="post" {action}.*?</form>', answer.text, re.DOTALL)
    assert found is not None, shown(answer)
    return found[0]


async def test_from_the_rating_to_the_end(desk: Desk) -> None:
    """潮安: dispatched, taken up, verified, answered, reviewed by the bureau."""
    number = await desk.order()
    bureau, handler = await desk.seat(Role.BUREAU), await desk.seat(Role.HANDLER, "CA-SJJ")
    assert (await handler.get(f"/staff/orders/{number}")).status == 200
    await done(bureau, number, "dispatch", to="CA-SJJ")
    await done(handler, number, "accept")
    await done(handler, number, "verify", note="取号机故障属实")
    await done(handler, number, "answer", text="已增开两个窗口，取号机已修复。")
    passed = await bureau.step(number, "review_answer", passed="1")
    assert passed.headers["Location"] == f"/staff/orders/{number}"
    page = await bureau.get(f"/staff/orders/{number}")
    assert "审核答复，已办理。" in page.text
    assert "已办结" in shown(page)
    assert await kinds(number) == [
        "opened",
        "dispatched",
        "accepted",
        "verified",
        "answered",
        "answer_passed",
        "closed",
    ]


async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(desk: Desk) -> None:
    number = await desk.tianjin()
    bureau, handler = await desk.seat(Role.BUREAU, "TJ-HX"), await desk.seat(Role.HANDLER, "TJ-SP")
    await done(bureau, number, "dispatch", to="TJ-SP")
    answer = await handler.step(number, "verify", note="取号机<b>故障</b>")
    assert answer.status == 422
    form = form_of(answer, number, "verify")
    assert "请选择成因或类别" in form
    assert "取号机&lt;b&gt;故障&lt;/b&gt;</textarea>" in form
    assert 'href="#verify-causes"' in answer.text
    assert 'id="verify-causes"' in form
    appealed = await handler.step(number, "appeal", reason="并非我窗口办理")
    assert appealed.status == 422
    form = form_of(appealed, number, "appeal")
    assert "请附上证据（照片或录音）" in form
    assert "并非我窗口办理</textarea>" in form
    assert 'href="#appeal-files"' in appealed.text
    assert 'id="appeal-files-fault"' in form
    assert await kinds(number) == ["opened", "dispatched"]


async def test_causes_lead_to_the_class(desk: Desk) -> None:
    number = await desk.tianjin()
    bureau, handler = await desk.seat(Role.BUREAU, "TJ-HX"), await desk.seat(Role.HANDLER, "TJ-SP")
    await done(bureau, number, "dispatch", to="TJ-SP")
    page = await handler.get(f"/staff/orders/{number}")
    form = form_of(page, number, "verify")
    causes = re.findall(r'name="causes" value="([^"]+)"', form)
    kinds_of = desk.service.office.shelf.book("tianjin").version(1).classes
    assert kinds_of is not None
    assert causes == [cause for kind in kinds_of.kinds for cause in kind.causes]
    narrow, wide = kinds_of.kinds[1], kinds_of.kinds[2]
    sent = [("seen", "2"), ("causes", narrow.causes[0]), ("causes", wide.causes[0])]
    answer = await handler.post(f"/staff/orders/{number}/verify", sent)
    assert answer.status == 303, shown(answer)
    assert (await WorkOrder.get(id=number)).class_name == wide.name
    assert wide.label in shown(await handler.get(f"/staff/orders/{number}"))


async def test_of_two_at_once_the_second_is_told_who_was_first(desk: Desk) -> None:
    number = await desk.order()
    first, second = await desk.seat(Role.BUREAU), await desk.seat(Role.BUREAU)
    await done(first, number, "dispatch", to="CA-SJJ", note="先到")
    answer = await second.step(number, "dispatch", 1, to="CA-GX", note="请古巷镇办理")
    assert answer.status == 409
    text = shown(answer)
    assert f"潮安区政数局{first.account.name}：转办" in text
    assert "您填写的内容没有保存： 请古巷镇办理" in text
    assert "当前环节 待核实（潮安区市场监管局）" in text
    assert f'name="seen" value="{2}"' in answer.text
    assert await kinds(number) == ["opened", "dispatched"]


async def test_two_tabs_at_the_same_moment(desk: Desk) -> None:
    number = await desk.order()
    tabs = [await desk.seat(Role.BUREAU) for _ in range(4)]
    answers = await asyncio.gather(
        *(tab.step(number, "dispatch", 1, to="CA-SJJ", note=tab.account.name) for tab in tabs)
    )
    assert sorted(each.status for each in answers) == [303, 409, 409, 409]
    assert await kinds(number) == ["opened", "dispatched"]
    event = await OrderEvent.get(kind="dispatched")
    (first,) = [tab for tab, each in zip(tabs, answers, strict=True) if each.status == 303]
    assert event.details["note"] == first.account.name


async def test_what_no_keyboard_types_is_told_and_not_stored(desk: Desk) -> None:
    number = await desk.order()
    bureau = await desk.seat(Role.BUREAU)
    for typed in ("请\0办理", "请\x1b[31m办理"):
        told = await bureau.step(number, "dispatch", to="CA-SJJ", note=typed)
        assert told.status == 422
        assert "dispatch-note-fault" in told.text
        sought = await bureau.step(number, "dispatch", search="1", find=typed)
        assert sought.status == 200
        reason = [("reason", typed)]
        assert (await bureau.post(f"/staff/orders/{number}/reveal", reason)).status == 422
    assert await kinds(number) == ["opened"]


async def test_what_was_typed_stays_where_the_step_is_still_possible(desk: Desk) -> None:
    number = await desk.order()
    bureau = await desk.seat(Role.BUREAU)
    one, two = await desk.seat(Role.HANDLER, "CA-SJJ"), await desk.seat(Role.HANDLER, "CA-SJJ")
    await done(bureau, number, "dispatch", to="CA-SJJ")
    await done(one, number, "contact", way="phone", reached="1", note="已说明情况")
    answer = await two.step(number, "verify", 2, note="排队属实")
    assert answer.status == 409
    assert f"潮安区市场监管局{one.account.name}：联系评价人" in shown(answer)
    assert "排队属实</textarea>" in form_of(answer, number, "verify")
    assert "您填写的内容没有保存" not in answer.text


async def test_what_a_rule_forbids_is_refused_with_its_article(desk: Desk) -> None:
    number = await desk.order()
    handler = await desk.seat(Role.HANDLER, "CA-SJJ")
    answer = await handler.step(number, "dispatch", to="CA-RSJ")
    assert answer.status == 409
    text = shown(answer)
    assert "只有持有工单的主管部门、区政府或镇（场）可以转办" in text
    assert "依据：第二十二条" in text
    appeal = await handler.step(number, "appeal", reason="并非我窗口办理")
    assert "本地规定没有“差评申诉”这一环节" in shown(appeal)
    assert await kinds(number) == ["opened"]


async def test_an_agency_is_found_by_name_or_code(desk: Desk) -> None:
    number = await desk.order()
    bureau = await desk.seat(Role.BUREAU)

    async def offered(**typed: str) -> list[str]:
        answer = await bureau.step(number, "dispatch", None, search="1", note="请办理", **typed)
        assert answer.status == 200
        form = form_of(answer, number, "dispatch")
        assert "请办理</textarea>" in form
        assert "不能" not in form
        return re.findall(r'name="to" value="([^"]+)"', form)

    # The one that was rated first, then the region's, then those who would pass it on.
    everyone = ["CA-SJJ", "CA-RSJ", "CA-GX", "TJ-ZWB", "TJ-HX"]
    assert await offered() == everyone
    assert await offered(find="古巷") == ["CA-GX"]
    assert await offered(find="CA-RSJ") == ["CA-RSJ"]
    assert await offered(find="不存在") == []
    assert await kinds(number) == ["opened"]
    # A code typed by hand is held to the same.
    answer = await bureau.step(number, "dispatch", to="TJ-RS")
    assert answer.status == 422
    assert "该机构不在本地区" in form_of(answer, number, "dispatch")


async def test_files_come_along_and_must_be_pictures_or_sound(desk: Desk) -> None:
    number = await desk.order()
    bureau, handler = await desk.seat(Role.BUREAU), await desk.seat(Role.HANDLER, "CA-SJJ")
    await done(bureau, number, "dispatch", to="CA-SJJ")
    address = f"/staff/orders/{number}/find_mistaken"
    sent = [("seen", "2"), ("ground", "误评"), ("reason", "评价人点错了窗口")]
    wrong = await handler.post(address, sent, [PNG, next(iter(OTHERS.values()))])
    assert wrong.status == 422
    assert "附件应为照片" in form_of(wrong, number, "find_mistaken")
    assert "评价人点错了窗口</textarea>" in form_of(wrong, number, "find_mistaken")
    assert not await OrderFile.exists()
    good = await handler.post(address, sent, [PNG, WAV])
    assert good.status == 303, shown(good)
    assert await OrderFile.all().count() == 2


async def test_who_has_returned_it_is_led_where_they_still_may_look(desk: Desk) -> None:
    await desk.service.good("/api/v1/directory", {"agency": [OTHER]})
    number = await desk.order()
    bureau, other = await desk.seat(Role.BUREAU), await desk.seat(Role.HANDLER, OTHER["code"])
    await done(bureau, number, "dispatch", to=OTHER["code"])
    answer = await other.step(number, "return", reason="不是我局职责")
    assert answer.headers["Location"] == "/staff/orders"
    assert "退回，已办理。" in (await other.get("/staff/orders")).text
    assert (await other.get(f"/staff/orders/{number}")).status == 404


OTHER = {"code": "CA-WHJ", "name": "潮安区文化局", "region": "445103"}


async def test_a_step_that_is_none(desk: Desk) -> None:
    number = await desk.order()
    bureau = await desk.seat(Role.BUREAU)
    # Only the rater confirms, on a page of their own.
    for name in ("confirm", "object", "nothing"):
        assert (await bureau.step(number, name, satisfied="1", reason="替评价人")).status == 404
    assert await kinds(number) == ["opened"]


async def test_a_form_of_another_site_does_nothing(desk: Desk) -> None:
    number = await desk.order()
    bureau = await desk.seat(Role.BUREAU)
    async with bureau.session.post(
        f"/staff/orders/{number}/dispatch", data={"to": "CA-SJJ"}
    ) as answer:
        assert answer.status == 403
    assert await kinds(number) == ["opened"]
