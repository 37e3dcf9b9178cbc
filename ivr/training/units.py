"""Words as syllables and as the units of sound that are modelled: 声母 and 韵母, without tone."""

from __future__ import annotations

from functools import cache
from typing import Final

from pypinyin import Style, lazy_pinyin, pinyin_dict
from pypinyin.contrib.tone_convert import to_finals, to_initials, to_normal, to_tone3

SILENCE: Final = "sil"

_READ: Final = {"得": "de5", "长": "chang2", "重": "chong2", "嗯": "en5"}
"""As words by themselves; the dictionary's first reading is another."""


@cache
def syllables(word: str) -> tuple[str, ...]:
    """With the number of the tone: man3 yi4. What is written so already stays."""
    if word.isascii():
        return (word,)
    if word in _READ:
        return (_READ[word],)
    return tuple(
        lazy_pinyin(
            word, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=True, errors=_unread
        )
    )


def _unread(word: str) -> str:
    raise ValueError(f"no reading for {word}")


@cache
def units(syllable: str) -> tuple[str, ...]:
    """Two or one: man3 is m, an; e4 is e."""
    initial = to_initials(syllable, strict=True)
    final = to_finals(syllable, strict=True, v_to_u=False)
    if final == "i" and initial in _BUZZED:
        final = _BUZZED[initial]
    return (initial, final) if initial else (final,)


_BUZZED: Final = dict.fromkeys(("z", "c", "s"), "i-dental") | dict.fromkeys(
    ("zh", "ch", "sh", "r"), "i-retroflex"
)
"""The vowels of si and shi, each unlike that of xi."""

SYLLABLES: Final = tuple(
    sorted(
        {
            to_tone3(read, neutral_tone_with_five=True)
            for each in pinyin_dict.pinyin_dict.values()
            for read in each.split(",")
            # Not hm and ng, the grunts, nor ê.
            if to_finals(read, strict=True) and to_normal(read).isascii()
        }
    )
)
"""Every one of the language."""

UNITS: Final = (SILENCE, *sorted({unit for each in SYLLABLES for unit in units(each)}))


def states(unit: str) -> int:
    """How many parts of a unit, one after the other, are told apart."""
    if unit == SILENCE:
        return 1
    return 3 if set(unit) & set("aeiouv") else 2
