"""What callers say to the question for a level, and to one of yes or no. Words are divided by
spaces.

What a level is made of, `models/ratings/sayings.py` knows; these are the ways that are listened
for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from models.words import Level


def lines(text: str) -> tuple[str, ...]:
    """Divided by slashes and ends of lines."""
    return tuple(
        " ".join(part.split())
        for line in text.splitlines()
        for part in line.split("/")
        if part.strip()
    )


LEVELS: Final[Mapping[Level, tuple[str, ...]]] = {
    Level.VERY_SATISFIED: lines("""
        非常 满意 / 很 满意 / 十分 满意 / 特别 满意 / 太 满意 了 / 相当 满意 / 最 满意 / 完全 满意
        非常 好 / 特别 好 / 太 好 了 / 很 好 / 很 棒 / 太 棒 了 / 非常 不错 / 好 极 了 / 完美
        五 分 / 五 星 / 五 颗 星 / 打 五 分 / 给 五 星 / 给 个 五 分 / 满分
    """),
    Level.SATISFIED: lines("""
        满意 / 挺 满意 的 / 比较 满意 / 蛮 满意 的 / 挺 好 的 / 蛮 好 的 / 不错 / 挺 不错 的
        可以 / 挺 可以 的 / 好评 / 没什么 不满意 的 / 没有 不满意 / 没有 什么 不满意 的 / 没意见
        四 分 / 四 星 / 四 颗 星 / 打 四 分 / 给 四 星 / 给 个 四 分
    """),
    Level.BASICALLY_SATISFIED: lines("""
        基本 满意 / 基本上 满意 / 还 满意 / 还算 满意 / 大致 满意 / 勉强 满意 / 还 行 / 还 可以
        还 好 / 还算 可以 / 一般 / 一般般 / 马马虎虎 / 凑合 / 过得去 / 中等 / 中评 / 及格
        不 算 差 / 三 分 / 三 星 / 三 颗 星 / 打 三 分 / 给 三 星 / 给 个 三 分
    """),
    Level.DISSATISFIED: lines("""
        不满意 / 不 满意 / 不太 满意 / 不怎么 满意 / 不 是 很 满意 / 不大 满意 / 不够 满意
        有点 不满意 / 比较 不满意 / 不满 / 差 / 差评 / 比较 差 / 有点 差 / 不怎么样 / 糟糕 / 差劲
        失望 / 不太 好 / 不 好 / 不行 / 谈不上 满意 / 二 分 / 两 分 / 二 星 / 两 颗 星 / 打 二 分
        给 两 星 / 给 个 两 分
    """),
    Level.VERY_DISSATISFIED: lines("""
        非常 不满意 / 非常 不 满意 / 很 不满意 / 十分 不满意 / 特别 不满意 / 太 不满意 了
        完全 不满意 / 一点 都 不满意 / 太 差 了 / 非常 差 / 很 差 / 特别 差 / 差 极 了 / 糟透 了
        太 糟糕 了 / 垃圾 / 太 恶劣 了 / 不像话 / 非常 失望 / 一 分 / 一 星 / 一 颗 星 / 打 一 分
        给 一 星 / 给 个 一 分
    """),
}

YES: Final = lines("是 / 是的 / 对 / 对的 / 确认 / 确定 / 好 / 好的 / 行 / 可以 / 嗯")
NO: Final = lines("不是 / 不是的 / 不对 / 没有 / 没有 了")
FIGURES: Final = lines("一 / 二 / 三 / 四 / 五")
