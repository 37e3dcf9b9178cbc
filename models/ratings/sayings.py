"""How people say 非常满意 to 非常不满意 in their own words, as data. `heard.py` reads with it.

A saying is a word of a level, with any modifiers before it: 不是 + 很 + 满意. They are applied from
the word outwards. A word between two levels has the milder one: nobody is held to more than they
said. 好评 is 满意 and 差评 不满意, 可以 is 满意 and 还可以 基本满意.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from models.words import Level

VERY, NOT, BARELY, SIMPLY = "very", "not", "barely", "simply"

MODIFIERS: Final[Mapping[str, str]] = {
    word: kind
    for kind, words in {
        VERY: """
            非常 很 十分 特别 特 极其 极为 极度 极 超级 超 相当 太 万分 无比 格外 最
            完全 绝对 根本 丝毫 一点也 一点都 强烈 严重
        """,
        NOT: """
            不 不是 不太 不怎么 不大 不够 不算 不会 不觉得 不感到 不能说 不能算 不敢说
            没 没有 没什么 没有什么 没有任何 没啥 没觉得 并不 并不是 并非 并没有 毫无 无 未
            谈不上 说不上 称不上 算不上 难以 很难 无法 怎么能 怎么可能 哪能 哪里
        """,
        BARELY: "基本 基本上 大体 大体上 大致 勉强 还 还算 尚 尚算 算",
        SIMPLY: "比较 较 挺 蛮 有点 有点儿 有些 有一点 稍微 真 真是",
    }.items()
    for word in words.split()
}

APPLIED: Final[Mapping[str, Mapping[Level, Level]]] = {
    VERY: {
        Level.SATISFIED: Level.VERY_SATISFIED,
        Level.DISSATISFIED: Level.VERY_DISSATISFIED,
    },
    # 不是很满意 is 不满意; 没什么不满意 is 满意; 不是很差 is neither.
    NOT: {
        Level.VERY_SATISFIED: Level.DISSATISFIED,
        Level.SATISFIED: Level.DISSATISFIED,
        Level.BASICALLY_SATISFIED: Level.DISSATISFIED,
        Level.DISSATISFIED: Level.SATISFIED,
        Level.VERY_DISSATISFIED: Level.BASICALLY_SATISFIED,
    },
    BARELY: {Level.SATISFIED: Level.BASICALLY_SATISFIED},
    SIMPLY: {},
}
"""What a modifier makes of a level; where it says nothing the level stays."""

WORDS: Final[Mapping[str, Level]] = {
    word: level
    for level, words in {
        Level.VERY_SATISFIED: "满意极了 好极了 棒极了 完美 满分 100分 一百分 无可挑剔",
        Level.SATISFIED: "满意 好评 好 棒 赞 不错 可以 行 优秀 没意见",
        Level.BASICALLY_SATISFIED: """
            一般 一般般 一般满意 马马虎虎 凑合 将就 过得去 中评 中等 合格 及格 不差 不算差 不坏
        """,
        Level.DISSATISFIED: """
            差 差评 不满意 不满 不怎么样 糟 糟糕 烂 差劲 失望
            满意不起来 满意不了 满意才怪 满意个屁 满意个鬼 不满意的地方
        """,
        Level.VERY_DISSATISFIED: "垃圾 恶劣 不满意极了 差极了 糟透了 烂透了 0分 零分 不像话",
    }.items()
    for word in words.split()
}

ONLY_MODIFIED: Final = frozenset({"好", "行", "不满意的地方"})
"""好 and 行 by themselves say that a message was read: 好的."""

SAYS_NOTHING: Final = """
    满意不满意 满不满意 满意还是不满意 满意与否 是否满意 能否满意 如果满意 要是满意 满意的话
    满意度 满意率 满意程度 满意调查 满意评价 满意件 不一般 不是一般 没好 没有好 不可以
"""
"""The words are there, and no level is told."""

LEAD_INS: Final = """
    我 我们 本人 个人 你们 您们 您 你 对 的 对此 服务 工作 办事 办理 这次 本次 此次
    觉得 认为 感觉 感到 表示 总体 总体上 整体 总的来说 总体来说 来说 不得不说
    评价 评分 打分 评 打 给 给个 打个 是 为 回复 选 选择 答
    您好 你好 谢谢 感谢 一直 已 已经 都 也 还是 真的 真心 确实 实在
"""
"""What may stand before a level and tells nothing of it."""
