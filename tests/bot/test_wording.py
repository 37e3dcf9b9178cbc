"""What messages say, to the letter."""

from __future__ import annotations

from datetime import UTC, datetime

from bot import wording
from models.words import Level

DUE = datetime(2026, 3, 3, 16, tzinfo=UTC)


LINK = "https://pj.example/r/abc"


def asking(
    *,
    reminding: bool = False,
    default: tuple[datetime, Level] | None = None,
    answerable: bool = False,
) -> str:
    return wording.asking(
        "食品经营许可",
        "市场监管局",
        LINK,
        reminding=reminding,
        default=default,
        answerable=answerable,
    )


def test_an_invitation_says_where_what_and_how() -> None:
    assert asking() == (
        "您在市场监管局办理的“食品经营许可”，请您评价：https://pj.example/r/abc 感谢您的参与。"
    )


def test_a_reminder_says_what_silence_will_count_as_and_how_to_answer() -> None:
    text = asking(reminding=True, default=(DUE, Level.VERY_SATISFIED), answerable=True)
    assert text == (
        "您在市场监管局办理的“食品经营许可”还没有评价，请您评价：https://pj.example/r/abc "
        "也可直接回复1至5评价（5非常满意，1非常不满意）。"
        "2026年3月3日24:00前未评价的，系统按规定默认为“非常满意”。回复TD不再接收。"
    )


def test_the_link_ends_where_a_phone_sees_its_end() -> None:
    """Chinese without a space after it would be taken for a part of the address."""
    for text in (
        asking(),
        wording.thanks("满意", None, LINK, (DUE, LINK)),
        wording.why("不满意", LINK),
        wording.by_link(LINK),
    ):
        for after in text.split(LINK)[1:]:
            assert not after or after.startswith(" ")


def test_thanks_name_the_order_and_the_way_to_say_more() -> None:
    text = wording.thanks("不满意", 7, LINK, (DUE, "https://pj.example/f/x"))
    assert text == (
        "您的评价“不满意”已收到，谢谢。您反映的情况已转交处理（差评工单7号）。"
        "评价回执：https://pj.example/r/abc "
        "情况有变化的，2026年3月3日24:00前可以追加评价一次：https://pj.example/f/x"
    )


def test_whoever_staff_keyed_in_a_rating_for_can_say_that_it_is_not_theirs() -> None:
    text = wording.thanks("满意", None, LINK, None, proxy=True)
    assert text.startswith("工作人员已根据您的书面或电话评价代为录入“满意”。如果这不是您的意见，")
