"""What callers say: levels in everyday words, reasons, yes and no. Words are divided by spaces.

The vocabulary of the model is the words of these sentences, and its grammar knows which follow
which.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from ivr.speech.phrases import FIGURES, LEVELS, NO, YES, lines
from models.words import Level

LEAD_INS: Final = lines("""
    我 / 我 觉得 / 我 感觉 / 我们 / 服务 / 总体 / 总的来说 / 这次 / 你好 / 评价 / 选 / 是
    对 服务 / 办事 / 工作 / 感觉 / 觉得 / 整体
""")

COMPLAINTS: Final = lines("""
    等 太 久 了 / 等 了 很 久 / 等 了 两 个 小时 / 等 了 一 上午 / 等 的 时间 太 长 / 排队 太 久
    排队 时间 太 长 / 排队 的 人 太 多 / 队伍 太 长 / 插队 没人 管 / 叫号 太 慢 / 态度 不好
    态度 太 差 / 态度 很 差 / 态度 恶劣 / 服务 态度 不好 / 服务 太 差 / 工作人员 态度 不好
    工作人员 不 耐烦 / 工作人员 不 理 人 / 窗口 态度 差 / 说话 难听 / 骂 人 / 没有 礼貌 / 玩 手机
    聊天 / 来回 跑 / 让 我 来回 跑 / 跑 了 好几 趟 / 跑 了 三 趟 / 跑 了 很 多 次
    让 我 跑 了 两 趟 / 材料 太 多 / 材料 要求 不 清楚 / 材料 不 清楚 / 重复 交 材料
    要 的 材料 太 多 / 总是 要 补 材料 / 说 不 清楚 / 没有 说 清楚 / 没有 一次 说 清楚
    问 了 也 不 说 / 不 知道 找 谁 / 没人 管 / 没人 理 / 办 得 太 慢 / 太 慢 了 / 速度 太 慢
    效率 太 低 / 一直 没 办好 / 还 没 办好 / 没有 办 成 / 超过 时间 / 系统 太 慢 / 系统 坏 了
    系统 打不开 / 网站 打不开 / 网上 办 不了 / 机器 坏 了 / 手机 上 办 不了 / 电话 打不通
    没人 接 电话 / 乱 收费 / 收费 太 高 / 收费 不 清楚 / 流程 太 复杂 / 手续 太 麻烦 / 太 麻烦 了
    窗口 没人 / 窗口 太 少 / 窗口 不 开 / 互相 推诿 / 踢皮球 / 推 来 推 去 / 业务 不 熟
    问题 没 解决 / 没有 解决 问题 / 没 给 答复 / 没有 答复 / 没有 回复 / 环境 不好 / 环境 太 差
    太 吵 / 停车 不 方便 / 中午 不 上班 / 提前 下班 / 不 方便 / 不 公平 / 不 告诉 我 / 多 次 投诉
    没有 用
""")

PRAISE: Final = lines("""
    态度 很 好 / 态度 好 / 服务 很 好 / 服务 态度 很 好 / 很 热情 / 很 耐心 / 很 快 / 办 得 很 快
    很 方便 / 效率 高 / 效率 很 高 / 很 专业 / 说 得 很 清楚 / 一次 就 办好 了 / 谢谢 / 谢谢 你们
    环境 很 好 / 问题 解决 了 / 工作人员 很 热情 / 不用 排队
""")

ANSWERS: Final = (
    *YES,
    *NO,
    *FIGURES,
    *lines("""
        取消 / 有 / 不用 / 不用 了 / 重新 评 / 再 说 一次 / 重 听 / 没 听 清楚 / 人工 / 转 人工
        再见 / 六 / 七 / 八 / 九 / 十 / 零 / 我 要 投诉 / 评价 / 帮助 / 查询 / 追评 / 喂 / 你好
    """),
)


def sentence(random: Random) -> str:
    """One that a caller might say."""
    kind = random.random()
    if kind < 0.2:
        return random.choice(ANSWERS)
    if kind < 0.35:
        return random.choice(COMPLAINTS if random.random() < 0.8 else PRAISE)
    level = random.choice(list(Level))
    said = random.choice(LEVELS[level])
    if random.random() < 0.2:
        said = f"{random.choice(LEAD_INS)} {said}"
    if random.random() < 0.5:
        said = f"{said} {random.choice(PRAISE if level >= Level.SATISFIED else COMPLAINTS)}"
        if random.random() < 0.2:
            said = f"{said} {random.choice(COMPLAINTS)}"
    return said


def _all() -> Iterator[str]:
    for said in LEVELS.values():
        yield from said
    for others in (LEAD_INS, COMPLAINTS, PRAISE, ANSWERS):
        yield from others


WORDS: Final = tuple(sorted({word for said in _all() for word in said.split()}))
