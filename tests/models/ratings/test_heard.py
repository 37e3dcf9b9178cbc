"""What people write, as they write it, and what is heard."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ratings.heard import Heard, Wish, heard
from models.ratings.sayings import MODIFIERS, ONLY_MODIFIED, SAYS_NOTHING, VERY, WORDS
from models.words import Level

FIVE, FOUR, THREE, TWO, ONE = Level

SAID = {
    FIVE: """
        5 ５ ⑤ 五 5分 5星 五星 给5分 5️⃣ 【5】 5! 100分 5非常满意 5，非常满意 ★★★★★ ⭐️⭐️⭐️⭐️⭐️
        非常满意 很满意 十分满意 特别满意 完全满意 非常非常满意 太好了 非常好 很好 很不错
        我很满意 总体来说很满意 我对你们的服务非常满意 非常滿意 好评，5分 满意极了
    """,
    FOUR: """
        4 四 ④ 满意 滿意 挺满意的 好评 可以 不错 挺好的 “满意” 评价：满意 满意！！！ 满意😊
        没什么不满意的 不是不满意 没有不满 没有不满意的地方 并非不满意
    """,
    THREE: """
        3 三 打3分 ★★★☆☆ 基本满意 基本上满意 还可以 还行 还行吧 一般 一般般 一般满意
        马马虎虎 凑合 还好 不差
    """,
    TWO: """
        2 二 不满意 不满意的 不太满意 不怎么满意 不是很满意 并不满意 不能说满意 谈不上满意
        很难满意 不行 不好 不太好 差 差评 给差评 有点差 不满意！ 满意才怪 没有不是不满意
        还是不满意 两分 给两分 两星 两颗星
    """,
    ONE: """
        1 一 ① 非常不满意 很不满意 极不满意 一点也不满意 强烈不满 太差了 很差 极差 非常差
        很不好 垃圾 0分 ★☆☆☆☆
    """,
}


@pytest.mark.parametrize("level", Level)
def test_a_level_and_nothing_else(level: Level) -> None:
    for text in SAID[level].split():
        assert heard(text) == Heard(level, "", sure=True), text


@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        ("2，等了两个小时", TWO, "等了两个小时"),
        ("2 等了两个小时。", TWO, "等了两个小时"),
        ("1：窗口没人！！", ONE, "窗口没人"),
        ("2（窗口没人）", TWO, "（窗口没人）"),
        ("不满意等了两个小时", TWO, "等了两个小时"),
        ("太差了等了两个小时", ONE, "等了两个小时"),
        ("“不满意”，为什么要跑三趟？", TWO, "为什么要跑三趟？"),
        ("差，２号窗口没人", TWO, "２号窗口没人"),
        ("5，谢谢小王", FIVE, "谢谢小王"),
        ("您好，很满意，谢谢小王", FIVE, "谢谢小王"),
        ("满意，但是等了两小时", FOUR, "但是等了两小时"),
        ("不满意，太差了", TWO, "太差了"),
        ("5️⃣，办得很快", FIVE, "办得很快"),
        ("２\n态度冷淡", TWO, "态度冷淡"),
    ],
)
def test_a_level_first_and_what_is_said_to_it(text: str, level: Level, words: str) -> None:
    assert heard(text) == Heard(level, words, sure=True)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("12345", None),
        ("13800138000", None),
        ("138 0013 8000", None),
        ("3号窗口态度差", None),
        ("2个小时没人理", None),
        ("1楼没人", None),
        ("5分钟就办好了", None),
        ("五星期了", None),
        ("两分钟就好了", None),
        ("两个小时", None),
        ("3.5分", None),
        ("2-3个小时", None),
        ("2：30到的，没人", None),
        ("1、2号窗口都没人", None),
        ("5%的人", None),
        ("-1", None),
        ("三天了还没办好", None),
        ("一般情况下要多久", None),
        ("3 号窗口态度差", THREE),
        ("5，10分钟办完", FIVE),
        ("1、等太久 2、态度差", ONE),
        ("1？", ONE),
        ("★请注意", ONE),
    ],
)
def test_a_figure_that_is_something_else_is_no_level(text: str, level: Level | None) -> None:
    """What could be either is a guess, and kept whole."""
    assert heard(text) == Heard(level, text, sure=False)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "满意度太低",
            "满意吗",
            "满不满意你们自己清楚",
            "是否满意",
            "不满意的地方是排队",
            "满意率是假的",
        ),
        *(
            "差不多",
            "差点白跑",
            "不好意思，打错了",
            "可以吗我下周再来",
            "垃圾分类怎么办",
            "还行驶证",
        ),
        *(
            "好的",
            "好",
            "行",
            "收到",
            "还没好",
            "很好奇为什么这么慢",
            "态度差",
            "什么时候能办好？",
            "",
            "…",
        ),
    ],
)
def test_a_text_without_a_level_is_kept_whole(text: str) -> None:
    assert heard(text) == Heard(None, text, sure=False)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("窗口的小李让人很满意", FIVE),
        ("材料要跑三趟，不满意", TWO),
        ("小王态度好，给5分", FIVE),
        ("大厅我给差评", TWO),
        ("窗口满意，大厅不满意", None),
        ("满意？", FOUR),
        ("5，不满意", FIVE),
        ("5非常满意 4满意 3基本满意 2不满意 1非常不满意", FIVE),
    ],
)
def test_found_further_in_or_contradicted_it_is_a_guess(text: str, level: Level | None) -> None:
    assert heard(text) == Heard(level, text, sure=False)


@pytest.mark.parametrize(
    ("wish", "texts"),
    [
        (Wish.STOP, "TD td ＴＤ T t T。 退订 退 N n STOP stop Unsubscribe"),
        (Wish.STOP, "退订！ 请退订 回复TD TD退订 退订短信"),
        (Wish.HELP, "? ？ ？？？ 帮助 帮助！ help"),
        (Wish.FOLLOW_UP, "追评 追加 追加评价"),
    ],
)
def test_a_wish_alone(wish: Wish, texts: str) -> None:
    for text in texts.split():
        found = heard(text)
        assert (found.wish, found.level, found.words) == (wish, None, ""), text


@pytest.mark.parametrize(
    "text", ["No", "退回材料两次", "T3航站楼", "tdd", "新窗口", "帮助很大", "这是什么？", "不退"]
)
def test_what_only_looks_like_a_wish(text: str) -> None:
    assert heard(text).wish is None


def test_a_follow_up_says_a_level_and_words() -> None:
    assert heard("追评 2，又等了一天") == Heard(TWO, "又等了一天", sure=True, wish=Wish.FOLLOW_UP)
    assert heard("追加评价：已经解决，满意") == Heard(
        FOUR, "已经解决，满意", sure=False, wish=Wish.FOLLOW_UP
    )
    assert heard("追加满意") == Heard(FOUR, "", sure=True, wish=Wish.FOLLOW_UP)
    assert heard("追加材料跑了三趟") == Heard(None, "追加材料跑了三趟", sure=False)


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    found = heard(text)
    assert found.level is not None or not found.sure or found.wish is not None
    assert found.words in text


@given(st.lists(st.sampled_from([*WORDS, *MODIFIERS, *SAYS_NOTHING.split(), *"5一?，。 1分星给"])))
def test_any_of_the_vocabulary_is_taken_in_any_order(parts: list[str]) -> None:
    assert heard("".join(parts)).words in "".join(parts)


@pytest.mark.parametrize("word", sorted(WORDS.keys() - ONLY_MODIFIED))
def test_a_word_of_a_level_alone_is_always_sure(word: str) -> None:
    assert heard(word) == Heard(WORDS[word], "", sure=True)


@pytest.mark.parametrize("modifier", sorted(MODIFIERS))
def test_with_a_modifier_it_is_too(modifier: str) -> None:
    for word in ("满意", "不满意", "好", "差", "不错"):
        if not any(nothing in modifier + word for nothing in SAYS_NOTHING.split()):
            found = heard(modifier + word)
            assert found == Heard(found.level, "", sure=True)


def test_modifiers_work_from_the_word_outwards() -> None:
    very = [word for word, kind in MODIFIERS.items() if kind == VERY]
    for word in very:
        assert heard(f"{word}满意").level == FIVE
        assert heard(f"{word}不满意").level == ONE
        assert heard(f"不是{word}满意").level == TWO
        assert heard(f"不是{word}不满意").level == THREE


@given(
    st.sampled_from("12345"),
    st.text(
        st.characters(categories=["L", "Nd"], exclude_characters="分星颗吧啊呀哦哈啦嘛呢哟噢哒"),
        min_size=1,
    ),
)
def test_a_figure_with_anything_else_behind_it_is_no_level(figure: str, rest: str) -> None:
    if heard(rest).level is None:
        assert heard(figure + rest) == Heard(None, figure + rest, sure=False)


@given(
    st.sampled_from("12345"),
    st.sampled_from(["，", ",", " ", "。", "！", "\n", "：", "分，", "星！", "分吧 "]),
    st.sampled_from(["等了两个小时", "窗口没人，跑了三趟", "服务态度", "waited for hours"]),
)
def test_a_figure_before_a_break_or_with_its_unit_is_one(
    figure: str, between: str, rest: str
) -> None:
    assert heard(figure + between + rest) == Heard(Level(int(figure)), rest, sure=True)


TEXTS = [
    *[text for said in SAID.values() for text in said.split() if "️" not in text],
    *("2，等了两个小时", "不满意等了两个小时", "3号窗口态度差", "12345", "窗口满意，大厅不满意"),
    *("追评：2，又等了", "TD", "T", "？", "5，10分钟办完"),
]
HALF = {",": "，", ".": "．", "!": "！", ":": "：", "?": "？"}


def wide(text: str) -> str:
    """As a Chinese keyboard in its full-width mode writes it."""
    return "".join(
        HALF.get(each, chr(ord(each) + 0xFEE0) if each.isalnum() and each.isascii() else each)
        for each in text
    )


@given(
    st.sampled_from(TEXTS),
    st.sampled_from(["", " ", "\u3000", "\n", "“", "(", "\t \r\n"]),
    st.sampled_from(["", " ", "\u3000", "\n", "。", "!", "～"]),
)
def test_width_white_space_and_punctuation_around_make_no_difference(
    text: str, before: str, after: str
) -> None:
    def plain(found: Heard) -> tuple[Level | None, bool, Wish | None, str]:
        words = unicodedata.normalize("NFKC", found.words).strip(" .,!~“(。\n\t")
        return found.level, found.sure, found.wish, words

    found = plain(heard(text))
    assert plain(heard(before + text + after)) == found
    assert plain(heard(wide(text))) == found
    assert plain(heard(unicodedata.normalize("NFKC", text))) == found
