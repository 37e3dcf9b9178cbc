"""Every step that staff can take has a form in Chinese; what is filled in becomes the step."""

from __future__ import annotations

import re
from datetime import date

import pytest

from api.staff.forms import Form
from api.staff.step_fields import Faulty, fields, filled
from models.orders.steps import STEPS, Answer, AskExtension, Contact, DecideAppeal, Step, Verify
from models.orders.steps import Way as ContactWay

_HAN = re.compile(r"[\u4e00-\u9fff]{2}")


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_each_step_has_a_form(step: type[Step]) -> None:
    asked = fields(step)
    assert {each.name for each in asked} == set(step.model_fields)
    for each in asked:
        assert _HAN.search(each.label), each
        assert (each.either is not None) == (each.shape == "either")
        assert (each.longest is not None) == (each.shape in ("words", "agency")) or each.options


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_an_empty_form_is_told_at_each_field_that_must_not_be(step: type[Step]) -> None:
    needed = {name for name, field in step.model_fields.items() if field.is_required()}
    if not needed:
        assert isinstance(filled(step, Form(())), step)
        return
    with pytest.raises(Faulty) as faulty:
        filled(step, Form(()))
    assert {each.field for each in faulty.value.faults} == needed
    assert {each.message for each in faulty.value.faults} <= {"请填写。", "请选择。"}


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (
            [("way", "visit"), ("reached", "1"), ("note", " 已上门 ")],
            Contact(way=ContactWay.VISIT, reached=True, note="已上门"),
        ),
        (
            [("causes", "业务程序办理不正确"), ("causes", "服务效率不满意"), ("note", "")],
            Verify(causes=("业务程序办理不正确", "服务效率不满意")),
        ),
        (
            [("upheld", "0"), ("methods", "电话核实"), ("note", "差评属实")],
            DecideAppeal(upheld=False, methods=("电话核实",), note="差评属实"),
        ),
        (
            [("until", "2026-03-20"), ("reason", "需要协调")],
            AskExtension(until=date(2026, 3, 20), reason="需要协调"),
        ),
        (
            [("text", "已增开窗口"), ("explained", "1")],
            Answer(text="已增开窗口", explained=True),
        ),
        ([("text", "已增开窗口")], Answer(text="已增开窗口")),
    ],
)
def test_a_form_becomes_its_step(sent: list[tuple[str, str]], found: Step) -> None:
    assert filled(type(found), Form(sent)) == found


@pytest.mark.parametrize(
    ("step", "sent", "fault"),
    [
        (AskExtension, [("until", "下周"), ("reason", "需要协调")], "请填写日期，例如2026-03-09。"),
        (Answer, [("text", "好")], "请写清楚，至少两个字。"),
        (Answer, [("text", "长" * 2001)], "不能超过2000个字。"),
        (DecideAppeal, [("upheld", "也许"), ("note", "差评属实")], "请选择。"),
        (Contact, [("way", "鸽子"), ("reached", "1"), ("note", "已联系")], "请选择。"),
    ],
)
def test_what_is_wrong_is_told_in_chinese(
    step: type[Step], sent: list[tuple[str, str]], fault: str
) -> None:
    with pytest.raises(Faulty) as faulty:
        filled(step, Form(sent))
    assert [each.message for each in faulty.value.faults] == [fault]
