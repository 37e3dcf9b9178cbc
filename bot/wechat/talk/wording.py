"""What the official account says. Chinese, plain, polite, short enough for one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from models.calendar.beijing import spoken
from models.rulebooks.rating_rules import Indicator
from models.words import Level, Target

LEVELS: Final = "、".join(f"{level:d}{level.label}" for level in sorted(Level, reverse=True))

ECHOED: Final = 100
"""Characters of somebody's own words."""

HELP: Final = (
    "您可以这样评价政务服务：\n"
    "· 扫描办件的评价二维码，或窗口的二维码\n"
    "· 回复“评价”，查看您可以评价的办件\n"
    f"· 回复{LEVELS}，数字后可以写明原因，也可以直接说，例如“很满意”“不太满意，等了两个小时”\n"
    "· 回复“追评”补充已作的评价，“查询”查看回执和差评工单的办理情况\n"
    "· 回复“绑定”加手机号，查看用该手机号办理的办件；“解绑”取消\n"
    "· 回复“退订”不再接收提醒，“订阅”恢复"
)
WELCOME: Final = "欢迎关注。\n" + HELP
LISTENING: Final = "您的语音已收到，正在识别，请稍候。"
NO_VOICE: Final = "抱歉，这里暂时不能识别语音，请用文字回复。"
NOT_HEARD: Final = "抱歉，没有听清您的语音，请再说一遍，或用文字回复。"
FAILED: Final = "抱歉，刚才没有处理成功，请稍后再发一次。"
NOTHING_SAID: Final = "请用文字或语音评价。回复“帮助”查看怎样评价。"
STOPPED: Final = "已退订，不再向您推送评价提醒。回复“订阅”恢复。"
STARTED: Final = "已恢复评价提醒。"
CANCELLED: Final = "好的，这次先不评价。需要时回复“评价”。"
NOTHING_OPEN: Final = "现在没有等您回答的问题。"
UNBOUND: Final = "已解除绑定，不再按手机号查找您的办件。"
NOT_BOUND: Final = "您还没有绑定手机号。"
STAFF_UNBOUND: Final = "已解除绑定，这里不再收到差评工单。"
WHICH_PHONE: Final = "请回复“绑定”和办理业务时登记的手机号，例如：绑定 13800138000"
BAD_PHONE: Final = "这个手机号不正确，请回复“绑定”加11位手机号。"
OR_BAD_CODE: Final = "（工作人员请核对工作台上的绑定码。）"
NO_SMS: Final = "抱歉，验证短信发送太频繁，请明天再试，或扫描办件的评价二维码。"
CODE_SENT: Final = "验证码已用短信发到该手机号，请在10分钟内回复6位验证码。"
CODE_WRONG: Final = "验证码不对，请核对后重新回复。"
CODE_OVER: Final = "验证码已失效，请回复“绑定”加手机号重新获取。"
BOUND: Final = "手机号已绑定。"
CODE_UNKNOWN: Final = "这个二维码无法识别，请扫描办件或窗口现用的评价二维码。"
OPINION: Final = "请直接写下您的意见和建议。"
OPINION_KEPT: Final = "您的意见已收到并转交，谢谢。"
SKIP: Final = "不想说明原因的，回复“跳过”。"
AGAIN_NONE: Final = "您没有可以追加评价的记录。"
NONE_YET: Final = "您在这里还没有评价记录。回复“评价”查看可以评价的办件。"
WORDS_TOO_LONG: Final = "内容太长，请精简到1000字以内。"


def staff_bound(name: str) -> str:
    return f"绑定成功：{name}。差评工单会推送到这里，请在工作台或已绑定的聊天应用中办理。"


def ask(subject: str, agency: str, link: str) -> str:
    return f"请评价“{subject}”（{agency}）。\n回复{LEVELS}；也可打开页面评价：{link}"


def ask_of_place(place: str, *, bound: bool) -> str:
    more = "" if bound else "\n评价您自己的办件，请先回复“绑定”加手机号，或扫描办件的二维码。"
    return f"请评价{place}的服务。\n回复{LEVELS}，也可以直接写下意见。{more}"


def ask_opinion(place: str, *, bound: bool) -> str:
    more = "" if bound else "\n评价您自己的办件，请先回复“绑定”加手机号，或扫描办件的二维码。"
    return f"您在{place}。{OPINION}{more}"


def ask_again(subject: str, until: datetime) -> str:
    return (
        f"您可以在{spoken(until)}前对“{subject}”追加评价一次，原来的评价仍然保留。\n"
        f"请回复{LEVELS}，并写明情况。"
    )


def which(subjects: Sequence[tuple[str, str]], level: Level | None) -> str:
    first = "您可以评价以下办件，请回复序号："
    if level is not None:
        first = f"您说的是“{level.label}”。请问评价哪一项？请回复序号："
    lines = [f"{place} {subject}（{whose}）" for place, (subject, whose) in _numbered(subjects)]
    return "\n".join([first, *lines])


def nothing_to_rate(*, bound: bool) -> str:
    if bound:
        return "您绑定的手机号名下现在没有可以评价的办件。也可以扫描办件或窗口的二维码评价。"
    return f"还不知道您的办件。请扫描办件或窗口的评价二维码；{WHICH_PHONE}"


def why(
    level: Level,
    listed: Sequence[tuple[Target, Indicator]],
    asking: Sequence[Target],
    hint: str,
    *,
    optional: bool,
) -> str:
    several = len(asking) > 1
    about = "" if several else f"（{asking[0].label}）"
    lines = [f"您选择了“{level.label}”。{hint or '请说明原因，我们据此核实处理。'}"]
    if listed:
        lines.append(f"请回复序号{about}，可以多选，如“1 2”，也可以直接写明原因：")
    else:
        lines.append(f"请直接写明原因{about}：")
    last = None
    for place, (target, indicator) in _numbered(listed):
        if several and target is not last:
            lines.append(f"【{target.label}】")
            last = target
        lines.append(f"{place} {indicator.text}")
    if optional:
        lines.append(SKIP)
    return "\n".join(lines)


def other(target: Target) -> str:
    return f"您选择了“其他”（{target.label}），请写明具体情况。"


def sure(level: Level) -> str:
    return f"您说的是“{level.label}”，对吗？回复“是”确认，或直接回复{LEVELS}。"


def sure_heard(words: str, level: Level) -> str:
    return f"听到您说“{words}”。{sure(level)}"


def not_level(subject: str) -> str:
    return f"请先回复{LEVELS}，评价“{subject}”；数字后可以写明原因。回复“取消”不评价。"


def thanks(
    subject: str,
    level: Level,
    receipt: str,
    order: int | None,
    until: datetime | None,
    *,
    why: str = "",
    heard: str = "",
) -> str:
    """`why`: the reasons given; `heard`: what was understood of a voice message."""
    lines = [f"听到您说：“{heard}”。"] if heard else []
    lines.append(f"您对“{subject}”的评价“{level.label}”已收到，谢谢。")
    if why:
        lines.append(f"您写的是：{_cut(why)}")
    if order is not None:
        lines.append(f"您反映的情况已转交处理（差评工单{order}号），回复“查询”查看办理情况。")
    lines.append(f"评价回执：{receipt}")
    if until is not None:
        lines.append(f"情况有变化的，{spoken(until)}前可以追加评价一次，请回复“追评”。")
    return "\n".join(lines)


def already(message: str, *, may_add: bool) -> str:
    return f"{message}回复“追评”可以补充。" if may_add else message


def rated(*, may_add: bool, others: bool) -> str:
    words = already("这次服务您已经评价过了。", may_add=may_add)
    return f"{words}评价其他办件请回复“评价”。" if others else words


def by_page(message: str, link: str) -> str:
    return f"{message}请打开页面填写：{link}"


def looked(
    place: int,
    at: datetime,
    subject: str,
    level: Level,
    order: str | None,
    receipt: str,
    until: datetime | None,
) -> str:
    lines = [f"{place} {spoken(at)}评价“{subject}”：{level.label}"]
    if order is not None:
        lines.append(f"差评工单{order}")
    lines.append(f"回执：{receipt}")
    if until is not None:
        lines.append(f"{spoken(until)}前可以追评")
    return "\n".join(lines)


def unfinished(level: Level) -> str:
    """For staff: what somebody began to say and did not end."""
    return f"（评价没有完成：选择了“{level.label}”，没有说明原因或确认）"


def _cut(words: str) -> str:
    return words if len(words) <= ECHOED else f"{words[:ECHOED]}……"


def _numbered(each: Sequence[tuple[object, object]]) -> list[tuple[int, tuple[Any, Any]]]:
    return list(enumerate(each, 1))
