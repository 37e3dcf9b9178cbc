"""What a template's field takes, by its name: `thing1` takes a thing, `time2` a time.

Source: “订阅消息参数值内容限制说明” in “发送订阅消息” and “发送订阅通知”,
developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg.html
"""

from __future__ import annotations

import re
from typing import Final

from bot.wechat.errors import Unfit
from models.texts import harmless

_CUT: Final = {"thing": 20, "short_thing": 5}
"""Characters. What is longer is cut: half a sentence is still understood."""

_CLOCK: Final = r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_DAY: Final = (
    r"([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}年[0-9]{1,2}月|[0-9]{1,2}月[0-9]{1,2}日"
    r"|[0-9]{4}([-/.][0-9]{1,2}){1,2}|[0-9]{1,2}[-/.][0-9]{1,2})"
)
_TIME: Final = rf"({_DAY} ?)?{_CLOCK}"
_DATE: Final = rf"{_DAY}( ?{_CLOCK})?"
_HAN: Final = r"[\u3400-\u9fff\U00020000-\U000323af]"

_WHOLE: Final = {
    "number": r"(?=.{1,32}$)-?[0-9]+(\.[0-9]+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": rf"(?:(?!{_HAN})[^A-Za-z0-9\s]){{1,5}}",
    "character_string": r"[!-~ ]{1,32}",
    "time": rf"{_TIME}( ?~ ?{_TIME})?",
    "date": rf"{_DATE}( ?~ ?{_DATE})?",
    "amount": r"[¥￥$€£]?[0-9]{1,10}(\.[0-9]+)?元?",
    "phone_number": r"[0-9+() -]{1,17}",
    "car_number": rf"(?=.{{1,8}}$)({_HAN}|[A-Za-z0-9])[A-Za-z0-9]*({_HAN})?",
    "name": rf"(?=.*{_HAN}).{{1,10}}|(?!.*{_HAN}).{{1,20}}",
    "phrase": rf"{_HAN}{{1,5}}",
    "const": r".{1,20}",
}
"""What is not whole would be wrong: a number, a date, a name."""

_MIDNIGHT: Final = re.compile(r"24:00(:00)?$")


def fitted(name: str, text: str) -> str:
    """The text as the field `name` takes it, in one line. Raises Unfit for what it does not take
    and cannot be cut, and for an empty text."""
    kind, line = name.rstrip("0123456789"), " ".join(harmless(text).split())
    if kind in ("time", "date"):
        # The platform knows no 24:00, as deadlines have it.
        line = _MIDNIGHT.sub("23:59", line)
    if not line:
        raise Unfit(None, f"模板字段 {name} 没有内容")
    if kind in _WHOLE:
        if not re.fullmatch(_WHOLE[kind], line):
            raise Unfit(None, f"内容不合模板字段 {name} 的规则")
        return line
    longest = _CUT.get(kind, _CUT["thing"])
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
