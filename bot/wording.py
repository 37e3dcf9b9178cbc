"""What messages say. Chinese, plain, polite; to staff never who rated (DESIGN §7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.calendar.beijing import spoken
from models.words import Target


def invitation(subject: str, agency: str, link: str) -> str:
    return f"【政务服务好差评】您在{agency}办理的“{subject}”，请您评价：{link} 感谢您的参与。"


def complaint(
    order: int, level: str, subject: str, said: str, due: tuple[datetime, bool] | None
) -> str:
    """`due`: the first day on which something is due, and whether it is provisional."""
    lines = [f"差评工单 {order}", f"评价：{level}", f"对象：{subject}", f"内容：{said}"]
    if due is not None:
        moment, provisional = due
        mark = "（暂推，待放假通知公布后确定）" if provisional else ""
        lines.append(f"最近时限：{spoken(moment)}{mark}")
    return "\n".join(lines)


def complaint_copy(order: int, level: str, subject: str, said: str) -> str:
    return f"抄送：差评工单 {order}\n评价：{level}\n对象：{subject}\n内容：{said}"


def said(reasons: Mapping[str, Mapping[str, Any]], texts: Mapping[str, str]) -> str:
    """`texts`: the indicators' words by code."""
    parts = []
    for target, reason in reasons.items():
        chosen = [texts.get(code, code) for code in reason.get("indicators", ())]
        words = [reason["words"]] if reason.get("words") else []
        parts.append(f"{Target(target).label}——{'；'.join(chosen + words)}")
    return "。".join(parts) or "未填写"
