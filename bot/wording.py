"""What messages say. Chinese, plain, polite; to staff never who rated (DESIGN §7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from models.calendar.beijing import spoken
from models.words import Level

THANKS_TITLE = "您的评价已收到"
WHY_TITLE = "请补充您的评价"
HELP_TITLE = "怎样评价"
CODE_TITLE = "验证码"
ANSWER_TITLE = "回复"


def invitation_title(subject: str) -> str:
    return f"请您评价：{subject}"


def reminder_title(subject: str) -> str:
    return f"您还可以评价：{subject}"


def asking(
    subject: str,
    agency: str,
    link: str,
    *,
    reminding: bool,
    default: tuple[datetime, Level] | None,
    answerable: bool,
) -> str:
    """`default`: what silence will count as, and from when."""
    still = "还没有评价" if reminding else ""
    lines = [f"您在{agency}办理的“{subject}”{still}，请您评价：{link} "]
    if answerable:
        lines.append("也可直接回复1至5评价（5非常满意，1非常不满意）。")
    if default is not None:
        due, level = default
        lines.append(f"{spoken(due)}前未评价的，系统按规定默认为“{level.label}”。")
    lines.append("回复TD不再接收。" if answerable else "感谢您的参与。")
    return "".join(lines)


def asking_note(default: tuple[datetime, Level] | None) -> str:
    """The same in the 20 characters that a template's `thing` holds."""
    return f"逾期默认为“{default[1].label}”" if default else "请您对这次服务作出评价"


def thanks(
    level: str,
    order: int | None,
    receipt: str,
    again: tuple[datetime, str] | None,
    *,
    proxy: bool = False,
) -> str:
    """`again`: until when 追加评价 is possible, and its link. `proxy`: keyed in by staff."""
    lines = [f"您的评价“{level}”已收到，谢谢。"]
    if proxy:
        lines = [
            f"工作人员已根据您的书面或电话评价代为录入“{level}”。",
            "如果这不是您的意见，请回复说明。",
        ]
    if order is not None:
        lines.append(f"您反映的情况已转交处理（差评工单{order}号）。")
    lines.append(f"评价回执：{receipt} ")
    if again is not None:
        until, link = again
        lines.append(f"情况有变化的，{spoken(until)}前可以追加评价一次：{link} ")
    return "".join(lines).strip()


def thanks_note(order: int | None, *, again: bool) -> str:
    """At most 20 characters, whatever the order's number."""
    if order is not None:
        return f"已转交处理，工单{order}号"
    return "情况有变化的，可追加评价一次" if again else "感谢您的参与"


def bind_code(code: str, until: timedelta) -> str:
    minutes = until // timedelta(minutes=1)
    what_for = "用于绑定手机号查看待评价的办件"
    return f"您的验证码是{code}，{minutes}分钟内有效，{what_for}。如非本人操作请忽略。"


def why(level: str, link: str) -> str:
    how = "请直接回复原因（例如：等候时间长），我们据此核实处理；也可以打开链接填写"
    return f"您选择了“{level}”。{how}：{link}"


def by_link(link: str) -> str:
    what = "姓名，或对服务人员和服务事项分别说明"
    return f"这次评价还需要补充（{what}），请打开链接填写：{link}"


def how(subject: str, link: str) -> str:
    return (
        f"评价“{subject}”：回复数字5非常满意、4满意、3基本满意、2不满意、1非常不满意，后面可写原因；"
        f"评价后情况有变化的，回复“追评”加数字和内容；回复TD不再接收。也可以打开链接：{link}"
    )


BULLETIN = "现将上月政务服务“好差评”情况通报如下。系统默认不是评价人作出的评价，单独列出。"

NOTHING_TO_TELL = "上月没有评价。"


def bulletin_title(agency: str, month: date) -> str:
    return f"{agency}{month.year}年{month.month}月政务服务“好差评”情况通报"
