"""What a line in the staff chat means. Any text is read, nothing is raised."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.staff.commands import Bind, Do, Lacking, Plain, Show, read, written
from bot.staff.forms import FORMS, Choice, Day, Form, Part, Word
from models.orders.steps import STEPS


@given(st.text())
@settings(max_examples=200)
def test_any_text_is_read(words: str) -> None:
    read(words)


@given(st.sampled_from([word for form in FORMS for word in form.words]), st.text(), st.text())
@settings(max_examples=200)
def test_anything_around_a_command_is_read(word: str, before: str, behind: str) -> None:
    read(before + word + behind)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.words[0])
def test_every_command_that_is_advertised_is_one(form: Form) -> None:
    command = read(form.usage(1024))
    assert isinstance(command, Do)
    assert (command.order, command.form) == (1024, form)
    fields = {**command.fields, **({"to": "agency"} if "to" in command.given else {})}
    STEPS[form.step].model_validate(fields)


def _values(part: Part) -> st.SearchStrategy[Any]:
    match part:
        case Choice(words=words):
            return st.sampled_from(list(words.values()))
        case Day():
            return st.dates(date(2020, 1, 1), date(2100, 1, 1))
        case Word():
            return st.sampled_from(["agency-2", "税务局", "440500A01"])
    return st.sampled_from(["已增开窗口，等候不超过十分钟", "与 1024 号同一件事", "好的。", "一般"])


@given(st.data(), st.integers(1, 2**63 - 1))
@settings(max_examples=150)
def test_what_is_written_is_read_back(data: st.DataObject, order: int) -> None:
    form = data.draw(st.sampled_from(FORMS))
    given_ = {part.name: data.draw(_values(part)) for part in form.parts}
    command = Do(order, form, given_)
    assert read(written(command)) == command
    assert read(written(Show(order))) == Show(order)
    lacking = read(written(Lacking(form, order)))
    assert lacking in (Lacking(form, order), Do(order, form, {}))


@pytest.mark.parametrize(
    "words",
    [
        "受理 1024",
        "受理1024",
        "受理　１０２４",
        "受理，#1024",
        "受理：＃1024号",
        "签收 1024",
        "1024 受理",
        "@差评助手 受理 1024",
        "@差评 助手\u2005受理 1024",
        "\u200b受理 1024\u2005",
    ],
)
def test_people_write_as_they_like(words: str) -> None:
    command = read(words)
    assert isinstance(command, Do)
    assert (command.order, command.form.step, command.fields) == (1024, "accept", {})


@pytest.mark.parametrize(
    ("words", "step", "fields"),
    [
        ("核实 7", "verify", {}),
        ("核实 7 一般 属实", "verify", {"class_name": "general", "note": "属实"}),
        ("核实 7 一般情况下属实", "verify", {"note": "一般情况下属实"}),
        ("误评 7 误评，点错了", "find_mistaken", {"ground": "误评", "reason": "点错了"}),
        ("误评 7 恶意差评 无中生有", "find_mistaken", {"ground": "恶意差评", "reason": "无中生有"}),
        ("整改 7 一、增开窗口\n二、致歉", "answer", {"text": "一、增开窗口\n二、致歉"}),
        ("解释 7 依法须到场", "answer", {"text": "依法须到场", "explained": True}),
        (
            "延期 7 ２０２６年１２月１日 采购",
            "ask_extension",
            {"until": date(2026, 12, 1), "reason": "采购"},
        ),
        ("延期 7 2026/12/1，采购", "ask_extension", {"until": date(2026, 12, 1), "reason": "采购"}),
        ("联系 7 电话已接通 致歉", "contact", {"way": "phone", "reached": True, "note": "致歉"}),
        ("联系 7 上门 未接通 无人", "contact", {"way": "visit", "reached": False, "note": "无人"}),
        ("审核 7 退回，不具体", "review_answer", {"passed": False, "note": "不具体"}),
        ("审核7通过", "review_answer", {"passed": True}),
        ("转办 7 税务局 请核实", "dispatch", {"to": "税务局", "note": "请核实"}),
        ("复核 7 不成立 属实", "decide_appeal", {"upheld": False, "note": "属实"}),
    ],
)
def test_what_stands_behind_the_number(words: str, step: str, fields: dict[str, object]) -> None:
    command = read(words)
    assert isinstance(command, Do)
    assert (command.order, command.form.step, command.fields) == (7, step, fields)


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("误评 7", 7),
        ("误评 7 误评", 7),
        ("整改 7", 7),
        ("延期 7 明天 采购", 7),
        ("延期 7 2026-02-30 采购", 7),
        ("审核 7", 7),
        ("联系 7 电话", 7),
        ("受理", None),
        ("受理 9999999999999999999", None),
    ],
)
def test_what_is_missing_is_asked_for(words: str, order: int | None) -> None:
    command = read(words)
    assert isinstance(command, Lacking)
    assert command.order == order


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("待办", Plain.TODO),
        ("我的待办。", Plain.TODO),
        ("帮助", Plain.HELP),
        ("？", Plain.HELP),
        ("解绑", Plain.UNBIND),
        ("取消", Plain.CANCEL),
        ("绑定 12345678", Bind("12345678")),
        ("绑定１２３４５６７８", Bind("12345678")),
        ("@机器人 绑定码：12345678", Bind("12345678")),
        ("1024", Show(1024)),
        ("#１０２４", Show(1024)),
        ("工单 1024", Show(1024)),
        ("查看1024号", Show(1024)),
    ],
)
def test_plain_commands(words: str, command: object) -> None:
    assert read(words) == command


@pytest.mark.parametrize(
    "words",
    ["", "你好", "退回单在哪里", "@张三 你好 @李四", "@", "1024 你好", "9" * 30, "整改得怎么样了"],
)
def test_what_asks_for_nothing(words: str) -> None:
    assert read(words) is None


def test_a_step_that_is_too_short_is_no_fault_of_the_reader() -> None:
    command = read("退回 7 不")
    assert isinstance(command, Do)
    with pytest.raises(ValidationError):
        STEPS["return"].model_validate(command.fields)
