"""What a caller says, as sound."""

from __future__ import annotations

import re
from typing import Final

from ivr.prompts import Language, Prompt, Prompts
from ivr.prompts.texts import Wording
from models.words import Level


class CannotSpeak(Exception):
    """In Chinese: what is missing."""


def spoken(text: str, prompts: Prompts) -> bytes:
    """The five levels as they are recorded, anything else by espeak-ng. Raises CannotSpeak."""
    for level in Level:
        if text == level.label:
            return prompts.pcm(Language.MANDARIN, Prompt(f"level-{level.value}"))
    if _STRANGE.search(text) or not (clauses := _CLAUSE.findall(text)):
        raise CannotSpeak(f"只能说汉字和标点，不能说“{text}”")
    levels = "、".join(level.label for level in Level)
    try:
        # Of the extra `training`.
        from ivr.training.units import syllables  # noqa: PLC0415
    except ImportError:
        raise CannotSpeak(
            f"没有安装 pypinyin，只能说：{levels}；"
            "说别的请先运行 pip install 'haochaping[training]'"
        ) from None
    from ivr.prompts.rendering import spoken as rendered  # noqa: PLC0415

    reading = ", ".join(" ".join(syllables(clause)) for clause in clauses)
    try:
        return rendered(Language.MANDARIN, Wording(text, reading))
    except FileNotFoundError:
        raise CannotSpeak(
            f"没有安装 espeak-ng，只能说：{levels}；说别的请先安装它（apt install espeak-ng）"
        ) from None


_CLAUSE: Final = re.compile(r"[\u4e00-\u9fff]+")
_STRANGE: Final = re.compile(r"[^\u4e00-\u9fff\s，。、！？；：,.!?;:]")
