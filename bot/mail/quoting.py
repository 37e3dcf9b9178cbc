"""What somebody wrote themselves, without the mail that they answered and their program's greeting.

A library for this would take “谢谢，” and “注意：” for the end of what was said, and does not know
the marks of Chinese programs: those below are left by QQ邮箱, 163, Foxmail, Outlook, Gmail and
iPhones.
"""

from __future__ import annotations

import re
from typing import Final

_RULE: Final = r"[-_—=~*]{2,}"
_HISTORY: Final = (
    # QQ邮箱, 163, Outlook
    rf"({_RULE})?\s*(原始邮件|邮件原件|原邮件|回复的?原邮件|回复的邮件)\s*({_RULE})?",
    rf"{_RULE}\s*(Original Message|Original|Replied Message)\s*{_RULE}",
    # 163, iPhone: 在 …，某某 写道：; Gmail: 某某 于…写道：
    r".{0,150}\d{4}\s?[-年/.].{1,60}\d:\d{2}.{0,150}(写道|寫道)\s*[：:]",
    r"(On|At)\s.{4,200}\swrote:",
)
_YEAR: Final = re.compile(r"\d{4}\s?[-年/.]|\b(On|At)\s")
_HEADER: Final = re.compile(
    r"[*\s]*(发件人|寄件人|寄件者|From|发送时间|发件时间|发送日期|日期|时间|Sent|Date|收件人|To|抄送|Cc|主题|Subject)"
    r"[*\s]*[：:].*",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"[*\s]*(发件人|寄件人|寄件者|From)[*\s]*[：:].*", re.IGNORECASE)
_GREETING: Final = re.compile(
    r"(发自|來自|来自|寄自)\s*(我的\s?\S|QQ|网易|新浪|Foxmail|Windows|Outlook|钉钉|企业微信|飞书).{0,30}"
    r"|(从|通过)\s*(我的|Windows|Outlook|QQ|网易|Samsung).{0,30}(发送|发出)"
    r"|Sent from .{1,40}|(Get|获取|下载) Outlook for .{1,20}",
    re.IGNORECASE,
)
_MARK: Final = re.compile("|".join(f"(?:{each})" for each in _HISTORY))
_LONGEST: Final = 400
"""No mark is longer: nothing is searched for ever."""


def own_words(text: str, *, answering: bool) -> str:
    """`answering`: the mail answers another one. In any other the same marks stand for something
    that is passed on, and belongs to what is said."""
    lines = text.split("\n")
    if answering:
        lines = [line for line in _before_history(lines) if not line.lstrip().startswith(">")]
    kept = [line.rstrip() for line in _before_signature(lines) if not _is_greeting(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _before_history(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        # Long attributions are wrapped: the line and the next are looked at as one, too.
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        if _is_mark(line.strip(), following):
            return lines[:number]
    return lines


def _is_mark(line: str, following: str) -> bool:
    if _FROM.fullmatch(line):
        # One such line may be part of what is said; a second makes it the head of a mail.
        return bool(_HEADER.fullmatch(following))
    if _opens(line):
        return True
    return bool(_YEAR.search(line)) and not _opens(following) and _opens(f"{line} {following}")


def _opens(line: str) -> bool:
    return len(line) <= _LONGEST and bool(_MARK.fullmatch(line.lstrip("> ")))


def _before_signature(lines: list[str]) -> list[str]:
    """RFC 3676, 4.3: two hyphens and a space."""
    return lines[: lines.index("-- ")] if "-- " in lines else lines


def _is_greeting(line: str) -> bool:
    return len(line) <= _LONGEST and bool(_GREETING.fullmatch(line.strip()))
