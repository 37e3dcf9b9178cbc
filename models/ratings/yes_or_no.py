"""What a person says to a question of yes or no, written or spoken. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final


def yes_or_no(text: str) -> bool | None:
    """None: neither, or both. Takes any text."""
    levelled = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"[\W_]+", "", levelled)
    if _NO.fullmatch(plain):
        return False
    return True if _YES.fullmatch(plain) else None


# As often as they like: 对对对, 嗯是的, 不是不对.
_YES: Final = re.compile(
    r"(?:(?:是|对|好|嗯|行|没错|没问题|可以|正确|确认|确定|就是|yes|ok|y)[的啊呀了吧哦呢嘛]?)+"
)
_NO: Final = re.compile(
    r"(?:(?:不是|不对|不正确|不确认|不确定|没有|不用|取消|错|否|不|no|n)[的啊呀了吧哦呢嘛]?)+"
)
