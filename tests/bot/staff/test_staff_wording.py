"""What staff are told, to the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.length import cut
from bot.staff import wording
from bot.staff.wording import About, Due
from models.orders.events import Kind
from models.orders.states import State

DUE = Due("rectify", datetime(2026, 3, 3, 16, tzinfo=UTC), provisional=False)
ABOUT = About(
    7, State.RECTIFYING, "不满意", "食品经营许可", "服务事项——慢", "限时整改（一般）类", DUE
)


def test_a_complaint_says_what_and_until_when() -> None:
    assert wording.complaint(ABOUT).splitlines() == [
        "差评工单 7",
        "评价：不满意",
        "对象：食品经营许可",
        "类别：限时整改（一般）类",
        "最近时限：2026年3月3日24:00",
        "内容：服务事项——慢",
    ]


def test_an_estimate_is_called_one() -> None:
    about = replace(ABOUT, due=replace(DUE, provisional=True))
    assert "24:00（暂推，待放假通知公布后确定）\n" in wording.complaint(about)


def test_without_a_clock_no_day_is_invented() -> None:
    assert "时限" not in wording.complaint(replace(ABOUT, due=None))


def test_a_copy_is_called_one() -> None:
    assert wording.complaint_copy(ABOUT).startswith("抄送：差评工单 7\n")


def test_a_step_says_who_and_why() -> None:
    details = {"until": "2026-03-20", "reason": "采购设备", "source": "第二十条", "note": ""}
    text = wording.step(ABOUT, Kind.EXTENSION_ASKED, "市场监管局", details)
    assert text.splitlines()[:4] == [
        "差评工单 7：市场监管局申请延期",
        "期限：2026年3月20日",
        "理由：采购设备",
        "当前环节：整改中",
    ]


def test_the_raters_own_word_is_told() -> None:
    details = {"satisfied": False, "words": "还是没人理", "reopens": True}
    lines = wording.step(ABOUT, Kind.CONFIRMED, "评价人", details).splitlines()
    assert lines[:3] == ["差评工单 7：评价人确认", "评价人说：还是没人理", "评价人确认：不满意"]


def test_a_warning_and_what_is_overdue_name_the_duty() -> None:
    assert "“整改并反馈”将于2026年3月3日24:00到期" in wording.warning(ABOUT, DUE)
    assert "“整改并反馈”已于2026年3月3日24:00逾期" in wording.overdue(ABOUT, DUE, "市场监管局")
    assert "承办单位：市场监管局" in wording.overdue(ABOUT, DUE, "市场监管局")


@pytest.mark.parametrize("octets", [*range(8), 30, 31, 32, 33, 1000])
def test_a_cut_breaks_no_character(octets: int) -> None:
    text = "等了两个小时😀没有人"
    short = cut(text, octets)
    assert len(short.encode()) <= octets
    assert short in {text, ""} or (short[-1] == "…" and text.startswith(short[:-1]))


def test_a_cut_takes_no_more_than_it_must() -> None:
    assert cut("好差评", 9) == "好差评"
    assert cut("好差评！", 9) == "好差…"


@pytest.mark.parametrize(
    ("reasons", "text"),
    [
        ({}, "未填写"),
        ({"item": {"indicators": [], "words": "慢"}}, "服务事项——慢"),
        ({"item": {"indicators": ["207", "208"], "words": ""}}, "服务事项——没有样本；没有清单"),
        ({"item": {"indicators": ["207"], "words": "慢"}}, "服务事项——没有样本；慢"),
        (
            {"item": {"indicators": ["207"]}, "staff": {"words": "冷淡"}},
            "服务事项——没有样本。工作人员——冷淡",
        ),
        # A code that the version in force has no words for is still named.
        ({"item": {"indicators": ["999"]}}, "服务事项——999"),
    ],
)
def test_what_was_said(reasons: dict[str, dict[str, object]], text: str) -> None:
    assert wording.said(reasons, {"207": "没有样本", "208": "没有清单"}) == text
